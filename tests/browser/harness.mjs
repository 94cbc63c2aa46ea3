// What the browser tests and the pictures stand on: the real program on a free port with a data
// directory of its own, and Debian's Chromium.
//
// Every page that is opened is watched: an error or warning on its console, a request to another
// host, or a policy that was broken fails the test that opened it.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = new URL('../../', import.meta.url).pathname;
const require = createRequire(join(root, 'web/package.json'));
const { chromium } = require('playwright-core');
export const binary = process.env.DAYBOOK_BINARY ?? join(root, 'build/release/daybook');
const axePath = require.resolve('axe-core/axe.min.js');

export function temporaryDirectory() {
  return mkdtempSync(join(tmpdir(), 'daybook-browser-'));
}

// daybook <arguments>: its standard output; dies with what it said.
export function daybook(...args) {
  const run = spawnSync(binary, args, { encoding: 'utf8' });
  assert.equal(run.status, 0, `daybook ${args.join(' ')}: ${run.stderr}`);
  return run.stdout.trim();
}

export class Server {
  constructor(data) {
    this.data = data;
  }

  // Serves `data` on a free port, or again on the one it had.
  static async start(data, more = ['serve'], port = 0) {
    const server = new Server(data);
    await server.run(more, port);
    return server;
  }

  async run(more, port) {
    const args = [...more, '--data', this.data, '--port', String(port)];
    this.process = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    this.url = await new Promise((resolve, reject) => {
      const listen = (chunk) => {
        said += chunk;
        const found = /Serving (http:\S+)/.exec(said);
        if (found) resolve(found[1]);
      };
      this.process.stdout.on('data', listen);
      this.process.stderr.on('data', listen);
      this.process.once('exit', (code) => reject(new Error(`daybook ended with ${code}: ${said}`)));
    });
    this.port = Number(new URL(this.url).port);
    // Of a server without an org: who opens it becomes the first owner.
    this.setupLink = /http:\S+\/#\/setup\/\S+/.exec(said)?.[0];
    // Of the demo: who opens it is its owner.
    this.acceptLink = /http:\S+\/#\/accept\/\S+/.exec(said)?.[0];
  }

  async stop(signal = 'SIGTERM') {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill(signal);
    await ended;
  }

  // Killed without a word, and started again on the same port.
  async killAndRestart() {
    await this.stop('SIGKILL');
    await this.run(['serve'], this.port);
  }
}

// An org with two properties and a token of each role, on a server of its own.
export async function startBooks(serve = ['serve']) {
  const data = temporaryDirectory();
  const org = ['--data', data];
  daybook('org', 'create', ...org, '--name', 'Casa Azul');
  const place = ['--currency', 'EUR', '--time-zone', 'Europe/Lisbon', '--cutoff', '04:00'];
  daybook('property', 'add', ...org, '--name', 'Casa Azul Lisboa', ...place);
  daybook('property', 'add', ...org, '--name', 'Casa Azul Porto', ...place);
  const token = (role, ...more) => daybook('token', 'create', ...org, '--role', role, ...more);
  const tokens = {
    owner: token('owner'),
    manager: token('manager'),
    auditor: token('auditor'),
    porto: token('manager', '--property', 'Casa Azul Porto'),
  };
  const server = await Server.start(data, serve);
  const books = { data, server, tokens, url: server.url, api: (...ask) => api(server, ...ask) };
  books.properties = (await books.api(tokens.owner, 'GET', '/v1/properties')).data;
  books.end = async () => {
    await server.stop();
    rmSync(data, { recursive: true, force: true });
  };
  return books;
}

async function api(server, token, method, path, body, headers = {}) {
  const response = await fetch(server.url + path, {
    method,
    headers: {
      Authorization: `Bearer ${token}`,
      ...(body ? { 'Content-Type': 'application/json' } : {}),
      ...headers,
    },
    body: body ? JSON.stringify(body) : undefined,
  });
  const answer = await response.json();
  assert.ok(response.ok, `${method} ${path}: ${JSON.stringify(answer)}`);
  return answer;
}

export async function startBrowser() {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none'],
  });
}

// A context of its own, watched. `faults` gathers what must not happen.
export async function openContext(browser, url, options = {}) {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/Lisbon',
    reducedMotion: 'reduce',
    ...options,
  });
  context.faults = [];
  context.expected = [];
  context.on('page', (page) => {
    watch(page, context, url);
    watchRequests(page);
  });
  return context;
}

function watch(page, context, url) {
  const fault = (words) => {
    if (!context.expected.some((each) => each.test(words))) context.faults.push(words);
  };
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) fault(`console: ${message.text()}`);
  });
  page.on('pageerror', (failure) => fault(`thrown: ${failure.message}`));
  page.on('request', (request) => {
    const asked = request.url();
    if (!asked.startsWith(`${url}/`) && !/^(data|blob):/.test(asked)) fault(`request to ${asked}`);
  });
}

