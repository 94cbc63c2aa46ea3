// What others did that concerns whoever is signed in: decisions on their entries, rights of theirs.
import { createQuery } from '@tanstack/svelte-query';
import { get, request } from '../api/client';
import { client } from './books.svelte';

const useList = (name: string, limit: number) =>
  createQuery(() => ({
    queryKey: ['notifications', name],
    queryFn: ({ signal }) => get('/v1/notifications', { limit }, signal),
  }));

export const useUnread = () => useList('count', 1);
export const useNotifications = () => useList('list', 50);

export async function markRead(through: number): Promise<void> {
  await request('POST', '/v1/notifications/read', { body: { through } });
  await client.invalidateQueries({ queryKey: ['notifications'] });
}
