// The inbox: it counts all that waits and shows it page by page; what is decided there is decided,
// also when its page goes away, and also for an entry whose day is closed by now.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  accessibilityFaults,
  addProperty,
  closeClean,
  daysBefore,
  openSignedIn,
  settled,
  startBooks,
  startBrowser,
  visit,
} from './harness.mjs';

let books;
let browser;

before(async () => {
  books = await startBooks();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await books?.end();
});

const owner = 'owner';
const manager = 'manager';
const api = (role, ...ask) => books.api(books.tokens[role], ...ask);
const add = (property, description, more) =>
  api(manager, 'POST', '/v1/finance/expenses', {
    propertyId: property.id,
    amountMinor: 100,
    currency: 'EUR',
    paymentMode: 'cash',
    category: 'supplies',
    description,
    ...more,
  });
const read = ({ id }) => api(owner, 'GET', `/v1/finance/expenses/${id}`);
const row = (page, words) => page.locator('main li', { hasText: words });
const rows = (page) => page.locator('[data-inbox]');

async function untilDecided(entry) {
  for (const patience = Date.now() + 15_000; ;) {
    const now = await read(entry);
    if (now.status !== 'pending') return now;
    assert.ok(Date.now() < patience, 'the entry stays undecided');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test('all that waits is counted, shown page by page, and marked only when decided', async () => {
  const [lisboa] = books.properties;
  const common = { propertyId: lisboa.id, currency: 'EUR', paymentMode: 'cash', amountMinor: 100 };
  const first = await add(lisboa, 'The first of many');
  const expenses = Array.from({ length: 129 }, (_, i) => ({
    ...common,
    kind: 'expense',
    category: 'supplies',
    description: `Towel ${i + 1}`,
  }));
  const entries = [...expenses, { ...common, kind: 'revenue', source: 'room' }];
  await api(manager, 'POST', '/v1/finance/entries:batch', { mode: 'atomic', entries });
  const opened = await openSignedIn(browser, books, owner);
  const { page } = opened;
  await visit(page, '#/approvals');
  await page.getByText('Waiting for a decision: 131').waitFor();
  await page.getByText('€130.00').waitFor();
  assert.equal(await rows(page).count(), 100);
  assert.deepEqual(await accessibilityFaults(page), []);

  // One less on the first page: what follows comes up, and only the one is marked.
  await api(owner, 'POST', '/v1/finance/approvals', {
    decisions: [{ id: first.id, version: first.version, decision: 'approve' }],
  });
  await row(page, 'The first of many').getByText('Decided meanwhile').waitFor();
  await page.getByText('Waiting for a decision: 130').waitFor();
  await page.getByRole('button', { name: 'Show more' }).click();
  await row(page, 'Towel 129').waitFor();
  await settled(page);
  assert.equal(await rows(page).count(), 131);
  assert.equal(await page.getByText('Decided meanwhile').count(), 1);

  // What is chosen is summed by what it is.
  await page.getByRole('checkbox').first().check();
  await page.getByRole('button', { name: 'Approve (130)' }).waitFor();
  await page.getByText('€129.00').waitFor();
  await page.getByRole('button', { name: 'Approve (130)' }).click();
  await page.getByText('Approving 130 entries').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Waiting for a decision: 130').waitFor();
  await closeClean(opened);
});

test('a decision is not lost with the page on which it was taken', async () => {
  const [, porto] = books.properties;
  const gone = await add(porto, 'Decided on the way out');
  const leaving = await openSignedIn(browser, books, owner);
  await visit(leaving.page, `#/approvals?property=${porto.id}`);
  await row(leaving.page, 'Decided on the way out')
    .getByRole('button', { name: 'Approve' })
    .click();
  await leaving.page.getByText('Approving 1 entry').waitFor();
  assert.equal((await read(gone)).status, 'pending');
  await leaving.page.goto('about:blank');
  assert.equal((await untilDecided(gone)).status, 'approved');
  await closeClean(leaving);
});

test('an entry of a closed day is approved for the first open one', async () => {
  const faro = await addProperty(books, 'Casa Azul Faro', { daysOpen: 3 });
  const businessDate = daysBefore(faro.today, 1);
  const alone = await add(faro, 'Candles', { businessDate });
  const another = await add(faro, 'Matches', { businessDate });
  await api(owner, 'POST', `/v1/finance/days/${faro.id}/${businessDate}/close`, {
    countedMinor: 0,
    closeEarlier: true,
    acceptPending: true,
  });
  const opened = await openSignedIn(browser, books, owner);
  const { page } = opened;
  await visit(page, `#/approvals?property=${faro.id}`);
  await row(page, 'Candles').getByText('Day closed').waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  await row(page, 'Candles')
    .getByRole('button', { name: /^Count it on / })
    .click();
  const counted = await untilDecided(alone);
  assert.deepEqual([counted.status, counted.businessDate], ['approved', faro.today]);

  await page
    .getByRole('checkbox', { name: /Select/ })
    .last()
    .check();
  await page.getByRole('button', { name: 'Approve (1)' }).click();
  await page
    .getByRole('button', { name: 'Count on the first open day' })
    .click({ timeout: 15_000 });
  assert.equal((await untilDecided(another)).businessDate, faro.today);
  await closeClean(opened);
});
