// Decisions on several entries at once, each bound to the version that was shown.
import { randomKey, request, type Entry, type Schemas } from '../api/client';
import { refreshBooks } from './books.svelte';
import { t, tn } from './preferences.svelte';
import { toast } from './toasts.svelte';

export type Verdict = 'approve' | 'reject';

// Changes and variances wait there, too.
export type WaitingEntry = Schemas['Inbox']['data'][number] & { entry: Entry };
export function entriesOf(inbox: Schemas['Inbox'] | undefined): WaitingEntry[] | undefined {
  return inbox?.data.filter(
    (each): each is WaitingEntry => each.type === 'entry' && each.entry !== null,
  );
}

export interface Refused {
  entry: Entry;
  title: string;
}

export async function decideAll(
  entries: Entry[],
  decision: Verdict,
  reason: string,
): Promise<Refused[]> {
  const decisions = entries.map(({ id, version }) => ({
    id,
    version,
    decision,
    reason: reason || undefined,
  }));
  const { results } = await request<Schemas['Results']>('POST', '/v1/finance/approvals', {
    body: { decisions },
    idempotencyKey: randomKey(),
  });
  for (const propertyId of new Set(entries.map((each) => each.propertyId))) {
    const dates = entries
      .filter((each) => each.propertyId === propertyId)
      .map((each) => each.businessDate);
    refreshBooks(propertyId, dates.sort()[0] ?? null);
  }
  const refused = results.flatMap((result) =>
    result.code ? [{ entry: entries[result.index]!, title: result.title ?? result.code }] : [],
  );
  const done = entries.length - refused.length;
  if (done > 0) toast(decision === 'approve' ? tn('approved', done) : tn('sent_back', done));
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
