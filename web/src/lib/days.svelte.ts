// Closing a day: what is open, the count, and what a close says about it.
import { createQuery } from '@tanstack/svelte-query';
import { Problem, get, randomKey, request, type Schemas } from '../api/client';
import { refreshBooks } from './books.svelte';
import { decimals } from './money';
import type { DateText } from './dates';

export type PropertyDays = Schemas['DayList']['data'][number];
export type DayState = PropertyDays['days'][number];
export type Closing = Schemas['Closing'];

export const useDays = () =>
  createQuery(() => ({
    queryKey: ['days', 'open'],
    queryFn: async ({ signal }) => (await get('/v1/finance/days', {}, signal)).data,
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

async function change(
  verb: string,
  propertyId: string,
  date: DateText,
  body: unknown,
  from: DateText,
) {
  const path = `/v1/finance/days/${propertyId}/${date}/${verb}`;
  const changed = await request<Schemas['ChangedDays']>('POST', path, { body, idempotencyKey: randomKey() });
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
