// Who is signed in here: a person with a cookie, or the holder of an API token.
//
// A token stays in this tab only, unless the person asks for it to be remembered on this device.
import { finishHeld } from './held';
import { hasPreferences, loadMessages, savePreferences, type Theme } from './preferences.svelte';
import { Problem, request, useBearer, whenUnauthenticated, type Schemas } from '../api/client';

export type Me = Schemas['Me'];
export type Role = Me['user']['role'];

type State = 'starting' | 'out' | 'in' | 'expired';

const kToken = 'daybook.token';
// Scripts cannot see the cookie of a session; this says that there is one to be tried.
const kHasSession = 'daybook.session';

export const session = $state<{ state: State; me: Me | null; offline: boolean }>({
  state: 'starting',
  me: null,
  offline: false,
});

function keptToken(): string | null {
  return sessionStorage.getItem(kToken) ?? localStorage.getItem(kToken);
}

async function load(token: string | null, who: 'sameAccount' | 'another'): Promise<Me> {
  useBearer(token, who);
  return request<Me>('GET', '/v1/me');
}

// Whether there is anything to try; the server says whether it holds.
export const mayBeIn = (): boolean =>
  keptToken() !== null || localStorage.getItem(kHasSession) !== null;

export async function startSession(): Promise<void> {
  const token = keptToken();
  if (!mayBeIn()) {
    session.state = 'out';
    return;
  }
  try {
    session.me = await load(token, 'sameAccount');
    session.state = 'in';
  } catch (failure) {
    session.offline = failure instanceof Problem && failure.status === 0;
    session.state = 'out';
  }
}

export async function signInWithToken(token: string, remember: boolean): Promise<void> {
  session.me = await load(token, 'another');
  forgetToken();
  (remember ? localStorage : sessionStorage).setItem(kToken, token);
  session.state = 'in';
}

export type Account = Schemas['Accounts']['accounts'][number];

// Signed in by a cookie from here on: by password, by the setup link, or by an invitation. One
// address and password may open several accounts: then nobody is in, and one of them is to be named.
export async function signInBy(path: string, body: Record<string, unknown>): Promise<Account[]> {
  useBearer(null, 'another');
  forgetToken();
  const answer = await request<Me | Schemas['Accounts']>('POST', path, { body });
  if ('accounts' in answer) return answer.accounts;
  session.me = answer;
  localStorage.setItem(kHasSession, '1');
  await likeAt(session.me.user);
  session.state = 'in';
  return [];
}

// A browser in which nobody has chosen a look yet takes the person's own.
async function likeAt({ language, theme }: Me['user']): Promise<void> {
  if (hasPreferences()) return;
  const known = (['en', 'pt'] as const).find((each) => language?.startsWith(each));
  savePreferences({ theme: theme ?? 'system', language: known ?? null });
  await loadMessages();
}

// What is chosen here goes with the person to their other browsers.
export function keepWithPerson(changes: { language?: string; theme?: Theme }): void {
  if (session.me?.via !== 'console') return;
  request('PATCH', '/v1/me', { body: changes }).catch(() => undefined);
}

function forgetToken(): void {
  sessionStorage.removeItem(kToken);
  localStorage.removeItem(kToken);
}

export async function signOut(): Promise<void> {
  await finishHeld();
  if (session.me?.via === 'console') await request('POST', '/v1/auth/sign-out', { body: {} });
  forgetToken();
  localStorage.removeItem(kHasSession);
  useBearer(null, 'another');
  session.me = null;
  session.state = 'out';
}

whenUnauthenticated(() => {
  if (session.state !== 'in') return;
  forgetToken();
  session.state = 'expired';
});

export const may = {
  write: () => session.me !== null && session.me.user.role !== 'auditor',
  decide: () => session.me?.user.role === 'owner' || session.me?.user.role === 'admin',
  own: () => session.me?.user.role === 'owner',
};

// Whose drafts and queue these are: they stay with the person, also over signing out. Each token is
// a person of its own here, for it may do less than the one who made it.
export const personKey = (): string => {
  if (!session.me) return 'nobody';
  return session.me.via === 'console' ? session.me.user.id : session.me.via;
};
