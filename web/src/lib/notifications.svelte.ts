// What others did that concerns whoever is signed in: decisions on their entries, rights of theirs.
import { createQuery } from '@tanstack/svelte-query';
import { request, type HistoryItem } from '../api/client';
import { api } from '../api/features';
import { client } from './books.svelte';

export interface Notification {
  position: number;
  read: boolean;
  item: HistoryItem;
}

interface Notifications {
  data: Notification[];
  unreadCount: number;
}

const useList = (name: string, limit: number) =>
  createQuery(() => ({
    queryKey: ['notifications', name],
    enabled: api.notifications,
    queryFn: ({ signal }) =>
      request<Notifications>('GET', '/v1/notifications', { query: { limit }, signal }),
  }));

export const useUnread = () => useList('count', 1);
export const useNotifications = () => useList('list', 50);

export async function markRead(through: number): Promise<void> {
  await request('POST', '/v1/notifications/read', { body: { through } });
  await client.invalidateQueries({ queryKey: ['notifications'] });
}
