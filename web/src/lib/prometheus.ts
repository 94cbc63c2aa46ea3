// Reads the few numbers of /metrics that the monitoring page shows, and what happened between two
// readings of them.

export interface Reading {
  at: number; // milliseconds
  requests: number;
  failures: number; // answered 5xx
  connections: number;
  waiting: number; // commands for the writer and reads for a worker
  walBytes: number;
  events: number; // committed since the start of the server
  followers: number; // clients that are told of events as they happen
  buckets: [number, number][]; // upper bound in seconds, how many requests took at most that
}

const kLine = /^(\w+)(?:\{([^}]*)\})? ([-+\w.]+)$/;

export function readMetrics(text: string, at: number): Reading {
  const reading: Reading = {
    at,
    requests: 0,
    failures: 0,
    connections: 0,
    waiting: 0,
    walBytes: 0,
    events: 0,
    followers: 0,
    buckets: [],
  };
  for (const line of text.split('\n')) {
    const [, name = '', labels = '', number = ''] = kLine.exec(line) ?? [];
    const value = Number(number);
    if (name === 'daybook_http_requests_total') {
      reading.requests += value;
      if (labels.includes('status="5xx"')) reading.failures += value;
    } else if (name === 'daybook_http_request_duration_seconds_bucket') {
      const bound = /le="([^"]+)"/.exec(labels)?.[1] ?? '';
      reading.buckets.push([bound === '+Inf' ? Infinity : Number(bound), value]);
    } else if (name === 'daybook_http_connections_open') reading.connections = value;
    else if (name === 'daybook_events_total') reading.events += value;
    else if (name === 'daybook_streams_open' || name === 'daybook_polls_waiting')
      reading.followers += value;
    else if (name === 'daybook_store_queued_commands') reading.waiting += value;
    else if (name === 'daybook_reads_waiting') reading.waiting += value;
    else if (name === 'daybook_store_wal_bytes') reading.walBytes = value;
  }
  return reading;
}

export interface Rate {
  at: number;
  perSecond: number;
  eventsPerSecond: number;
  p95Ms: number | null; // null while nothing was asked
}

// Between two readings: requests a second, and the bucket below which 95 of 100 of them lie.
export function rateBetween(before: Reading, after: Reading): Rate {
  const seconds = Math.max(0.001, (after.at - before.at) / 1000);
  const requests = Math.max(0, after.requests - before.requests);
  const spent = after.buckets.map(
    ([bound, count], i) => [bound, count - (before.buckets[i]?.[1] ?? 0)] as const,
  );
  const all = spent.at(-1)?.[1] ?? 0;
  const bound = spent.find(([, count]) => count >= all * 0.95)?.[0];
  const p95Ms = all > 0 && bound !== undefined && bound !== Infinity ? bound * 1000 : null;
  const events = Math.max(0, after.events - before.events);
  return {
    at: after.at,
    perSecond: requests / seconds,
    eventsPerSecond: events / seconds,
    p95Ms,
  };
}
