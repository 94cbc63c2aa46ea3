// Reads the words of the audit page's filter: type:expense_updated property:"City Hotel"
// actor:"Olga Owner" entity:<id> created:>2026-01-01 created:2026-01-01..2026-01-31 date:…
import type { Property } from '../api/client';
import { addDays, isDate } from './dates';

export interface AuditFilter {
  query: Record<string, string | string[]>;
  isEmpty: boolean;
  wrong: string | null; // the first word that means nothing
}

// Of "a..b", ">a", ">=a", "<b", "<=b" or "a": the first and last date, as far as they are named.
function rangeOf(text: string): { from?: string; to?: string } | null {
  const between = /^(.+)\.\.(.+)$/.exec(text);
  if (between) {
    const [, from = '', to = ''] = between;
    return isDate(from) && isDate(to) ? { from, to } : null;
  }
  const [, sign = '', date = ''] = /^([<>]=?)?(.+)$/.exec(text) ?? [];
  if (!isDate(date)) return null;
  if (sign === '>') return { from: addDays(date, 1) };
  if (sign === '>=') return { from: date };
  if (sign === '<') return { to: addDays(date, -1) };
  if (sign === '<=') return { to: date };
  return { from: date, to: date };
}

export interface Named {
  id: string;
  name: string;
}
const kId = /^[0-9a-f]{8}-/i;
const findNamed = (list: Named[], value: string): Named | undefined =>
  list.find((each) => each.id === value || each.name.toLowerCase() === value.toLowerCase());

function apply(
  query: AuditFilter['query'],
  name: string,
  value: string,
  properties: Property[],
  people: Named[],
): boolean {
  if (name === 'type') query['type'] = value;
  else if (name === 'actor') {
    const id = findNamed(people, value)?.id ?? (kId.test(value) ? value : undefined);
    if (!id) return false;
    query['userId'] = id;
  } else if (name === 'entity') query['entityId'] = value;
  else if (name === 'property') {
    const found = findNamed(properties, value);
    if (!found) return false;
    query['propertyId'] = [found.id];
  } else if (name === 'created' || name === 'date') {
    const range = rangeOf(value);
    if (!range) return false;
    const stem = name === 'created' ? 'recorded' : 'business';
    const end = (date: string, time: string) => (name === 'created' ? `${date}T${time}Z` : date);
    if (range.from) query[`${stem}From`] = end(range.from, '00:00:00.000');
    if (range.to) query[`${stem}To`] = end(range.to, '23:59:59.999');
  } else return false;
  return true;
}

export function parseFilter(
  typed: string,
  properties: Property[],
  people: Named[] = [],
): AuditFilter {
  const query: AuditFilter['query'] = {};
  const words = typed.match(/[^\s"]+(?:"[^"]*")?|"[^"]*"/g) ?? [];
  for (const word of words) {
    const [, name = '', value = ''] = /^(\w+):"?([^"]+)"?$/.exec(word) ?? [];
    if (!value || !apply(query, name, value, properties, people)) {
      return { query: {}, isEmpty: true, wrong: word };
    }
  }
  return { query, isEmpty: words.length === 0, wrong: null };
}
