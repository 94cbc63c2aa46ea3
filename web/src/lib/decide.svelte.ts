// Decisions on several entries at once, each bound to the version that was shown.
import { randomKey, request, type Entry, type Schemas } from '../api/client';
import { refreshBooks } from './books.svelte';
import { dateOf, propertyOf, versionOf, type InboxItem } from './inbox';
import { t, tn } from './preferences.svelte';
import { toast } from './toasts.svelte';

export type Verdict = 'approve' | 'reject';

export interface Refused {
  item: InboxItem;
  title: string;
}

function decisionOn(item: InboxItem, verdict: Verdict, reason: string) {
  const { type, entry, change, variance } = item;
  const bound = { version: versionOf(item), reason: reason || undefined };
  if (type === 'variance') {
    const { propertyId, date } = variance!;
    return { ...bound, type, propertyId, date, decision: 'acknowledge' };
  }
  // An entry is said so by leaving the type out, which servers without changes know, too.
  const id = entry?.id ?? change?.entryId;
  return { ...bound, type: type === 'entry' ? undefined : type, id, decision: verdict };
}

export async function decideAll(
  items: InboxItem[],
  verdict: Verdict,
  reason: string,
): Promise<Refused[]> {
  const decisions = items.map((each) => decisionOn(each, verdict, reason));
  const { results } = await request<Schemas['Results']>('POST', '/v1/finance/approvals', {
    body: { decisions },
    idempotencyKey: randomKey(),
  });
  for (const propertyId of new Set(items.map(propertyOf))) {
    const dates = items.filter((each) => propertyOf(each) === propertyId).map(dateOf);
    refreshBooks(propertyId, dates.includes(null) ? null : (dates.sort()[0] ?? null));
  }
  const refused = results.flatMap((result) =>
    result.code ? [{ item: items[result.index]!, title: result.title ?? result.code }] : [],
  );
  const done = items.length - refused.length;
  if (done > 0) toast(verdict === 'approve' ? tn('approved', done) : tn('sent_back', done));
  if (refused.length > 0) {
    const reasons = [...new Set(refused.map((each) => each.title))].join(', ');
    toast(`${tn('not_decided', refused.length)} ${reasons}`, { tone: 'bad' });
  }
  return refused;
}

export function sumsOf(entries: Entry[]): [string, number][] {
  const sums = new Map<string, number>();
  for (const each of entries) {
    sums.set(each.currency, (sums.get(each.currency) ?? 0) + each.amountMinor);
  }
  return [...sums];
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
