// A client of Daybook: requests with a token, and streams of events.
import assert from 'node:assert/strict';

// Nothing that is asked here takes so long, whatever has been killed.
const kPatience = 30_000;

// One request, as it was answered: status, position, JSON.
export async function ask(url, token, method, path, { body, headers = {} } = {}) {
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
      ...(body ? { 'Content-Type': 'application/json' } : {}),
      ...headers,
    },
    body: body ? JSON.stringify(body) : undefined,
    signal: AbortSignal.timeout(kPatience),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    position: Number(response.headers.get('daybook-position')),
    // What no node has answered, but the balancer, is a page.
    json: response.headers.get('content-type')?.includes('json') ? JSON.parse(text) : {},
  };
}

// The same for what has to succeed.
export async function askWell(url, token, method, path, more) {
  const answer = await ask(url, token, method, path, more);
  const words = `${method} ${url}${path}: ${answer.status} ${JSON.stringify(answer.json)}`;
  assert.ok(answer.status >= 200 && answer.status < 300, words);
  return answer;
}

function frameOf(text) {
  const frame = { event: 'message', id: '', data: '' };
  for (const line of text.split('\n')) {
    const at = line.indexOf(': ');
    if (at > 0) frame[line.slice(0, at)] = line.slice(at + 2);
  }
  return frame;
}

// What a node sends of an org, from the head or from behind `lastId`, until it is closed or cut.
export class Stream {
  #stop = new AbortController();
  #waiting = () => {};

  static async open(url, token, lastId) {
    const stream = new Stream();
    const response = await fetch(`${url}/v1/reports/realtime/stream`, {
      headers: { Authorization: `Bearer ${token}`, ...(lastId ? { 'Last-Event-ID': lastId } : {}) },
      signal: stream.#stop.signal,
    });
    assert.equal(response.status, 200, `a stream of ${url}`);
    stream.frames = [];
    stream.isOpen = true;
    void stream.#read(response.body);
    stream.first = await stream.next();
    return stream;
  }

  async #read(body) {
    let rest = '';
    try {
      for await (const text of body.pipeThrough(new TextDecoderStream())) {
        const frames = (rest + text).split('\n\n');
        rest = frames.pop();
        for (const each of frames.filter((frame) => frame.includes('data: '))) {
          this.frames.push({ ...frameOf(each), at: performance.now() });
        }
        this.#waiting();
      }
    } catch {
      // Cut off, or closed from here.
    }
    this.isOpen = false;
    this.#waiting();
  }

  // The next frame; undefined where the stream ends first. Heartbeats are frames, too.
  async next(patience = 20_000) {
    const end = performance.now() + patience;
    while (this.frames.length === 0 && this.isOpen) {
      assert.ok(performance.now() < end, `nothing came on a stream for ${patience} ms`);
      await new Promise((resolve) => {
        this.#waiting = resolve;
        setTimeout(resolve, Math.max(1, end - performance.now()));
      });
    }
    return this.frames.shift();
  }

  // The next event; undefined where the stream ends first.
  async nextEvent(patience) {
    for (;;) {
      const frame = await this.next(patience);
      if (!frame || frame.event === 'message') return frame;
      assert.equal(frame.event, 'heartbeat');
    }
  }

  close() {
    this.#stop.abort();
  }
}

export function positionOf(id) {
  return Number(id.split('-')[0]);
}
