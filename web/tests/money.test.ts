// Amounts: read as people of many places type them, shown exactly as they write them.
import { describe, expect, it } from 'vitest';
import { decimalText, decimals, editableMoney, formatMoney, parseMoney } from '../src/lib/money';

describe('parseMoney', () => {
  it.each([
    ['12', 'EUR', 'en-GB', 1200],
    ['12.5', 'EUR', 'en-GB', 1250],
    ['12,5', 'EUR', 'en-GB', 1250],
    ['1.234,56', 'EUR', 'en-GB', 123456],
    ['1,234.56', 'EUR', 'pt-PT', 123456],
    ['1 234,5', 'EUR', 'fr-FR', 123450],
    ['1\u202f234,50', 'EUR', 'fr-FR', 123450],
    ["1'234.50", 'CHF', 'de-CH', 123450],
    ['1,23,456', 'INR', 'en-IN', 12345600],
    ['12,34,567.89', 'INR', 'en-IN', 123456789],
    ['1,234', 'EUR', 'en-GB', 123400],
    ['1.234', 'EUR', 'pt-PT', 123400],
    ['1.234', 'EUR', 'en-GB', 123400],
    ['1.234.567', 'EUR', 'en-GB', 123456700],
    ['.5', 'EUR', 'en-GB', 50],
    ['1234', 'JPY', 'ja-JP', 1234],
    ['1,234', 'JPY', 'ja-JP', 1234],
    ['1.234', 'KWD', 'en-GB', 1234],
    ['1,234', 'KWD', 'en-GB', 1234000],
    ['12.5', 'KWD', 'en-GB', 12500],
    ['10000000000', 'EUR', 'en-GB', 1e12],
  ])('reads %s %s (%s) as %i', (typed, currency, locale, minor) => {
    expect(parseMoney(typed, currency, locale)).toBe(minor);
  });

  it.each([
    ['', 'EUR'],
    ['0', 'EUR'],
    ['0.00', 'EUR'],
    ['-5', 'EUR'],
    ['abc', 'EUR'],
    ['12.345,6.7', 'EUR'],
    ['1,2345', 'EUR'],
    ['12.5', 'JPY'],
    ['1e3', 'EUR'],
    ['10000000000.01', 'EUR'],
  ])('refuses %s %s', (typed, currency) => {
    expect(parseMoney(typed, currency, 'en-GB')).toBeNull();
  });
});

describe('formatMoney', () => {
  it('knows 0, 2 and 3 decimals', () => {
    expect([decimals('JPY'), decimals('EUR'), decimals('KWD')]).toEqual([0, 2, 3]);
    // Where Intl would leave decimals out that the books have.
    expect([decimals('LAK'), decimals('IQD')]).toEqual([2, 3]);
    expect(formatMoney(123456, 'LAK', 'en-GB')).toContain('1,234.56');
    expect(decimalText(-5, 'EUR')).toBe('-0.05');
    expect(decimalText(1234567, 'KWD')).toBe('1234.567');
    expect(decimalText(7, 'JPY')).toBe('7');
  });
  it('writes as the place does', () => {
    expect(formatMoney(1234567890, 'INR', 'en-GB', 'plain')).toBe('1,23,45,678.90');
    expect(formatMoney(123456, 'EUR', 'de-DE', 'plain')).toBe('1.234,56');
    expect(formatMoney(-123456, 'EUR', 'en-GB')).toBe('\u2212€1,234.56');
    expect(formatMoney(1234, 'JPY', 'en-GB', 'plain')).toBe('1,234');
  });
  it('is exact where a double is not', () => {
    expect(formatMoney(9007199254740991, 'EUR', 'en-GB', 'plain')).toBe('90,071,992,547,409.91');
  });
  it('can be read back', () => {
    for (const locale of ['en-GB', 'pt-PT', 'en-IN']) {
      for (const minor of [1, 10, 123456, 99999999]) {
        expect(parseMoney(editableMoney(minor, 'EUR', locale), 'EUR', locale)).toBe(minor);
      }
    }
  });
});
