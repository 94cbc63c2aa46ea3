// Whether one may add at a property today, or whose undecided entries of earlier days come first.
import { createQuery } from '@tanstack/svelte-query';
import { get, randomKey, request, type Schemas } from '../api/client';
import { client } from './books.svelte';

export type Gate = Schemas['Gate'];

export const useGate = () =>
  createQuery(() => ({
    queryKey: ['gate'],
    queryFn: async ({ signal }) => (await get('/v1/finance/gate', {}, signal)).data,
  }));

export const isShut = (gate: Gate): boolean => !gate.mayAdd && gate.reason === 'gate_closed';

export async function letAddToday(userId: string, propertyId: string): Promise<void> {
  const options = { body: { userId, propertyId }, idempotencyKey: randomKey() };
  await request('POST', '/v1/finance/daily-approvals', options);
  await client.invalidateQueries({ queryKey: ['gate'] });
}
