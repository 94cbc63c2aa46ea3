// Which answers an event makes old, and asking for them again: at once, and at most four times a
// second however many events arrive.
import { client, refreshBooks } from './books.svelte';
import type { FinanceEvent } from './events';

const kQuietMs = 250;

// By property, the earliest date that reads differently; null where every date may.
const earliest = new Map<string | null, string | null>();
let isAll = false;
const others = new Set<string>();
let timer: ReturnType<typeof setTimeout> | undefined;
let lastRun = 0;

function note(property: string | null, date: string | null): void {
  const known = earliest.get(property);
  const isFirst = !earliest.has(property);
  if (isFirst || date === null || (known !== null && known !== undefined && date < known)) {
    earliest.set(property, date);
  }
}

const kEntryKinds = ['expense', 'revenue', 'transfer'];
const kToldOf = /_(approved|rejected|returned|granted|revoked)$|^grant_/;

// Names, categories and settings appear in every report; people, tokens and the like in none.
function noteEvent({ eventType, propertyId, metadata }: FinanceEvent): void {
  const kind = eventType.split('_')[0] ?? '';
  const dates = metadata.affectedReportDates ?? [];
  // A decision may let somebody add again, and its author is told of it.
  others.add('gate');
  if (kToldOf.test(eventType)) others.add('notifications');
  // A change that is asked for alters no report, but what waits.
  if (kEntryKinds.includes(kind) || kind === 'variance') {
    others.add('entries');
    others.add('approvals');
    others.add('days');
  }
  if (dates.length > 0) return note(propertyId, dates[0] ?? null);
  if (kind === 'property') others.add('properties');
  if (kind === 'category') others.add('categories');
  if (kind === 'property' || kind === 'category' || kind === 'setting') note(propertyId, null);
  others.add(`${kind}s`);
  others.add('events');
}

function run(): void {
  lastRun = Date.now();
  timer = undefined;
  if (isAll) void client.invalidateQueries();
  else {
    for (const [property, date] of earliest) refreshBooks(property, date);
    for (const key of others) void client.invalidateQueries({ queryKey: [key] });
  }
  isAll = false;
  earliest.clear();
  others.clear();
}

// null: anything may have changed.
export function refreshFor(events: FinanceEvent[] | null): void {
  if (events === null) isAll = true;
  else events.forEach(noteEvent);
  if (timer !== undefined) return;
  const wait = Math.max(0, lastRun + kQuietMs - Date.now());
  if (wait === 0) run();
  else timer = setTimeout(run, wait);
}
