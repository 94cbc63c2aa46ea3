// Closing a day: what is open, the count, and what a close says about it.
import { createQuery } from '@tanstack/svelte-query';
import { Problem, randomKey, request } from '../api/client';
import { api } from '../api/features';
import { refreshBooks } from './books.svelte';
import { decimals } from './money';
import type { DateText } from './dates';

export interface DayState {
  date: DateText;
  status: 'open' | 'closed' | 'reopened';
  number: number | null;
  revision: number | null;
  expectedMinor: number | null; // null to who counts blindly
  countedMinor: number | null;
  varianceMinor: number | null;
  undecided: number;
}

export interface PropertyDays {
  propertyId: string;
  propertyName: string;
  currency: string;
  today: DateText;
  closedThrough: DateText | null;
  firstOpenDate: DateText;
  lockedThrough: DateText | null;
  openDays: number;
  days: DayState[];
}

export interface Closing {
  date: DateText;
  number: number | null;
  revision: number | null;
  varianceMinor: number | null;
}

export const useDays = () =>
  createQuery(() => ({
    queryKey: ['days', 'open'],
    enabled: api.days,
    queryFn: async ({ signal }) =>
      (await request<{ data: PropertyDays[] }>('GET', '/v1/finance/days', { signal })).data,
  }));

export interface CloseAsked {
  countedMinor?: number;
  denominations?: { valueMinor: number; pieces: number }[];
  note?: string;
  acceptPending?: boolean;
  closeEarlier?: boolean;
  sealBefore?: boolean;
  acceptStale?: boolean;
}

interface ChangedDays {
  closings: Closing[];
}

async function change(
  verb: string,
  propertyId: string,
  date: DateText,
  body: unknown,
  from: DateText,
) {
  const path = `/v1/finance/days/${propertyId}/${date}/${verb}`;
  const changed = await request<ChangedDays>('POST', path, { body, idempotencyKey: randomKey() });
  refreshBooks(propertyId, from);
  return changed.closings;
}

export const closeDay = (propertyId: string, date: DateText, asked: CloseAsked, from: DateText) =>
  change('close', propertyId, date, asked, from);
export const reopenDay = (propertyId: string, date: DateText, reason: string) =>
  change('reopen', propertyId, date, { reason }, date);

// What may be agreed to after a refusal, so that the same count can be sent again.
export type Agreement = 'acceptPending' | 'closeEarlier' | 'sealBefore' | 'acceptStale';

export function agreementFor(failure: unknown): Agreement | null {
  if (!(failure instanceof Problem)) return null;
  if (failure.code === 'earlier_days_open') return 'closeEarlier';
  if (failure.code === 'undecided_entries') return 'acceptPending';
  if (failure.code === 'count_stale') return 'acceptStale';
  if (failure.code === 'too_many_days') return 'sealBefore';
  return null;
}

// Notes and coins by the steps of 1, 2 and 5 that nearly every currency has, greatest first.
export function denominationsOf(currency: string): number[] {
  const unit = 10 ** decimals(currency);
  const most = decimals(currency) === 0 ? 10_000 : 500 * unit;
  const values: number[] = [];
  for (let step = 1; step <= most; step *= 10) {
    for (const each of [step, step * 2, step * 5]) if (each <= most) values.push(each);
  }
  return values.reverse();
}
