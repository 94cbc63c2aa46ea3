// The day on which a page opens: now, or the last day with entries where the books ended long ago.
import { today, useLatestEntry, useProperties } from './books.svelte';
import { daysBetween, type DateText } from './dates';
import type { Property } from '../api/client';

const kQuietDays = 31;

export function useFocus() {
  const properties = useProperties();
  const latest = useLatestEntry();
  const greatest = $derived(
    (properties.data ?? []).map(today).reduce<DateText>((a, b) => (a > b ? a : b), ''),
  );
  const last = $derived(latest.data?.businessDate ?? null);
  const isPast = $derived(
    last !== null && greatest !== '' && daysBetween(last, greatest) > kQuietDays,
  );
  return {
    get isReady(): boolean {
      return properties.data !== undefined && latest.data !== undefined;
    },
    get isPast(): boolean {
      return isPast;
    },
    get error(): unknown {
      return properties.error ?? latest.error;
    },
    retry(): void {
      void properties.refetch();
      void latest.refetch();
    },
    of: (property: Property): DateText => (isPast ? last! : today(property)),
    get latest(): DateText {
      return isPast ? last! : greatest;
    },
  };
}
