// Entries that could not be sent: kept in this browser for the person who wrote them, and sent when
// the server answers again, in order, each once.
//
// Each carries an externalId and an Idempotency-Key from the moment it was written, so that sending
// twice adds once. A refused one says why and waits for its author; it blocks nothing behind it.
import { Problem, randomKey, request, type Entry } from '../api/client';
import { refreshBooks } from './books.svelte';
import { t } from './preferences.svelte';
import { personKey, session } from './session.svelte';
import { toast } from './toasts.svelte';

export type Kind = Entry['kind'];

export interface NewEntryBody {
  propertyId: string;
  businessDate: string;
  amountMinor: number;
  currency: string;
  externalId: string;
  [field: string]: string | number | boolean | undefined;
}

export interface Queued {
  key: string;
  kind: Kind;
  body: NewEntryBody;
  queuedAt: string;
  refusal: { code: string; detail: string; requestId: string; firstOpenDate?: string } | null;
}

const kRetryMs = 10_000;
export const queue = $state<Queued[]>([]);
let owner = '';
let isSending = false;

const storageKey = (): string => `daybook.queue.${owner}`;
const keep = (): void => localStorage.setItem(storageKey(), JSON.stringify(queue));

function loadQueue(): void {
  owner = personKey();
  let kept: Queued[] = [];
  try {
    kept = JSON.parse(localStorage.getItem(storageKey()) ?? '[]') as Queued[];
  } catch {
    kept = [];
  }
  queue.splice(0, queue.length, ...kept);
}

const pathOf = (kind: Kind): string => `/v1/finance/${kind}s`;

export const isUnreachable = (failure: unknown): boolean =>
  failure instanceof Problem &&
  (failure.status === 0 || failure.status >= 500 || failure.status === 429);

// Sends now. What cannot be sent is queued (null); a refusal is thrown.
export async function addOrQueue(kind: Kind, body: NewEntryBody): Promise<Entry | null> {
  const item: Queued = {
    key: randomKey(),
    kind,
    body,
    queuedAt: new Date().toISOString(),
    refusal: null,
  };
  try {
    return await sendOne(item);
  } catch (failure) {
    if (!isUnreachable(failure)) throw failure;
    queue.push(item);
    keep();
    return null;
  }
}

async function sendOne(item: Queued): Promise<Entry> {
  const added = await request<Entry | { data: Entry[] }>('POST', pathOf(item.kind), {
    body: item.body,
    idempotencyKey: item.key,
  });
  refreshBooks(item.body.propertyId, item.body.businessDate);
  return 'data' in added ? added.data[0]! : added;
}

function refuse(item: Queued, problem: Problem): void {
  item.refusal = {
    code: problem.code,
    detail: [problem.message, ...problem.errors.map((each) => each.detail)].join(' '),
    requestId: problem.requestId,
    firstOpenDate: problem.facts['firstOpenDate'] as string | undefined,
  };
}

export async function sendQueue(): Promise<void> {
  if (isSending || session.state !== 'in') return;
  isSending = true;
  let sent = 0;
  try {
    for (const item of queue.filter((each) => each.refusal === null)) {
      try {
        await sendOne(item);
        sent += 1;
        drop(item.key);
      } catch (failure) {
        if (!(failure instanceof Problem) || isUnreachable(failure) || failure.status === 401)
          break;
        if (failure.code === 'duplicate') drop(item.key);
        else refuse(item, failure);
      }
    }
    keep();
    if (sent > 0) toast(t('queue_sent'));
  } finally {
    isSending = false;
  }
}

export function drop(key: string): void {
  const index = queue.findIndex((each) => each.key === key);
  if (index >= 0) queue.splice(index, 1);
  keep();
}

export function sendAgain(item: Queued, businessDate: string): void {
  item.body.businessDate = businessDate;
  item.key = randomKey();
  item.refusal = null;
  keep();
  void sendQueue();
}

// While somebody is signed in: looks again whenever the network or the person comes back.
export function startQueue(): () => void {
  loadQueue();
  const tick = (): void => void (queue.length > 0 && sendQueue());
  const timer = setInterval(tick, kRetryMs);
  // Another tab may have sent, or queued, something.
  const onStorage = (event: StorageEvent): void => {
    if (event.key === storageKey()) loadQueue();
  };
  addEventListener('online', tick);
  addEventListener('storage', onStorage);
  tick();
  return () => {
    clearInterval(timer);
    removeEventListener('online', tick);
    removeEventListener('storage', onStorage);
  };
}
