// Amounts: integers of minor units, shown as people of a place write them, read as people type them.

// ISO 4217, as in the server's domain/money.cpp. Intl has its own idea of some (AFN, IQD, LAK), and
// takes 25 ms to be asked.
const kWithout = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF';
const kWithThree = 'BHD IQD JOD KWD LYD OMR TND';

// How many decimals a currency has: 2, but 0 for JPY and 3 for KWD.
export function decimals(currency: string): number {
  return kWithout.includes(currency) ? 0 : kWithThree.includes(currency) ? 3 : 2;
}

// Rupees are counted in lakh and crore, whoever reads them in English.
function localeFor(locale: string, currency: string): string {
  return currency === 'INR' && locale.startsWith('en') ? 'en-IN' : locale;
}

// The exact decimal text: no division of floating-point numbers on the way.
export function decimalText(minor: number, currency: string): string {
  const digits = decimals(currency);
  const whole = String(Math.abs(minor)).padStart(digits + 1, '0');
  const cut = whole.length - digits;
  const text = digits === 0 ? whole : `${whole.slice(0, cut)}.${whole.slice(cut)}`;
  return minor < 0 ? `-${text}` : text;
}

export type MoneyStyle = 'plain' | 'symbol' | 'short';

const formats = new Map<string, Intl.NumberFormat>();

function formatFor(locale: string, currency: string, style: MoneyStyle): Intl.NumberFormat {
  const key = `${locale} ${currency} ${style}`;
  let format = formats.get(key);
  if (!format) {
    const digits = decimals(currency);
    const exact = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    const options: Intl.NumberFormatOptions =
      style === 'plain'
        ? exact
        : style === 'symbol'
          ? { ...exact, style: 'currency', currency, currencyDisplay: 'narrowSymbol' }
          : { notation: 'compact', maximumFractionDigits: 1 };
    format = new Intl.NumberFormat(localeFor(locale, currency), options);
    formats.set(key, format);
  }
  return format;
}

export function formatMoney(
  minor: number,
  currency: string,
  locale: string,
  style: MoneyStyle = 'symbol',
): string {
  const text = decimalText(minor, currency) as Intl.StringNumericLiteral;
  return formatFor(locale, currency, style).format(text).replace('-', '\u2212');
}

function separators(locale: string): { decimal: string; group: string } {
  const parts = new Intl.NumberFormat(locale).formatToParts(1234567.8);
  const find = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  return { decimal: find('decimal') || '.', group: find('group') };
}

// The index in `text` of the separator of decimals; -1 if there is none.
function decimalSeparator(text: string, digits: number, locale: string): number {
  const last = Math.max(text.lastIndexOf('.'), text.lastIndexOf(','));
  if (last < 0 || digits === 0) return -1;
  const sign = text[last] as string;
  const after = text.length - last - 1;
  const other = sign === '.' ? ',' : '.';
  if (text.includes(other)) {
    return text.indexOf(sign) === last && text.indexOf(other) < last ? last : -1;
  }
  if (text.indexOf(sign) !== last) return -1;
  if (after > digits) return -1;
  if (after !== 3) return last;
  return separators(locale).decimal === sign ? last : -1;
}

// "1.234,56", "1,23,456", "1 234.5", "12": minor units; null if that is no amount above zero.
//
// The last of two kinds of separators is the decimal one. A single kind followed by three digits
// groups thousands, unless the currency has three decimals and the locale writes them so.
export function parseMoney(typed: string, currency: string, locale: string): number | null {
  const text = typed.replace(/[\s\u00a0\u202f'’_]/g, '');
  if (!/^\d[\d.,]*$|^[.,]\d+$/.test(text)) return null;
  const digits = decimals(currency);
  const cut = decimalSeparator(text, digits, locale);
  const whole = (cut < 0 ? text : text.slice(0, cut)).replace(/[.,]/g, '');
  const fraction = cut < 0 ? '' : text.slice(cut + 1);
  if (!groupsMakeSense(cut < 0 ? text : text.slice(0, cut)) || fraction.length > digits)
    return null;
  const minor = Number((whole || '0') + fraction.padEnd(digits, '0'));
  return minor > 0 && minor <= 1e12 ? minor : null;
}

// Groups of two (lakh) or three digits, the last one of three; one kind of separator.
function groupsMakeSense(whole: string): boolean {
  if (!/[.,]/.test(whole)) return true;
  return /^\d{1,3}([.,])(\d{2,3}\1)*\d{3}$/.test(whole);
}

// What an amount looks like in a field that is being edited.
export function editableMoney(minor: number, currency: string, locale: string): string {
  const text = decimalText(minor, currency);
  return separators(locale).decimal === ',' ? text.replace('.', ',') : text;
}
