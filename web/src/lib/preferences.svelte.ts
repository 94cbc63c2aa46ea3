// What a person likes: language, theme, hidden amounts. Kept in this browser.
import type { Messages } from '../messages/en';

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

let messages = $state.raw<Messages>({} as Messages);

export async function loadMessages(): Promise<void> {
  const wanted = language();
  messages =
    wanted === 'pt' ? (await import('../messages/pt')).pt : (await import('../messages/en')).en;
  document.documentElement.lang = locale().startsWith(wanted) ? locale() : wanted;
}

export type MessageKey = keyof Messages;

// The message in the person's language; {names} are replaced.
export function t(key: MessageKey, values: Record<string, string | number> = {}): string {
  const text: string = messages[key];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
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
