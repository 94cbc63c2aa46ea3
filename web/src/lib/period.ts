// The days of a month or the months of a year as lines of one shape, for the table, the chart and
// the file.
import type { PeriodReport, Schemas, SeveralReports } from '../api/client';
import { decimalText } from './money';

export interface Line {
  key: string; // "2016-03-01" or "2016-03"
  isDay: boolean;
  entryCount: number;
  cash: Schemas['AccountNumbers'];
  bank: Schemas['AccountNumbers'];
  totals: Schemas['Totals'];
  pendingCount: number;
}

export function linesOf(report: PeriodReport): Line[] {
  const days = (report.days ?? []).map((each) => ({ ...each, key: each.date, isDay: true }));
  const months = (report.months ?? []).map((each) => ({
    ...each,
    key: `${each.year}-${String(each.month).padStart(2, '0')}`,
    isDay: false,
  }));
  return [...days, ...months].map(({ pending, ...each }) => ({
    ...each,
    pendingCount: pending.count,
  }));
}

// Exactly the columns of the table, in decimal amounts.
export function csvOf(report: PeriodReport): string[][] {
  const money = (minor: number) => decimalText(minor, report.currency);
  const head = ['date', 'entries', 'revenue', 'expense', 'net', 'cashIn', 'cashOut', 'cashClosing'];
  head.push('bankIn', 'bankOut', 'bankClosing', 'currency');
  const row = (
    key: string,
    { entryCount, totals, cash, bank }: Omit<Line, 'key' | 'isDay' | 'pendingCount'>,
  ) => [
    key,
    String(entryCount),
    money(totals.revenueMinor),
    money(totals.expenseMinor),
    money(totals.netMinor),
    money(cash.inMinor + cash.transferInMinor),
    money(cash.outMinor + cash.transferOutMinor),
    money(cash.closingMinor),
    money(bank.inMinor + bank.transferInMinor),
    money(bank.outMinor + bank.transferOutMinor),
    money(bank.closingMinor),
    report.currency,
  ];
  return [head, ...linesOf(report).map((line) => row(line.key, line)), row('total', report)];
}

// Properties beside each other, as on the screen: a row each, then the sums of each currency.
export function csvOfSeveral(answer: SeveralReports): string[][] {
  const head = ['property', 'revenue', 'expense', 'net', 'cashClosing', 'bankClosing', 'currency'];
  type Sums = Pick<PeriodReport, 'totals' | 'cash' | 'bank' | 'currency'>;
  const row = (name: string, { totals, cash, bank, currency }: Sums) => [
    name,
    ...[totals.revenueMinor, totals.expenseMinor, totals.netMinor].map((minor) =>
      decimalText(minor, currency),
    ),
    decimalText(cash.closingMinor, currency),
    decimalText(bank.closingMinor, currency),
    currency,
  ];
  return [
    head,
    ...answer.properties.map((each) => row(each.propertyName, each)),
    ...answer.totals.map((each) => row('total', each)),
  ];
}

// How much more or less, as a share: "+38%" with a real minus; nothing where there was nothing.
export function percentWords(now: number, then: number, locale: string): string {
  if (then === 0) return '';
  const format = new Intl.NumberFormat(locale, {
    style: 'percent',
    maximumFractionDigits: 0,
    signDisplay: 'exceptZero',
  });
  return format.format((now - then) / Math.abs(then)).replace('-', '\u2212');
}
