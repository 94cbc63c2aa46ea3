// Whether one may add at a property today, or whose undecided entries of earlier days come first.
import { createQuery } from '@tanstack/svelte-query';
import { randomKey, request } from '../api/client';
import { api } from '../api/features';
import { client } from './books.svelte';
import type { DateText } from './dates';

interface Person {
  userId: string;
  name: string | null;
}

export interface Gate {
  propertyId: string;
  propertyName: string;
  today: DateText;
  enabled: boolean;
  mayAdd: boolean;
  reason: 'gate_closed' | 'property_inactive' | 'forbidden' | null;
  undecided: number;
  oldestDate: DateText | null;
  approved: boolean;
  canLift: Person[];
  people: (Person & { undecided: number; oldestDate: DateText; approved: boolean })[];
}

export const useGate = () =>
  createQuery(() => ({
    queryKey: ['gate'],
    enabled: api.gate,
    queryFn: async ({ signal }) =>
      (await request<{ data: Gate[] }>('GET', '/v1/finance/gate', { signal })).data,
  }));

export const isShut = (gate: Gate): boolean => !gate.mayAdd && gate.reason === 'gate_closed';

export async function letAddToday(userId: string, propertyId: string): Promise<void> {
  const options = { body: { userId, propertyId }, idempotencyKey: randomKey() };
  await request('POST', '/v1/finance/daily-approvals', options);
  await client.invalidateQueries({ queryKey: ['gate'] });
}
