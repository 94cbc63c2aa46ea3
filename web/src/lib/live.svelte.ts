// Events as they happen: one tab holds the stream and tells the others; each event refreshes exactly
// the queries that it affects.
//
// The leader is whoever holds a Web Lock of the person's name; the lock passes on when its tab dies.
// Without locks (plain HTTP from another machine) a tab has its own stream while it is looked at. A
// stream that does not greet within four seconds is held up by a proxy: then it is long polling.
import {
  bearerHeader,
  position,
  sawPosition,
  tellUnauthenticated,
  type HistoryItem,
} from '../api/client';
import { refreshFor } from './affected';
import type { FinanceEvent } from './events';
import { openEvents } from './live_source';
import { personKey } from './session.svelte';

export type LiveState = 'connecting' | 'live' | 'reconnecting' | 'offline';

export interface LiveEvent {
  event: FinanceEvent;
  text: HistoryItem['text'];
}

interface Status {
  state: LiveState;
  at: number; // when something last came, in this browser's milliseconds
  position: number; // up to which events have come
}

type Message =
  | { kind: 'events'; events: LiveEvent[] }
  | { kind: 'reset' }
  | { kind: 'signedOut' }
  | { kind: 'status'; status: Status }
  | { kind: 'who' };

export const live = $state<Status & { isLeader: boolean }>({
  state: 'connecting',
  at: 0,
  position: 0,
  isLeader: false,
});

// How many events are known to have happened that have not come yet.
export const behindBy = (): number => Math.max(0, position() - live.position);

function apply(message: Message): void {
  if (message.kind === 'events') {
    for (const { event } of message.events) sawPosition(event.position);
    refreshFor(message.events.map((each) => each.event));
  } else if (message.kind === 'reset') refreshFor(null);
  else if (message.kind === 'signedOut') tellUnauthenticated();
  else if (message.kind === 'status') Object.assign(live, message.status);
}

export function startLive(): () => void {
  const name = `daybook-live-${personKey()}`;
  const channel = new BroadcastChannel(name);
  const ended = new AbortController();
  const status = (): Status => ({ state: live.state, at: live.at, position: live.position });
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.kind !== 'who') apply(data);
    else if (live.isLeader) channel.postMessage({ kind: 'status', status: status() });
  };
  const tell = (message: Message): void => {
    apply(message);
    channel.postMessage($state.snapshot(message));
  };
  const lead = (signal: AbortSignal): Promise<void> => {
    live.isLeader = true;
    return openEvents({
      signal,
      headers: bearerHeader,
      onevents: (events) => tell({ kind: 'events', events }),
      onreset: () => tell({ kind: 'reset' }),
      onsignedout: () => tell({ kind: 'signedOut' }),
      onstatus: (state, at, to) =>
        tell({ kind: 'status', status: { state, at, position: Math.max(to, live.position) } }),
    });
  };
  channel.postMessage({ kind: 'who' } satisfies Message);
  if (navigator.locks) {
    navigator.locks
      .request(name, { signal: ended.signal }, () => lead(ended.signal))
      .catch(() => undefined);
  } else leadWhileSeen(lead, ended.signal);
  return () => {
    ended.abort();
    channel.close();
    live.isLeader = false;
  };
}

function leadWhileSeen(lead: (signal: AbortSignal) => Promise<void>, ended: AbortSignal): void {
  let current: AbortController | null = null;
  const look = (): void => {
    current?.abort();
    current = null;
    if (document.visibilityState !== 'visible' || ended.aborted) return;
    current = new AbortController();
    void lead(current.signal);
  };
  document.addEventListener('visibilitychange', look, { signal: ended });
  ended.addEventListener('abort', look);
  look();
}
