// What waits, by its kind: how it is known, what a decision is bound to, what a change would alter.
import { expect, it } from 'vitest';
import type { Entry } from '../src/api/client';
import {
  dateOf,
  differencesOf,
  itemOf,
  keyOf,
  propertyOf,
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
  category: 'supplies',
  party: null,
  version: 3,
} as Entry;
const change: ChangeRequest = {
  entryId: 'e1',
  propertyId: 'p1',
  kind: 'expense',
  change: 'update',
  version: 4,
  reason: 'Mistyped',
  requestedBy: 'u1',
  requestedAt: '2026-03-03T10:00:00.000Z',
  after: { businessDate: '2026-03-01', amountMinor: 550, category: 'supplies', party: '' },
};
const asked: InboxItem = { ...itemOf(entry), type: 'change', change };

it('tells an entry from a change of it', () => {
  expect(keyOf(itemOf(entry))).not.toBe(keyOf(asked));
  expect([versionOf(itemOf(entry)), versionOf(asked)]).toEqual([3, 4]);
  expect(propertyOf(asked)).toBe('p1');
  expect([dateOf(itemOf(entry)), dateOf(asked)]).toEqual(['2026-03-02', '2026-03-01']);
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
  const item: InboxItem = { ...itemOf(entry), type: 'variance', entry: null, variance };
  expect([keyOf(item), versionOf(item), dateOf(item)]).toEqual([
    'variance p1 2026-03-02',
    2,
    '2026-03-02',
  ]);
});
