// What one can do to an entry that is there. Each act is bound to the version that was seen.
import { request, type Entry } from '../api/client';
import { refreshBooks } from './books.svelte';
import { formatMoney } from './money';
import { locale, t } from './preferences.svelte';
import { toast, toastProblem } from './toasts.svelte';

const pathOf = (entry: Entry): string => `/v1/finance/${entry.kind}s/${entry.id}`;

async function act(entry: Entry, verb: string, body: unknown): Promise<Entry> {
  const options = { body, version: entry.version };
  const after = await request<Entry>('POST', `${pathOf(entry)}/${verb}`, options);
  refreshBooks(entry.propertyId, entry.businessDate);
  return after;
}

export const approve = (entry: Entry) => act(entry, 'approve', {});
export const sendBack = (entry: Entry, reason: string) => act(entry, 'reject', { reason });
export const takeBack = (entry: Entry, reason: string) => act(entry, 'return', { reason });
export const restore = (entry: Entry) => act(entry, 'restore', {});

export async function move(entry: Entry, propertyId: string, reason: string): Promise<void> {
  await act(entry, 'move', { propertyId, reason: reason || undefined });
  refreshBooks(propertyId, entry.businessDate);
}

export async function remove(entry: Entry): Promise<Entry> {
  const after = await request<Entry>('DELETE', pathOf(entry), { body: {}, version: entry.version });
  refreshBooks(entry.propertyId, entry.businessDate);
  return after;
}

// Deletes, and offers the way back.
export async function removeWithUndo(entry: Entry): Promise<void> {
  try {
    const deleted = await remove(entry);
    const amount = formatMoney(entry.amountMinor, entry.currency, locale());
    const undo = (): void =>
      void restore(deleted).then(() => toast(t('entry_restored')), toastProblem);
    toast(t('entry_deleted', { amount }), {
      action: { label: t('undo'), run: undo },
      milliseconds: 12_000,
    });
  } catch (failure) {
    toastProblem(failure);
  }
}

export interface ReversalAsked {
  amountMinor: number;
  businessDate: string;
  paymentMode?: 'cash' | 'bank';
  description?: string;
}

export async function reverse(entry: Entry, asked: ReversalAsked, key: string): Promise<Entry> {
  const options = { body: asked, idempotencyKey: key };
  const added = await request<Entry>('POST', `${pathOf(entry)}/reverse`, options);
  refreshBooks(entry.propertyId, asked.businessDate);
  return added;
}

// The effect on the money of its property: a reversal and an expense take it away.
export function signedMinor(entry: Entry): number {
  if (entry.kind === 'transfer') {
    const isOwn = (place: string | null) => place === 'cash' || place === 'bank';
    if (isOwn(entry.from) === isOwn(entry.to)) return entry.amountMinor;
    const arrives = isOwn(entry.to) ? 1 : -1;
    return entry.amountMinor * arrives * (entry.reversal ? -1 : 1);
  }
  const sign = (entry.kind === 'revenue') === !entry.reversal ? 1 : -1;
  return sign * entry.amountMinor;
}
