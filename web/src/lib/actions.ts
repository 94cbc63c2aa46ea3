// What one can do to an entry that is there. Each act is bound to the version that was seen.
import { Problem, request, type Entry } from '../api/client';
import type { ChangeRequest } from './inbox';
import { refreshBooks } from './books.svelte';
import { open } from './commands.svelte';
import { formatMoney } from './money';
import { locale, t } from './preferences.svelte';
import { toast, toastProblem } from './toasts.svelte';

const pathOf = (entry: Entry): string => `/v1/finance/${entry.kind}s/${entry.id}`;

// What counts already may need another person: the answer is then a request for that change.
export type Outcome = Entry | ChangeRequest;
export const isRequested = (outcome: unknown): outcome is ChangeRequest =>
  typeof outcome === 'object' && outcome !== null && 'requestedBy' in outcome;

async function act(entry: Entry, verb: string, body: unknown): Promise<Outcome> {
  const options = { body, version: entry.version };
  const after = await request<Outcome>('POST', `${pathOf(entry)}/${verb}`, options);
  refreshBooks(entry.propertyId, entry.businessDate);
  return after;
}

export const approve = (entry: Entry, onFirstOpen = false) =>
  act(entry, 'approve', onFirstOpen ? { onClosedDay: 'firstOpenDate' } : {});
export const sendBack = (entry: Entry, reason: string) => act(entry, 'reject', { reason });
export const takeBack = (entry: Entry, reason: string) => act(entry, 'return', { reason });
export const restore = (entry: Entry) => act(entry, 'restore', {});

export async function move(entry: Entry, propertyId: string, reason: string): Promise<Outcome> {
  const after = await act(entry, 'move', { propertyId, reason: reason || undefined });
  refreshBooks(propertyId, entry.businessDate);
  return after;
}

export async function remove(entry: Entry, reason = ''): Promise<Outcome> {
  const options = { body: { reason: reason || undefined }, version: entry.version };
  const after = await request<Outcome>('DELETE', pathOf(entry), options);
  refreshBooks(entry.propertyId, entry.businessDate);
  return after;
}

// A change that waits: decided by somebody else, withdrawn by who asked for it.
export type ChangeVerb = 'approve' | 'reject' | 'withdraw';
export async function decideChange(
  change: ChangeRequest,
  verb: ChangeVerb,
  reason = '',
): Promise<void> {
  const options = { body: { reason: reason || undefined }, version: change.version };
  await request('POST', `/v1/finance/changes/${change.entryId}/${verb}`, options);
  refreshBooks(change.propertyId, null);
}

// Deletes, and offers the way back.
export async function removeWithUndo(entry: Entry, reason = ''): Promise<void> {
  try {
    const deleted = await remove(entry, reason);
    if (isRequested(deleted)) return void toast(t('change_requested'));
    const amount = formatMoney(entry.amountMinor, entry.currency, locale());
    const undo = (): void =>
      void restore(deleted).then(() => toast(t('entry_restored')), toastProblem);
    toast(t('entry_deleted', { amount }), {
      action: { label: t('undo'), run: undo },
      milliseconds: 12_000,
    });
  } catch (failure) {
    const asksWhy = failure instanceof Problem && failure.code === 'reason_required' && !reason;
    if (!asksWhy) return toastProblem(failure);
    open.reason = { title: t('delete'), run: (why) => void removeWithUndo(entry, why) };
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
