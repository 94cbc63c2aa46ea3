// Decisions on several things at once, each bound to the version that was shown.
import { randomKey, request, type Schemas } from '../api/client';
import { refreshBooks } from './books.svelte';
import { dateOf, propertyOf, versionOf, type InboxItem } from './inbox';
import { t, tn } from './preferences.svelte';
import { toast, toastProblem } from './toasts.svelte';

export type Verdict = 'approve' | 'reject';

export interface Decision {
  items: InboxItem[];
  verdict: Verdict;
  reason?: string;
  onFirstOpen?: boolean; // entries of closed days count on the first open one
}

function decisionOn(item: InboxItem, { verdict, reason, onFirstOpen }: Decision) {
  const { type, entry, variance } = item;
  const bound = { type, version: versionOf(item), reason: reason || undefined };
  if (type === 'variance') {
    const { propertyId, date } = variance!;
    return { ...bound, propertyId, date, decision: 'acknowledge' };
  }
  const onClosedDay = onFirstOpen && type === 'entry' ? 'firstOpenDate' : undefined;
  return { ...bound, id: entry!.id, decision: verdict, onClosedDay };
}

const bodyOf = (decision: Decision) => ({
  decisions: decision.items.map((each) => decisionOn(each, decision)),
});

// Browsers let go on without their page what is at most 64 KiB, of all that is under way together.
const kOutlivingCharactersMax = 30_000;
export const outlivesPage = (decision: Decision): boolean =>
  JSON.stringify(bodyOf(decision)).length <= kOutlivingCharactersMax;

// What was decided; the rest is told by a note.
export async function decideAll(decision: Decision, isLeaving = false): Promise<InboxItem[]> {
  const { items, verdict } = decision;
  const { results } = await request<Schemas['Results']>('POST', '/v1/finance/approvals', {
    body: bodyOf(decision),
    idempotencyKey: randomKey(),
    keepalive: isLeaving,
  });
  for (const propertyId of new Set(items.map(propertyOf))) {
    const dates = items.filter((each) => propertyOf(each) === propertyId).map(dateOf);
    refreshBooks(propertyId, dates.includes(null) ? null : (dates.sort()[0] ?? null));
  }
  const refused = results.filter((each) => each.code);
  const done = items.filter((_, i) => !refused.some(({ index }) => index === i));
  const words = verdict === 'approve' ? 'approved' : 'sent_back';
  if (done.length > 0) toast(tn(words, done.length));
  if (refused.length > 0) tellRefused(decision, refused);
  return done;
}

// What was refused for its closed day alone may count on another, if the person wants that.
function tellRefused(decision: Decision, refused: Schemas['Results']['results']): void {
  const reasons = [...new Set(refused.map((each) => each.title ?? each.code))].join(', ');
  const closed = refused
    .filter(({ code }) => code === 'day_closed' || code === 'period_locked')
    .map(({ index }) => decision.items[index]!)
    .filter(({ type }) => type === 'entry');
  const again = { ...decision, items: closed, onFirstOpen: true };
  toast(`${tn('not_decided', refused.length)} ${reasons}`, {
    tone: 'bad',
    milliseconds: 12_000,
    action:
      closed.length > 0 && !decision.onFirstOpen && decision.verdict === 'approve'
        ? {
            label: t('count_on_first_open'),
            run: () => void decideAll(again).catch(toastProblem),
          }
        : undefined,
  });
}

const kReasons = 'daybook.reasons';
const kReasonsKept = 5;

export function recentReasons(): string[] {
  try {
    return JSON.parse(localStorage.getItem(kReasons) ?? '[]') as string[];
  } catch {
    return [];
  }
}
export function keepReason(reason: string): void {
  const kept = [reason, ...recentReasons().filter((each) => each !== reason)].slice(
    0,
    kReasonsKept,
  );
  localStorage.setItem(kReasons, JSON.stringify(kept));
}

export const startReasons = (): string[] => {
  const kept = recentReasons();
  return kept.length > 0 ? kept : [t('reason_receipt'), t('reason_amount'), t('reason_category')];
};
