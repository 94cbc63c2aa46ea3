// What waits, by its kind: how it is known, what a decision is bound to, what a change would alter.
import { expect, it } from 'vitest';
import type { Entry } from '../src/api/client';
import {
  dateOf,
  differencesOf,
  isDecided,
  itemOf,
  keyOf,
  propertyOf,
  sumsOf,
  versionOf,
  type ChangeRequest,
  type InboxItem,
} from '../src/lib/inbox';

const entry = {
  id: 'e1',
  propertyId: 'p1',
  kind: 'expense',
  businessDate: '2026-03-02',
  amountMinor: 500,
  currency: 'EUR',
  category: 'supplies',
  party: null,
  version: 3,
  createdAt: '2026-03-02T09:00:00.000Z',
} as Entry;
const change: ChangeRequest = {
  entryId: 'e1',
  propertyId: 'p1',
  kind: 'expense',
  change: 'update',
  toPropertyId: null,
  version: 4,
  reason: 'Mistyped',
  requestedBy: 'u1',
  requestedAt: '2026-03-03T10:00:00.000Z',
  after: {
    businessDate: '2026-03-01',
    amountMinor: 550,
    category: 'supplies',
    party: '',
  } as ChangeRequest['after'],
};
const entryItem = itemOf(entry);
const asked: InboxItem = { ...entryItem, type: 'change', change };

it('tells an entry from a change of it', () => {
  expect(keyOf(entryItem)).not.toBe(keyOf(asked));
  expect([versionOf(entryItem), versionOf(asked)]).toEqual([3, 4]);
  expect(propertyOf(asked)).toBe('p1');
  expect([dateOf(entryItem), dateOf(asked)]).toEqual(['2026-03-02', '2026-03-01']);
});

it('names only the fields that a change would alter', () => {
  expect(differencesOf(entry, change).map((each) => each.field)).toEqual([
    'businessDate',
    'amountMinor',
  ]);
  expect(differencesOf(entry, { ...change, change: 'delete', after: null })).toEqual([]);
});

it('knows a variance by its day and binds the decision to its revision', () => {
  const variance = { propertyId: 'p1', date: '2026-03-02', revision: 2 } as InboxItem['variance'];
  const item: InboxItem = { ...entryItem, type: 'variance', entry: null, variance };
  expect([keyOf(item), versionOf(item), dateOf(item)]).toEqual([
    'variance p1 2026-03-02',
    2,
    '2026-03-02',
  ]);
});

it('calls decided only what would have been among what was read', () => {
  const at = (since: string, id: string) => ({
    ...itemOf({ ...entry, id }),
    since: `2026-03-02T${since}.000Z`,
  });
  const read = [at('09:00:00', 'b'), at('10:00:00', 'b')];
  expect(isDecided(at('08:59:59', 'x'), read, false)).toBe(true);
  expect(isDecided(at('10:00:00', 'a'), read, false)).toBe(true);
  expect(isDecided(at('10:00:00', 'c'), read, false)).toBe(false);
  expect(isDecided(at('10:00:00', 'c'), read, true)).toBe(true);
  expect([isDecided(entryItem, [], false), isDecided(entryItem, [], true)]).toEqual([false, true]);
});

it('sums by kind and currency, and takes a reversal away from its kind', () => {
  const of = (more: Partial<Entry>): Entry => ({ ...entry, ...more });
  expect(
    sumsOf([
      of({}),
      of({ amountMinor: 200, reversal: true }),
      of({ kind: 'revenue', amountMinor: 70 }),
      of({ currency: 'USD', kind: 'transfer', amountMinor: 9 }),
    ]),
  ).toEqual([
    { currency: 'EUR', expenseMinor: 300, revenueMinor: 70, transferMinor: 0 },
    { currency: 'USD', expenseMinor: 0, revenueMinor: 0, transferMinor: 9 },
  ]);
});
