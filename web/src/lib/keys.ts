// Keyboard shortcuts: one listener, the newest layer first, none while somebody types.

type Handler = (event: KeyboardEvent) => void;
export interface Shortcut {
  key: string; // as KeyboardEvent.key has it; "mod+k" with Ctrl or Command
  words: string; // what it does, for the help
  run: Handler;
}

let stack: Shortcut[][] = [];

function nameOf(event: KeyboardEvent): string {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  return event.ctrlKey || event.metaKey ? `mod+${key}` : key;
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) &&
  !(target instanceof HTMLInputElement && /^(checkbox|radio)$/.test(target.type));

addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.altKey) return;
  const name = nameOf(event);
  if (isTyping(event.target) && !name.startsWith('mod+')) return;
  if (document.querySelector('dialog[open]') && !name.startsWith('mod+')) return;
  for (let i = stack.length - 1; i >= 0; i--) {
    const found = stack[i]!.find((each) => each.key === name);
    if (!found) continue;
    event.preventDefault();
    found.run(event);
    return;
  }
});

export const shortcuts = (): Shortcut[] => stack.flat();

// For the life of a component: $effect(() => useKeys([...])).
export function useKeys(list: Shortcut[]): () => void {
  stack = [...stack, list];
  return () => {
    stack = stack.filter((each) => each !== list);
  };
}
