// Where events come from: the stream, or long polling where a proxy holds the stream up. It never
// gives up while wanted.
import { position } from '../api/client';
import type { LiveEvent, LiveState } from './live.svelte';
import { FrameReader, type Frame } from './sse';

export interface Source {
  signal: AbortSignal;
  headers: () => Record<string, string>;
  onevents: (events: LiveEvent[]) => void;
  onreset: () => void;
  onsignedout: () => void; // who asks may do so no more
  onstatus: (state: LiveState, at: number, position: number) => void;
}

const kGreetingMs = 4000;
const kSilenceMs = 40_000; // two heartbeats missed and some
const kRetryMsMin = 500;
const kRetryMsMax = 15_000;
const kWaitSeconds = 25;

interface Cursor {
  text: string; // as the server gave it
  at: number; // when something last came
  retryMs: number;
}

class HeldUp extends Error {}

function expectOk(source: Source, response: Response): void {
  if (response.status === 401) source.onsignedout();
  if (!response.ok) throw new Error(`events: ${response.status}`);
}

const positionOf = (cursor: string): number => Number.parseInt(cursor, 10) || 0;

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      removeEventListener('online', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener('online', done);
    signal.addEventListener('abort', done, { once: true });
  });
}

// Ends with the signal, or when the network goes: a connection that is still open then tells nothing,
// and the badge would call it live until the next heartbeat is missed.
function untilOffline(signal: AbortSignal): AbortController {
  const round = new AbortController();
  const stop = (): void => round.abort();
  signal.addEventListener('abort', stop, { once: true, signal: round.signal });
  addEventListener('offline', stop, { signal: round.signal });
  return round;
}

export async function openEvents(source: Source): Promise<void> {
  const cursor: Cursor = { text: '', at: Date.now(), retryMs: kRetryMsMin };
  let isHeldUp = false;
  while (!source.signal.aborted) {
    // Where the page has read up to is where events begin for it.
    if (!cursor.text && position() > 0) cursor.text = String(position());
    const round = untilOffline(source.signal);
    const within = { ...source, signal: round.signal };
    try {
      if (isHeldUp) await poll(within, cursor);
      else await stream(within, cursor);
    } catch (failure) {
      if (failure instanceof HeldUp) isHeldUp = true;
    } finally {
      round.abort();
    }
    if (source.signal.aborted) return;
    const state = navigator.onLine ? 'reconnecting' : 'offline';
    source.onstatus(state, cursor.at, positionOf(cursor.text));
    await pause(cursor.retryMs * (0.75 + Math.random() / 2), source.signal);
    cursor.retryMs = Math.min(cursor.retryMs * 2, kRetryMsMax);
  }
}

function came(source: Source, cursor: Cursor): void {
  cursor.at = Date.now();
  cursor.retryMs = kRetryMsMin;
  source.onstatus('live', cursor.at, positionOf(cursor.text));
}

async function stream(source: Source, cursor: Cursor): Promise<void> {
  const attempt = new AbortController();
  const stop = (): void => attempt.abort();
  source.signal.addEventListener('abort', stop, { once: true });
  let isGreeted = false;
  let timer = setTimeout(stop, kGreetingMs);
  try {
    const query = cursor.text ? `?after=${encodeURIComponent(cursor.text)}` : '';
    const response = await fetch(`/v1/reports/realtime/stream${query}`, {
      headers: { ...source.headers(), Accept: 'text/event-stream' },
      signal: attempt.signal,
      cache: 'no-store',
    });
    expectOk(source, response);
    if (!response.body) throw new Error('a stream without a body');
    const frames = new FrameReader();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      isGreeted = true;
      clearTimeout(timer);
      timer = setTimeout(stop, kSilenceMs);
      take(source, cursor, frames.read(value));
    }
  } catch (failure) {
    if (!isGreeted && attempt.signal.aborted && !source.signal.aborted) throw new HeldUp();
    throw failure;
  } finally {
    clearTimeout(timer);
    source.signal.removeEventListener('abort', stop);
    attempt.abort();
  }
}

function take(source: Source, cursor: Cursor, frames: Frame[]): void {
  const events: LiveEvent[] = [];
  for (const frame of frames) {
    if (frame.id) cursor.text = frame.id;
    if (frame.event === 'refused') throw new Error('refused');
    if (frame.event === 'reset') source.onreset();
    if (frame.data.startsWith('{')) {
      const envelope = JSON.parse(frame.data) as { data?: LiveEvent };
      if (envelope.data?.event) events.push(envelope.data);
    }
  }
  if (events.length > 0) source.onevents(events);
  came(source, cursor);
}

interface Updates {
  data: { data: LiveEvent }[];
  next: string;
  reset: boolean;
  nextPollSeconds: number;
}

async function poll(source: Source, cursor: Cursor): Promise<void> {
  while (!source.signal.aborted) {
    const query = new URLSearchParams({ waitSeconds: String(kWaitSeconds) });
    if (cursor.text) query.set('after', cursor.text);
    const response = await fetch(`/v1/reports/realtime/poll?${query}`, {
      headers: source.headers(),
      signal: source.signal,
      cache: 'no-store',
    });
    expectOk(source, response);
    const updates = (await response.json()) as Updates;
    cursor.text = updates.next;
    if (updates.reset) source.onreset();
    if (updates.data.length > 0) source.onevents(updates.data.map((each) => each.data));
    came(source, cursor);
    if (updates.nextPollSeconds > 0) await pause(updates.nextPollSeconds * 1000, source.signal);
  }
}
