// What a person likes: language, theme, hidden amounts. Kept in this browser.
import type { Messages } from '../messages/en';
import type { Books } from '../messages/en_books';
import type { Office } from '../messages/en_office';

export type Theme = 'system' | 'light' | 'dark';
export type Language = 'en' | 'pt';

const kKey = 'daybook.preferences';

interface Preferences {
  theme: Theme;
  language: Language | null; // null: the browser's
  region: string | null; // how numbers and dates are written; null: the browser's
  privacy: boolean;
  property: string | null; // the one looked at last
}

function load(): Preferences {
  const fresh: Preferences = {
    theme: 'system',
    language: null,
    region: null,
    privacy: false,
    property: null,
  };
  try {
    return { ...fresh, ...JSON.parse(localStorage.getItem(kKey) ?? '{}') };
  } catch {
    return fresh;
  }
}

export const hasPreferences = (): boolean => localStorage.getItem(kKey) !== null;
export const preferences = $state<Preferences>(load());

export function savePreferences(changes: Partial<Preferences>): void {
  Object.assign(preferences, changes);
  localStorage.setItem(kKey, JSON.stringify(preferences));
  applyTheme();
}

const prefersDark = matchMedia('(prefers-color-scheme: dark)');

export function applyTheme(): void {
  const { theme } = preferences;
  const isDark = theme === 'dark' || (theme === 'system' && prefersDark.matches);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
}
prefersDark.addEventListener('change', applyTheme);

export function language(): Language {
  return preferences.language ?? (navigator.language.startsWith('pt') ? 'pt' : 'en');
}

// The locale for numbers and dates: the region chosen, the browser's if it speaks the language.
export function locale(): string {
  if (preferences.region) return preferences.region;
  const wanted = language();
  const spoken = navigator.languages.find((each) => each.startsWith(wanted));
  return spoken ?? (wanted === 'pt' ? 'pt-PT' : 'en-GB');
}

type More = Books & Office;
type AllMessages = Messages & More;

let first: Messages | undefined;
let later: More | undefined;
let messages = $state.raw<AllMessages>({} as AllMessages);
const show = (): void => {
  messages = { ...first, ...later } as AllMessages;
};

const loadFirst = {
  en: async (): Promise<Messages> => (await import('../messages/en')).en,
  pt: async (): Promise<Messages> => (await import('../messages/pt')).pt,
};
const loadLater = {
  en: async (): Promise<More> => {
    const books = import('../messages/en_books');
    const office = import('../messages/en_office');
    return { ...(await books).books, ...(await office).office };
  },
  pt: async (): Promise<More> => {
    const books = import('../messages/pt_books');
    const office = import('../messages/pt_office');
    return { ...(await books).books, ...(await office).office };
  },
};

export async function loadMessages(): Promise<void> {
  const wanted = language();
  if (later) later = await loadLater[wanted]();
  first = await loadFirst[wanted]();
  show();
  document.documentElement.lang = locale().startsWith(wanted) ? locale() : wanted;
}

// The first page has its words; the others bring theirs with them.
export async function withMore<T>(page: Promise<T>): Promise<T> {
  if (!later) {
    later = await loadLater[language()]();
    show();
  }
  return page;
}

export type MessageKey = keyof AllMessages;

// The message in the person's language; {names} are replaced.
export function t(key: MessageKey, values: Record<string, string | number> = {}): string {
  const text: string = messages[key];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

// For what may be newer than this build, such as a type of event: words made of its name.
export function wordsOf(prefix: string, name: string): string {
  const known = messages[`${prefix}_${name}` as MessageKey];
  if (known !== undefined) return known;
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

// "amountMinor" is the message "amount", "businessDate" is "business_date".
export function fieldWords(field: string): string {
  const key = field.replace(/Minor$/, '').replace(/[A-Z]/g, (each) => `_${each.toLowerCase()}`);
  return messages[key as MessageKey] ?? field;
}

type Countable = MessageKey extends infer K
  ? K extends `${infer Stem}_one`
    ? Stem
    : never
  : never;

export function tn(stem: Countable, n: number): string {
  const isOne = new Intl.PluralRules(language()).select(n) === 'one';
  const number = new Intl.NumberFormat(locale()).format(n);
  return t(`${stem}_${isOne ? 'one' : 'other'}` as MessageKey, { n: number });
}
