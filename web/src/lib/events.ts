// Reads the stored bytes of an event: what kind of thing happened, to what, and which fields changed.
import type { HistoryItem } from '../api/client';

export interface FinanceEvent {
  eventId: string;
  eventType: string;
  entityType: string;
  entityId: string;
  orgId: string;
  propertyId: string | null;
  userId: string;
  via: string;
  timestamp: string;
  position: number;
  metadata: Record<string, unknown> & {
    affectedReportDates?: string[];
    amountMinor?: number;
    currency?: string;
    businessDate?: string;
    category?: string;
    source?: string;
    number?: number;
    name?: string;
    before?: Record<string, unknown>;
    after?: Record<string, unknown>;
  };
}

export const eventOf = (item: HistoryItem): FinanceEvent => item.event as unknown as FinanceEvent;

export interface Change {
  field: string;
  before: unknown;
  after: unknown;
}

// The shown text of a sealed field ("sha256:…" in the event itself).
function shown(item: HistoryItem, path: string, value: unknown): unknown {
  const text = (item.text as Record<string, unknown>)[path];
  return text ?? value;
}

export function changesOf(item: HistoryItem): Change[] {
  const { before = {}, after = {} } = eventOf(item).metadata;
  const fields = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return fields.map((field) => ({
    field,
    before: shown(item, `before.${field}`, before[field]),
    after: shown(item, `after.${field}`, shown(item, field, after[field])),
  }));
}

export const textOf = (item: HistoryItem, field: string): string | undefined =>
  (item.text as Record<string, string | undefined>)[field];

// "expense_added" gives ["expense", "added"]: for words and colours.
export function partsOf(eventType: string): [string, string] {
  const cut = eventType.lastIndexOf('_');
  return [eventType.slice(0, cut), eventType.slice(cut + 1)];
}
