// Short notes at the edge of the screen, some with a way back.
import { Problem } from '../api/client';
import { t, type MessageKey } from './preferences.svelte';

export interface Toast {
  id: number;
  text: string;
  tone: 'calm' | 'bad';
  requestId?: string;
  action?: { label: string; run: () => void };
}

export const toasts = $state<Toast[]>([]);
let nextId = 1;

export function dismiss(id: number): void {
  const index = toasts.findIndex((each) => each.id === id);
  if (index >= 0) toasts.splice(index, 1);
}

export function toast(
  text: string,
  options: Partial<Toast> & { milliseconds?: number } = {},
): number {
  const id = nextId++;
  toasts.push({ id, text, tone: options.tone ?? 'calm', ...options });
  setTimeout(() => dismiss(id), options.milliseconds ?? 6000);
  return id;
}

// What went wrong, in words that say what to do.
export function problemText(failure: unknown): string {
  if (!(failure instanceof Problem)) return String(failure);
  if (failure.status === 0) return t('error_unreachable');
  const fields = failure.errors
    .map((each) => each.detail)
    .filter((text) => text !== failure.message);
  return [failure.message || t('error_unknown'), ...fields].join(' ');
}

export function toastProblem(failure: unknown): void {
  const requestId = failure instanceof Problem ? failure.requestId : undefined;
  toast(problemText(failure), { tone: 'bad', requestId, milliseconds: 12_000 });
}

export const messageOr = (key: string, known: Record<string, MessageKey>): string => {
  const found = known[key];
  return found ? t(found) : key;
};
