// How the console speaks to the API: types from openapi.json, positions, problems.
//
// Every answer says which position it is known to include; the greatest is sent back, so that what
// was just saved is in whatever is read next, also on another node.
import type { components, paths } from './schema';

export type Schemas = components['schemas'];
export type Entry = Schemas['Entry'];
export type Property = Schemas['Property'];
export type Category = Schemas['Category'];
export type DailyReport = Schemas['DailyReport'];
export type PeriodReport = Schemas['PeriodReport'];
export type SeveralReports = Schemas['SeveralReports'];
export type HistoryItem = Schemas['HistoryItem'];

export interface FieldError {
  pointer: string;
  code: string;
  detail: string;
}

// An answer that is no success, or none at all (status 0: nobody was reached).
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly requestId: string,
    readonly errors: FieldError[] = [],
    readonly facts: Record<string, unknown> = {},
  ) {
    super(detail);
  }
}

// What this tab has seen of its org, also before it was loaded anew: whichever node answers, it
// must know as much.
const kPositionKey = 'daybook.position';
let greatestPosition = Number(sessionStorage.getItem(kPositionKey) ?? 0);
let bearer: string | null = null;
let onUnauthenticated: () => void = () => {};

export const position = (): number => greatestPosition;
export function sawPosition(seen: number): void {
  if (seen > greatestPosition) setPosition(seen);
}
function setPosition(position: number): void {
  greatestPosition = position;
  sessionStorage.setItem(kPositionKey, String(position));
}
export function useBearer(token: string | null, who: 'sameAccount' | 'another'): void {
  bearer = token;
  if (who === 'another') setPosition(0);
}
export const bearerHeader = (): Record<string, string> =>
  bearer ? { Authorization: `Bearer ${bearer}` } : { 'Daybook-Console': '1' };
// For whoever asks without respond().
export const tellUnauthenticated = (): void => onUnauthenticated();
export function whenUnauthenticated(tell: () => void): void {
  onUnauthenticated = tell;
}

type QueryValue = string | number | boolean | readonly string[] | null | undefined;
export type Query = Record<string, QueryValue>;

export function queryString(query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === '') continue;
    if (Array.isArray(value)) for (const each of value) search.append(name, each);
    else search.append(name, String(value));
  }
  const text = search.toString();
  return text ? `?${text}` : '';
}

export interface RequestOptions {
  query?: Query;
  body?: unknown;
  version?: number;
  idempotencyKey?: string;
  signal?: AbortSignal;
  keepalive?: boolean; // goes on when its page is gone
}

async function problemOf(response: Response): Promise<Problem> {
  const requestId = response.headers.get('X-Request-Id') ?? '';
  try {
    const { code, detail, errors, ...facts } = (await response.json()) as Schemas['Problem'];
    return new Problem(response.status, code, detail, requestId, errors, facts);
  } catch {
    return new Problem(response.status, 'unknown', response.statusText, requestId);
  }
}

async function send(method: string, path: string, options: RequestOptions): Promise<Response> {
  const headers: Record<string, string> = bearerHeader();
  if (greatestPosition > 0 && !path.startsWith('/v1/auth/')) {
    headers['Daybook-Min-Position'] = String(greatestPosition);
  }
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  if (options.version !== undefined) headers['If-Match'] = `"${options.version}"`;
  if (options.idempotencyKey) headers['Idempotency-Key'] = options.idempotencyKey;
  try {
    return await fetch(path + queryString(options.query ?? {}), {
      method,
      headers,
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: options.signal,
      keepalive: options.keepalive,
      cache: 'no-cache',
      credentials: bearer ? 'omit' : 'same-origin',
    });
  } catch (failure) {
    if (options.signal?.aborted) throw failure;
    throw new Problem(0, 'unreachable', '', '');
  }
}

// Of signing in: which of several accounts is meant.
const kSeveralAccounts = 300;

export async function respond(
  method: string,
  path: string,
  options: RequestOptions = {},
): Promise<Response> {
  let response = await send(method, path, options);
  if (response.status === 412 && greatestPosition > 0) {
    // The books were put back to an earlier state: what was seen there is no more.
    const problem = await problemOf(response.clone());
    if (problem.code === 'position_unknown') {
      setPosition(0);
      response = await send(method, path, options);
    }
  }
  sawPosition(Number(response.headers.get('Daybook-Position') ?? 0));
  if (response.ok || response.status === kSeveralAccounts) return response;
  const problem = await problemOf(response);
  if (problem.status === 401 && !path.startsWith('/v1/auth/')) onUnauthenticated();
  throw problem;
}

export async function request<T>(
  method: string,
  path: string,
  options: RequestOptions = {},
): Promise<T> {
  const response = await respond(method, path, options);
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

type Get<P extends keyof paths> = paths[P] extends {
  get: { responses: { 200: { content: { 'application/json': infer T } } } };
}
  ? T
  : never;
type GetQuery<P extends keyof paths> = paths[P] extends {
  get: { parameters: { query?: infer Q } };
}
  ? Q
  : never;

export function get<P extends keyof paths>(
  path: P,
  query?: GetQuery<P>,
  signal?: AbortSignal,
): Promise<Get<P>> {
  return request<Get<P>>('GET', path, { query: query as Query, signal });
}

// Random and unguessable enough to be a key, also where there is no secure context.
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
