// Saves an answer of the API as a file, with the rights of whoever is signed in.
import { respond, type Query } from '../api/client';

function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

// A list to its end, page by page; each page begins with the names of the columns.
export async function saveCsv(path: string, query: Query, name: string): Promise<void> {
  const pieces: string[] = [];
  let cursor: string | null = null;
  do {
    const asked: Query = { ...query, format: 'csv', cursor };
    const response = await respond('GET', path, { query: asked });
    const text = await response.text();
    pieces.push(cursor ? text.slice(text.indexOf('\n') + 1) : text);
    cursor = response.headers.get('Daybook-Next-Cursor');
  } while (cursor);
  save(new Blob(pieces, { type: 'text/csv;charset=utf-8' }), name);
}

// A cell that a spreadsheet would run is kept from it.
function cell(value: string): string {
  const harmless = /^[=+@\t\r]|^-[^\d]/.test(value) ? `'${value}` : value;
  return /[",\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

export function saveRows(rows: string[][], name: string): void {
  const text = rows.map((row) => row.map(cell).join(',')).join('\r\n');
  save(new Blob([`${text}\r\n`], { type: 'text/csv;charset=utf-8' }), name);
}
