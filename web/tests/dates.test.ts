// Business dates: the wall clock of the place decides, also on the days when clocks change.
import { describe, expect, it } from 'vitest';
import { addDays, addMonths, ageWords, businessDate, daysBetween, isDate } from '../src/lib/dates';

describe('businessDate', () => {
  it.each([
    ['Europe/Lisbon', '00:00', '2026-07-01T23:30:00Z', '2026-07-02'],
    ['Europe/Lisbon', '04:00', '2026-07-01T23:30:00Z', '2026-07-01'],
    ['Europe/Lisbon', '04:00', '2026-07-02T02:59:00Z', '2026-07-01'],
    ['Europe/Lisbon', '04:00', '2026-07-02T03:00:00Z', '2026-07-02'],
    ['Asia/Kolkata', '05:30', '2026-01-01T00:00:00Z', '2026-01-01'],
    ['America/New_York', '04:00', '2026-03-08T07:59:00Z', '2026-03-07'],
    ['America/New_York', '04:00', '2026-03-08T08:00:00Z', '2026-03-08'],
  ])('%s, cutoff %s, at %s: %s', (zone, cutoff, now, date) => {
    expect(businessDate(zone, cutoff, new Date(now))).toBe(date);
  });
});

describe('dates', () => {
  it('counts days and months', () => {
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
    expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
    expect(addMonths('2026-01', -1)).toBe('2025-12');
    expect(addMonths('2026-12', 13)).toBe('2028-01');
  });
  it('knows what is a date', () => {
    expect(isDate('2024-02-29')).toBe(true);
    expect(isDate('2026-02-29')).toBe(false);
    expect(isDate('2026-2-9')).toBe(false);
  });
  it('says how old something is', () => {
    expect(ageWords(59, 'en')).toBe('59 seconds ago');
    expect(ageWords(3600, 'en')).toBe('1 hour ago');
    expect(ageWords(86_400, 'en')).toBe('yesterday');
  });
});
