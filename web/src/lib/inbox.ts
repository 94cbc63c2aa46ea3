// What waits for a decision: entries, changes of entries that count already, and variances that
// somebody else should see.
import type { Entry, Schemas } from '../api/client';

export type ChangeRequest = Schemas['ChangeRequest'];
export type Inbox = Schemas['Inbox'];
export type InboxItem = Inbox['data'][number];
// Of one currency, by kind; null where a sum is too large to be told.
export interface KindSums {
  currency: string;
  expenseMinor: number | null;
  revenueMinor: number | null;
  transferMinor: number | null;
}

export const kInboxPage = 100;

export const itemOf = (entry: Entry): InboxItem => ({
  type: 'entry',
  since: entry.createdAt,
  ageSeconds: 0,
  mayDecide: true,
  entry,
  change: null,
  variance: null,
});

export const keyOf = ({ type, entry, change, variance }: InboxItem): string =>
  type === 'variance'
    ? `variance ${variance?.propertyId} ${variance?.date}`
    : `${type} ${entry?.id ?? change?.entryId}`;

// What a decision is bound to.
export const versionOf = ({ entry, change, variance }: InboxItem): number =>
  change?.version ?? entry?.version ?? variance?.revision ?? 0;

export const propertyOf = ({ entry, change, variance }: InboxItem): string =>
  entry?.propertyId ?? change?.propertyId ?? variance?.propertyId ?? '';

// The earliest day that reads differently after it; null where that is not known.
export const dateOf = ({ entry, change, variance }: InboxItem): string | null =>
  [entry?.businessDate, change?.after?.businessDate, variance?.date]
    .filter((each): each is string => typeof each === 'string')
    .sort()[0] ?? null;

// Everything that waits, of all kinds.
export const countOf = (totals: { count: number; changes: number; variances: number }[]): number =>
  totals.reduce((sum, { count, changes, variances }) => sum + count + changes + variances, 0);

// Whether an item that was shown and is not among those read last has been decided: one that comes
// after the last of them may merely not have been read again.
export function isDecided(item: InboxItem, read: InboxItem[], isComplete: boolean): boolean {
  const placeOf = ({ since, entry }: InboxItem): string => `${since} ${entry?.id ?? ''}`;
  const last = read.at(-1);
  return isComplete || (last !== undefined && placeOf(item) < placeOf(last));
}

// The same sums as the API has them: a reversal takes away from its kind.
export function sumsOf(entries: Entry[]): KindSums[] {
  const sums = new Map<string, Record<Entry['kind'], number>>();
  for (const { currency, kind, amountMinor, reversal } of entries) {
    const sum = sums.get(currency) ?? { expense: 0, revenue: 0, transfer: 0 };
    sum[kind] += reversal ? -amountMinor : amountMinor;
    sums.set(currency, sum);
  }
  return [...sums].map(([currency, { expense, revenue, transfer }]) => ({
    currency,
    expenseMinor: expense,
    revenueMinor: revenue,
    transferMinor: transfer,
  }));
}

export interface Difference {
  field: string;
  before: unknown;
  after: unknown;
}

// The fields that a requested update would alter.
export function differencesOf(entry: Entry | null, change: ChangeRequest): Difference[] {
  if (!entry || !change.after) return [];
  return Object.entries(change.after)
    .map(([field, after]) => ({ field, before: entry[field as keyof Entry] ?? null, after }))
    .filter(({ before, after }) => (before || null) !== (after || null));
}
