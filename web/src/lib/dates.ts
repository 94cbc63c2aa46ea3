// Business dates are texts, YYYY-MM-DD: days of a calendar, not instants of a clock.

export type DateText = string;

const kDayMs = 86_400_000;

const utc = (date: DateText): number => Date.parse(`${date}T00:00:00Z`);

export function addDays(date: DateText, days: number): DateText {
  return new Date(utc(date) + days * kDayMs).toISOString().slice(0, 10);
}
export function daysBetween(from: DateText, to: DateText): number {
  return Math.round((utc(to) - utc(from)) / kDayMs);
}
export function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(utc(text)) && addDays(text, 0) === text;
}
export const weekday = (date: DateText): number => new Date(utc(date)).getUTCDay();
export const monthOf = (date: DateText): string => date.slice(0, 7);

export function addMonths(month: string, months: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const index = year * 12 + (number - 1) + months;
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;
}

// The date that counts now at a place: its local date, the day before while its clock is before
// the cutoff. The wall clock is read, never an offset subtracted.
export function businessDate(timeZone: string, cutoff: string, now: Date): DateText {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(now);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '00';
  const date = `${part('year')}-${part('month')}-${part('day')}`;
  return `${part('hour')}:${part('minute')}` < cutoff ? addDays(date, -1) : date;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(locale, options);
    formats.set(key, format);
  }
  return format;
}

const kDate = { timeZone: 'UTC' } as const;

export function dateWords(date: DateText, locale: string): string {
  const options = { ...kDate, weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' };
  return formatFor(locale, options as Intl.DateTimeFormatOptions).format(utc(date));
}
// With its year where that is not the present one.
export function dateShort(date: DateText, locale: string): string {
  const isThisYear = date.startsWith(String(new Date().getFullYear()));
  const year = isThisYear ? undefined : 'numeric';
  const options = { ...kDate, weekday: 'short', day: 'numeric', month: 'short', year };
  return formatFor(locale, options as Intl.DateTimeFormatOptions).format(utc(date));
}
export function dateDense(date: DateText, locale: string): string {
  const options = { ...kDate, day: 'numeric', month: 'short', year: 'numeric' };
  return formatFor(locale, options as Intl.DateTimeFormatOptions).format(utc(date));
}
export function monthWords(month: string, locale: string): string {
  const options = { ...kDate, month: 'long', year: 'numeric' };
  return formatFor(locale, options as Intl.DateTimeFormatOptions).format(utc(`${month}-01`));
}
export function monthShort(month: string, locale: string): string {
  const options = { ...kDate, month: 'short' };
  return formatFor(locale, options as Intl.DateTimeFormatOptions).format(utc(`${month}-01`));
}
export function weekdayShort(date: DateText, locale: string): string {
  return formatFor(locale, { ...kDate, weekday: 'short' }).format(utc(date));
}
export function instantWords(instant: string, locale: string): string {
  return formatFor(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(Date.parse(instant));
}

// "3 minutes ago", "yesterday".
export function ageWords(seconds: number, locale: string): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const steps: [Intl.RelativeTimeFormatUnit, number][] = [
    ['day', 86_400],
    ['hour', 3_600],
    ['minute', 60],
  ];
  for (const [unit, length] of steps) {
    if (seconds >= length) return format.format(-Math.floor(seconds / length), unit);
  }
  return format.format(-Math.max(0, Math.floor(seconds)), 'second');
}

export const monthNames = (locale: string): string[] =>
  Array.from({ length: 12 }, (_, i) =>
    new Intl.DateTimeFormat(locale, { month: 'long', timeZone: 'UTC' }).format(
      Date.UTC(2024, i, 1),
    ),
  );
