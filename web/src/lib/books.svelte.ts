// The questions that pages ask about the books, each with the key under which its answer is kept.
//
// Keys begin with what they depend on, so that an event refreshes what it affects and no more:
// ["report", property or null, from, to, …], ["entries", …], ["approvals"], ["events", …].
import { QueryClient, createQuery } from '@tanstack/svelte-query';
import {
  Problem,
  get,
  type DailyReport,
  type Entry,
  type PeriodReport,
  type Property,
  type SeveralReports,
} from '../api/client';
import { addDays, addMonths, businessDate, isDate, type DateText } from './dates';

export const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      networkMode: 'always',
      retry: (count, failure) =>
        count < 2 && failure instanceof Problem && (failure.status === 0 || failure.status >= 502),
    },
    mutations: { networkMode: 'always' },
  },
});

interface Asking {
  signal: AbortSignal;
}

const propertiesQuery = {
  queryKey: ['properties'],
  queryFn: async ({ signal }: Asking) => (await get('/v1/properties', undefined, signal)).data,
};
export const useProperties = () => createQuery(() => propertiesQuery);

export const useCategories = () =>
  createQuery(() => ({
    queryKey: ['categories'],
    queryFn: async ({ signal }) => (await get('/v1/finance/categories', {}, signal)).data,
  }));

export const today = (property: Property): DateText =>
  businessDate(property.timeZone, property.dayCutoff, new Date());

interface DayAsked {
  propertyId: string;
  date: DateText;
}

const dailyQuery = (asked: DayAsked | null) => ({
  queryKey: ['report', asked?.propertyId, asked?.date, asked?.date, 'daily'],
  queryFn: async ({ signal }: Asking) =>
    (await get(
      '/v1/reports/daily',
      { propertyId: [asked!.propertyId], date: asked!.date },
      signal,
    )) as DailyReport,
});
export const useDaily = (ask: () => DayAsked | null) =>
  createQuery(() => {
    const asked = ask();
    return {
      ...dailyQuery(asked),
      enabled: asked !== null,
      placeholderData: (before: DailyReport | undefined) =>
        before?.propertyId === asked?.propertyId ? before : undefined,
    };
  });

// What the page of this address will want, asked before its code is there.
export function askAhead([page, propertyId, date]: string[]): void {
  void client.prefetchQuery(propertiesQuery);
  if (page === 'day' && propertyId && date && isDate(date)) {
    void client.prefetchQuery(dailyQuery({ propertyId, date }));
  }
}

// All properties over a range of days, or several of them: one report each, and totals.
export const useRange = (ask: () => { from: DateText; to: DateText } | null) =>
  createQuery(() => {
    const asked = ask();
    return {
      queryKey: ['report', null, asked?.from, asked?.to, 'range'],
      enabled: asked !== null,
      queryFn: async ({ signal }: { signal: AbortSignal }) =>
        severalOf((await get('/v1/reports/range', asked ?? {}, signal)) as AnyPeriod),
    };
  });

type AnyPeriod = PeriodReport | SeveralReports;

// One property alone is answered without the frame of several.
export function severalOf(report: AnyPeriod): SeveralReports {
  if ('properties' in report) return report;
  const { currency, cash, bank, totals, pending, period } = report;
  return { period, properties: [report], totals: [{ currency, cash, bank, totals, pending }] };
}

export interface PeriodAsked {
  kind: 'month' | 'year' | 'fiscal';
  value: string; // "2016-03" or "2016"
  properties: string[];
}

export function boundsOf(asked: PeriodAsked): { from: DateText; to: DateText } {
  if (asked.kind === 'month') {
    const next = `${addMonths(asked.value, 1)}-01`;
    return { from: `${asked.value}-01`, to: addDays(next, -1) };
  }
  const year = Number(asked.value);
  return { from: `${year}-01-01`, to: `${asked.kind === 'fiscal' ? year + 1 : year}-12-31` };
}

export const usePeriod = (ask: () => PeriodAsked | null) =>
  createQuery(() => {
    const asked = ask();
    const bounds = asked ? boundsOf(asked) : null;
    return {
      queryKey: ['report', asked?.properties ?? [], bounds?.from, bounds?.to, asked?.kind],
      enabled: asked !== null,
      queryFn: async ({ signal }: { signal: AbortSignal }) => readPeriod(asked!, signal),
    };
  });

async function readPeriod(asked: PeriodAsked, signal: AbortSignal): Promise<SeveralReports> {
  const propertyId = asked.properties;
  if (asked.kind === 'month') {
    const [year, month] = asked.value.split('-').map(Number);
    const query = { propertyId, year, month };
    return severalOf((await get('/v1/reports/monthly', query, signal)) as AnyPeriod);
  }
  const year = Number(asked.value);
  const query = asked.kind === 'year' ? { propertyId, year } : { propertyId, fiscalYear: year };
  return severalOf((await get('/v1/reports/yearly', query, signal)) as AnyPeriod);
}

// The newest entry there is: books may have ended long ago.
export const useLatestEntry = () =>
  createQuery(() => ({
    queryKey: ['entries', 'latest'],
    queryFn: async ({ signal }): Promise<Entry | null> => {
      const { data } = await get(
        '/v1/finance/entries',
        { sort: 'businessDate', order: 'desc', limit: 1, status: ['approved'] },
        signal,
      );
      return data[0] ?? null;
    },
  }));

// What changed in the books of one property from a date on, as far as this page knows.
export function refreshBooks(propertyId: string | null, earliest: DateText | null): void {
  void client.invalidateQueries({
    predicate: ({ queryKey: [kind, subject, , to] }) => {
      if (kind === 'entries' || kind === 'approvals' || kind === 'events' || kind === 'days') {
        return true;
      }
      if (kind !== 'report') return false;
      const isAbout =
        propertyId === null ||
        subject === null ||
        subject === propertyId ||
        (Array.isArray(subject) && (subject.length === 0 || subject.includes(propertyId)));
      return isAbout && (earliest === null || typeof to !== 'string' || to >= earliest);
    },
  });
}
