// What waits for a decision: entries, changes of entries that count already, and variances that
// somebody else should see.
import { request, type Entry, type Schemas } from '../api/client';

export interface ChangeRequest {
  entryId: string;
  propertyId: string;
  kind: Entry['kind'];
  change: 'update' | 'delete' | 'return' | 'move';
  version: number; // the entry's
  reason: string;
  requestedBy: string;
  requestedAt: string;
  after: Record<string, string | number | null> | null; // of an update
}

export interface InboxItem {
  type: 'entry' | 'change' | 'variance';
  ageSeconds: number;
  mayDecide: boolean;
  entry: Entry | null;
  change: ChangeRequest | null;
  variance: Schemas['Closing'] | null;
}

export interface Inbox {
  data: InboxItem[];
  properties: { propertyId: string; propertyName: string; count: number }[];
}

type Answer = Omit<Schemas['Inbox'], 'data' | 'properties'> & {
  data: (Partial<InboxItem> & { ageSeconds: number })[];
  properties: (Inbox['properties'][number] & { changes?: number; variances?: number })[];
};

export async function readInbox(propertyId: string, signal: AbortSignal): Promise<Inbox> {
  const query = { propertyId: propertyId ? [propertyId] : undefined, limit: 200 };
  const answer = await request<Answer>('GET', '/v1/finance/approvals', { query, signal });
  return {
    data: answer.data.map(({ ageSeconds, ...each }) => ({
      type: each.type ?? 'entry',
      ageSeconds,
      mayDecide: each.mayDecide ?? true,
      entry: each.entry ?? null,
      change: each.change ?? null,
      variance: each.variance ?? null,
    })),
    properties: answer.properties.map(({ changes = 0, variances = 0, ...each }) => ({
      ...each,
      count: each.count + changes + variances,
    })),
  };
}

export const itemOf = (entry: Entry): InboxItem => ({
  type: 'entry',
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
  [entry?.businessDate, change?.after?.['businessDate'], variance?.date]
    .filter((each): each is string => typeof each === 'string')
    .sort()[0] ?? null;

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