export async function signIn(page, url, token) {
  await page.goto(`${url}/#/token/${token}`);
  await page.getByRole('heading', { level: 1, name: /^Good / }).waitFor();
}

export async function openSignedIn(browser, books, role = 'owner', options = {}) {
  const context = await openContext(browser, books.url, options);
  const page = await context.newPage();
  await signIn(page, books.url, books.tokens[role]);
  return { context, page };
}

export function daysBefore(date, days) {
  const at = Date.parse(`${date}T00:00:00Z`) - days * 86_400_000;
  return new Date(at).toISOString().slice(0, 10);
}

// One more property, whose books begin some days before today.
export async function addProperty(books, name, { daysOpen }) {
  const { owner } = books.tokens;
  const [{ today }] = (await books.api(owner, 'GET', '/v1/finance/days')).data;
  const property = await books.api(owner, 'POST', '/v1/properties', {
    name,
    kind: 'hotel',
    currency: 'EUR',
    timeZone: 'Europe/Lisbon',
    dayCutoff: '04:00',
    booksStartOn: daysBefore(today, daysOpen),
  });
  return { ...property, today };
}

// A person who came by an invitation and has a password.
export async function addPerson(books, { name, email, password, role = 'owner' }) {
  const invited = await books.api(books.tokens.owner, 'POST', '/v1/users', {
    name,
    email,
    role,
    scope: { all: true },
  });
  await accept(books.url, invited.link, { name, password });
}

// Opens the account of a link; gives the headers with which that person writes.
export async function accept(url, link, { name, password, agent = 'node' }) {
  const own = {
    'User-Agent': agent,
    'Content-Type': 'application/json',
    'Daybook-Console': '1',
    Origin: url,
  };
  const accepted = await fetch(`${url}/v1/auth/accept`, {
    method: 'POST',
    headers: own,
    body: JSON.stringify({ token: link.split('/').at(-1), name, password }),
  });
  assert.ok(accepted.ok, await accepted.text());
  return { ...own, Cookie: accepted.headers.get('set-cookie').split(';')[0] };
}

export async function signInByPassword(page, url, { email, password }) {
  await page.goto(url);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { level: 1, name: /^Good / }).waitFor();
}

// Somebody who manages every property, and has a password.
export const kMara = {
  name: 'Mara Manager',
  email: 'mara@example.com',
  password: 'red boat on the river',
};

// A browser of that person's own, at home.
export async function openPerson(browser, books, person) {
  const context = await openContext(browser, books.url);
  const page = await context.newPage();
  await signInByPassword(page, books.url, person);
  return { context, page };
}

// The end of what was opened: nothing happened that must not.
export async function closeClean(...opened) {
  for (const { context } of opened) {
    assert.deepEqual(context.faults, []);
    await context.close();
  }
}

// Goes to a place of the console in the page that is open, and waits until it has settled.
export async function visit(page, hash) {
  await page.evaluate((wanted) => {
    location.hash = wanted;
  }, hash);
  await settled(page);
}

// Requests under way, by page; but for the stream of events, which never ends.
const underWay = new WeakMap();

function watchRequests(page) {
  const requests = new Set();
  underWay.set(page, requests);
  page.on('request', (request) => {
    if (!request.url().includes('/realtime/')) requests.add(request);
  });
  for (const end of ['requestfinished', 'requestfailed']) {
    page.on(end, (request) => requests.delete(request));
  }
}

// Until nothing is asked for and nothing is awaited, for a few frames in a row.
export async function settled(page) {
  const patience = Date.now() + 30_000;
  for (let quietFrames = 0; quietFrames < 5;) {
    assert.ok(Date.now() < patience, 'the page does not settle');
    const isAwaited = await page.evaluate(
      () =>
        new Promise((tell) => {
          requestAnimationFrame(() => tell(document.querySelector('.skeleton') !== null));
        }),
    );
    quietFrames = isAwaited || underWay.get(page).size > 0 ? 0 : quietFrames + 1;
  }
}

// What axe finds serious or critical on the page as it is.
export async function accessibilityFaults(page) {
  const source = readFileSync(axePath, 'utf8');
  await page.evaluate(source);
  const found = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    });
    return violations.map(({ id, impact, nodes }) => ({
      id,
      impact,
      nodes: nodes.map((node) => `${node.target.join(' ')}: ${node.failureSummary}`),
    }));
  });
  return found.filter(({ impact }) => impact === 'serious' || impact === 'critical');
}
