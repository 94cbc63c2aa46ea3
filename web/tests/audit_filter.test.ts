// The words of the audit page's filter.
import { describe, expect, it } from 'vitest';
import type { Property } from '../src/api/client';
import { parseFilter } from '../src/lib/audit_filter';

const hotels = [{ id: 'p-1', name: 'City Hotel' }] as Property[];
const people = [{ id: 'u-1', name: 'Olga Owner' }];
const query = (text: string) => parseFilter(text, hotels, people).query;

describe('parseFilter', () => {
  it('reads every word', () => {
    expect(
      query('type:expense_updated actor:"olga owner" entity:e-1 property:"city hotel"'),
    ).toEqual({
      type: 'expense_updated',
      userId: 'u-1',
      entityId: 'e-1',
      propertyId: ['p-1'],
    });
  });
  it('takes the id of somebody whom it does not know by name', () => {
    const id = '01a2231e-1e25-7a57-b5fc-b124dd28820d';
    expect(query(`actor:${id}`)).toEqual({ userId: id });
  });
  it('reads dates and ranges', () => {
    expect(query('date:2016-03-01..2016-03-31')).toEqual({
      businessFrom: '2016-03-01',
      businessTo: '2016-03-31',
    });
    expect(query('created:>2026-01-01')).toEqual({ recordedFrom: '2026-01-02T00:00:00.000Z' });
    expect(query('created:<=2026-01-01')).toEqual({ recordedTo: '2026-01-01T23:59:59.999Z' });
  });
  it('names what it does not understand', () => {
    expect(parseFilter('type:x sort:asc', hotels).wrong).toBe('sort:asc');
    expect(parseFilter('property:elsewhere', hotels).wrong).toBe('property:elsewhere');
    expect(parseFilter('actor:nobody', hotels).wrong).toBe('actor:nobody');
    expect(parseFilter('date:soon', hotels).wrong).toBe('date:soon');
    expect(parseFilter('', hotels)).toEqual({ query: {}, isEmpty: true, wrong: null });
  });
});
