// What the monitoring page makes of /metrics.
import { expect, it } from 'vitest';
import { rateBetween, readMetrics } from '../src/lib/prometheus';

const page = (requests: number, fast: number, slow: number) => `# HELP x y
daybook_http_requests_total{method="GET",status="2xx"} ${requests}
daybook_http_requests_total{method="POST",status="5xx"} 2
daybook_http_request_duration_seconds_bucket{le="0.001"} ${fast}
daybook_http_request_duration_seconds_bucket{le="0.25"} ${fast + slow}
daybook_http_request_duration_seconds_bucket{le="+Inf"} ${fast + slow}
daybook_http_connections_open 3
daybook_store_queued_commands 4
daybook_reads_waiting 1
daybook_events_total ${requests}
daybook_streams_open 6
daybook_polls_waiting 1
daybook_store_wal_bytes 4096`;

it('reads counts and gauges', () => {
  const reading = readMetrics(page(10, 12, 0), 5);
  expect(reading).toMatchObject({ requests: 12, failures: 2, connections: 3, waiting: 5 });
  expect(reading).toMatchObject({ events: 10, followers: 7 });
  expect(reading.buckets.at(-1)).toEqual([Infinity, 12]);
});

it('tells what happened between two readings', () => {
  const before = readMetrics(page(10, 12, 0), 1000);
  const mostlyFast = rateBetween(before, readMetrics(page(30, 32, 0), 3000));
  expect(mostlyFast).toEqual({ at: 3000, perSecond: 10, eventsPerSecond: 10, p95Ms: 1 });
  const slow = rateBetween(before, readMetrics(page(30, 22, 10), 3000));
  expect(slow.p95Ms).toBe(250);
  expect(rateBetween(before, { ...before, at: 2000 }).p95Ms).toBeNull();
});
