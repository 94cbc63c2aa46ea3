// An entry while it is typed: nothing of it is lost by closing, signing out or an expired session.
import { decimals, editableMoney, parseMoney } from './money';
import type { DateText } from './dates';
import type { Entry } from '../api/client';
import type { Kind, NewEntryBody } from './queue.svelte';

export interface Draft {
  kind: Kind;
  propertyId: string;
  businessDate: DateText;
  amount: string; // as typed
  paymentMode: 'cash' | 'bank';
  label: string; // category or source
  from: string;
  to: string;
  toPropertyId: string;
  description: string;
  party: string;
  method: string;
  reference: string;
  tax: string;
  occurredOn: string;
  reversal: boolean;
}

export const kPlaces = ['cash', 'bank', 'owner', 'loan', 'deposit', 'in_transit', 'other'] as const;
export const kMethods = ['card', 'upi', 'cheque', 'ota', 'transfer'] as const;

export function freshDraft(kind: Kind, propertyId: string, businessDate: DateText): Draft {
  return {
    kind,
    propertyId,
    businessDate,
    amount: '',
    paymentMode: 'cash',
    label: '',
    from: 'cash',
    to: 'bank',
    toPropertyId: '',
    description: '',
    party: '',
    method: '',
    reference: '',
    tax: '',
    occurredOn: '',
    reversal: false,
  };
}

export function draftOf(entry: Entry, locale: string): Draft {
  const write = (minor: number) => editableMoney(minor, entry.currency, locale);
  return {
    kind: entry.kind,
    propertyId: entry.propertyId,
    businessDate: entry.businessDate,
    amount: write(entry.amountMinor),
    paymentMode: entry.paymentMode ?? 'cash',
    label: entry.category ?? entry.source ?? '',
    from: entry.from ?? 'cash',
    to: entry.to ?? 'bank',
    toPropertyId: '',
    description: entry.description ?? '',
    party: entry.party ?? '',
    method: entry.method ?? '',
    reference: entry.reference ?? '',
    tax: entry.taxMinor ? write(entry.taxMinor) : '',
    occurredOn: entry.occurredOn ?? '',
    reversal: entry.reversal ?? false,
  };
}

// Drafts that are kept, oldest first. Each opening of the sheet writes under an id of its own, so that a
// copy or an edit in between takes nothing from what was begun before.
interface Kept {
  id: string;
  draft: Draft;
}
const kKeptMax = 20;
const kEdit = 'edit ';
const keyOf = (person: string): string => `daybook.drafts.${person}`;
export const idOfEdit = (entry: Entry): string => `${kEdit}${entry.id} ${entry.version}`;

function keptDrafts(person: string): Kept[] {
  try {
    return JSON.parse(localStorage.getItem(keyOf(person)) ?? '[]') as Kept[];
  } catch {
    return [];
  }
}
export function keepDraft(person: string, id: string, draft: Draft | null): void {
  const others = keptDrafts(person).filter((each) => each.id !== id);
  const kept = draft ? [...others, { id, draft }].slice(-kKeptMax) : others;
  if (kept.length > 0) localStorage.setItem(keyOf(person), JSON.stringify(kept));
  else localStorage.removeItem(keyOf(person));
}
// The newest that is no edit; or the one with this id.
export function keptDraft(person: string, id?: string): Kept | undefined {
  return keptDrafts(person).findLast((each) =>
    id === undefined ? !each.id.startsWith(kEdit) : each.id === id,
  );
}
export const isWorthKeeping = (draft: Draft): boolean =>
  draft.amount.trim() !== '' || draft.description.trim() !== '' || draft.party.trim() !== '';

export type FieldName = 'amount' | 'tax' | 'label' | 'places' | 'businessDate';

// What is missing or wrong before anything is sent: the field, not the words.
export function wrongFields(draft: Draft, currency: string, locale: string): FieldName[] {
  const wrong: FieldName[] = [];
  if (parseMoney(draft.amount, currency, locale) === null) wrong.push('amount');
  if (draft.kind !== 'transfer' && draft.label === '') wrong.push('label');
  if (draft.tax && parseMoney(draft.tax, currency, locale) === null) wrong.push('tax');
  if (draft.kind === 'transfer' && !draft.toPropertyId && draft.from === draft.to)
    wrong.push('places');
  if (!draft.businessDate) wrong.push('businessDate');
  return wrong;
}

const orNothing = (text: string): string | undefined => text.trim() || undefined;

// The body of the POST; the caller has seen to wrongFields().
export function bodyOf(draft: Draft, currency: string, locale: string, id: string): NewEntryBody {
  const tax = draft.tax ? parseMoney(draft.tax, currency, locale) : null;
  const body: NewEntryBody = {
    propertyId: draft.propertyId,
    businessDate: draft.businessDate,
    amountMinor: parseMoney(draft.amount, currency, locale) ?? 0,
    currency,
    externalId: id,
    method: orNothing(draft.method),
    party: orNothing(draft.party),
    description: orNothing(draft.description),
    reference: orNothing(draft.reference),
    occurredOn: orNothing(draft.occurredOn),
    taxMinor: tax ?? undefined,
    reversal: draft.reversal || undefined,
  };
  if (draft.kind === 'transfer') {
    body['from'] = draft.from;
    body['to'] = draft.to;
    body['toPropertyId'] = orNothing(draft.toPropertyId);
  } else {
    body['paymentMode'] = draft.paymentMode;
    body[draft.kind === 'expense' ? 'category' : 'source'] = draft.label;
  }
  return body;
}

// The merge patch from the entry as it was shown to the draft: only what differs.
export function patchOf(before: Entry, draft: Draft, locale: string): Record<string, unknown> {
  const after = bodyOf(draft, before.currency, locale, '');
  const patch: Record<string, unknown> = {};
  const names = ['businessDate', 'amountMinor', 'method', 'party', 'description', 'reference'];
  names.push('occurredOn', 'taxMinor');
  if (before.kind === 'transfer') names.push('from', 'to');
  else names.push('paymentMode', before.kind === 'expense' ? 'category' : 'source');
  for (const name of names) {
    const was = before[name as keyof Entry] ?? null;
    const is = after[name] ?? (name === 'taxMinor' ? 0 : null);
    if (was !== is) patch[name] = is;
  }
  return patch;
}

export const amountPlaceholder = (currency: string, locale: string): string =>
  editableMoney(0, currency, locale).slice(0, decimals(currency) + 2);
