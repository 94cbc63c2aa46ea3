// What things are called: categories by key, properties by id.
import { createQuery } from '@tanstack/svelte-query';
import { useCategories, useProperties } from './books.svelte';
import { t } from './preferences.svelte';
import { session } from './session.svelte';
import { request, type Entry } from '../api/client';

const usePersonNames = () =>
  createQuery(() => ({
    queryKey: ['users', 'names'],
    staleTime: 300_000,
    queryFn: async ({ signal }) =>
      (await request<{ data: { id: string; name: string }[] }>('GET', '/v1/users', { signal }))
        .data,
  }));

export function useNames() {
  const people = usePersonNames();
  const ofPerson = $derived(new Map((people.data ?? []).map((each) => [each.id, each.name])));
  const categories = useCategories();
  const properties = useProperties();
  const ofLabel = $derived(
    new Map((categories.data ?? []).map((each) => [`${each.kind} ${each.key}`, each.name])),
  );
  const ofProperty = $derived(new Map((properties.data ?? []).map((each) => [each.id, each.name])));
  return {
    category: (key: string): string => ofLabel.get(`category ${key}`) ?? key,
    source: (key: string): string => ofLabel.get(`source ${key}`) ?? key,
    people: (): { id: string; name: string }[] => people.data ?? [],
    person: (id: string): string =>
      ofPerson.get(id) ?? (id === session.me?.user.id ? session.me.user.name : ''),
    property: (id: string): string => ofProperty.get(id) ?? '',
    label(entry: Entry): string {
      if (entry.kind === 'transfer') {
        const [from, to] = [entry.from ?? 'other', entry.to ?? 'other'] as const;
        return `${t(`place_${from}`)} → ${t(`place_${to}`)}`;
      }
      return entry.category ? this.category(entry.category) : this.source(entry.source ?? '');
    },
  };
}
