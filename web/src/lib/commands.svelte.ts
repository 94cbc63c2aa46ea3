// What is open above the page: an entry being written or looked at, the palette, the help.
import type { Entry } from '../api/client';

export interface NewEntry {
  propertyId?: string;
  businessDate?: string;
  like?: Entry; // a copy of this one
  edit?: Entry;
}

interface Open {
  entry: NewEntry | null;
  view: Entry | null;
  palette: boolean;
  help: boolean;
  reason: { title: string; text?: string; run: (reason: string) => void } | null;
}

export const open = $state<Open>({
  entry: null,
  view: null,
  palette: false,
  help: false,
  reason: null,
});

// The property and day of the page that is open, for entries added from anywhere on it.
let context: NewEntry | null = null;

export function writeFor(about: NewEntry | null): () => void {
  context = about;
  return () => {
    context = null;
  };
}

export function addEntry(about?: NewEntry): void {
  open.view = null;
  open.entry = about ?? context ?? {};
}
