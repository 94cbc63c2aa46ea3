// Proves the hash chain in the browser, with nothing of the server's but the stored bytes:
// hash = SHA-256(previous hash ‖ bytes); the first one follows SHA-256 of the 16 bytes of the org's id.
import { respond } from '../api/client';

export interface Proof {
  checked: number;
  head: string;
  brokenAt: number | null;
}

const kPage = 1000;
const hex = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
const unhex = (text: string): Uint8Array =>
  Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

export const canVerify = (): boolean => globalThis.crypto?.subtle !== undefined;

// The items of a page as their own bytes: {"position":…,"event":{…},…}; parsing and printing again
// would prove nothing about what is stored.
function eventTexts(page: string): string[] {
  const texts: string[] = [];
  const mark = '"event":';
  for (let at = page.indexOf(mark); at >= 0; at = page.indexOf(mark, at)) {
    const start = at + mark.length;
    const end = endOfObject(page, start);
    texts.push(page.slice(start, end));
    at = page.indexOf('"position":', end);
    if (at < 0) break;
  }
  return texts;
}

function endOfObject(text: string, start: number): number {
  let depth = 0;
  let isString = false;
  for (let i = start; i < text.length; i++) {
    const c = text[i];
    if (isString) {
      if (c === '\\') i++;
      else if (c === '"') isString = false;
    } else if (c === '"') isString = true;
    else if (c === '{') depth++;
    else if (c === '}' && --depth === 0) return i + 1;
  }
  return text.length;
}

export async function verifyChain(
  orgId: string,
  onProgress: (checked: number) => void,
): Promise<Proof> {
  const encoder = new TextEncoder();
  const seed = unhex(orgId.replaceAll('-', '')).buffer as ArrayBuffer;
  let previous = new Uint8Array(await crypto.subtle.digest('SHA-256', seed));
  let checked = 0;
  for (;;) {
    const query = { afterPosition: checked, limit: kPage };
    const text = await (await respond('GET', '/v1/finance/events', { query })).text();
    const page = JSON.parse(text) as {
      data: { position: number; hash: string; prevHash: string }[];
    };
    if (page.data.length === 0) return { checked, head: hex(previous.buffer), brokenAt: null };
    const texts = eventTexts(text);
    for (const [i, item] of page.data.entries()) {
      const bytes = encoder.encode(texts[i]);
      const joined = new Uint8Array(32 + bytes.length);
      joined.set(previous);
      joined.set(bytes, 32);
      const digest = await crypto.subtle.digest('SHA-256', joined);
      const isNext = item.position === checked + 1;
      if (!isNext || item.prevHash !== hex(previous.buffer) || hex(digest) !== item.hash) {
        return { checked, head: hex(previous.buffer), brokenAt: item.position };
      }
      previous = new Uint8Array(unhex(item.hash));
      checked += 1;
    }
    onProgress(checked);
  }
}
