// Where one is: the part of the address behind '#'. Filters live in its query, so that a link shows
// to somebody else exactly what is on the screen.

export interface Place {
  path: string[]; // "#/day/<property>/2016-03-01" gives ["day", "<property>", "2016-03-01"]
  query: URLSearchParams;
}

function read(): Place {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?', 2);
  const decoded = path.split('/').filter(Boolean).map(safeDecode);
  return { path: decoded, query: new URLSearchParams(query) };
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

let current = $state.raw<Place>(read());

addEventListener('hashchange', () => {
  current = read();
});

export const place = (): Place => current;

export function link(
  path: string[],
  query: Record<string, string | null | undefined> = {},
): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) search.set(name, value);
  const text = search.toString();
  return `#/${path.map(encodeURIComponent).join('/')}${text ? `?${text}` : ''}`;
}

export function go(href: string): void {
  location.hash = href;
}

// Changes filters without a step in the history for each letter typed.
export function replaceQuery(changes: Record<string, string | null | undefined>): void {
  const query: Record<string, string> = Object.fromEntries(current.query);
  for (const [name, value] of Object.entries(changes)) {
    if (value) query[name] = value;
    else delete query[name];
  }
  history.replaceState(history.state, '', link(current.path, query));
  current = read();
}
