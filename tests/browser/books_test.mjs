// What people do in the console, and what others see of it meanwhile, without a reload.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import {
  closeClean,
  openContext,
  openSignedIn,
  signIn,
  startBooks,
  startBrowser,
  visit,
} from './harness.mjs';
import { startHoldingProxy } from './proxy.mjs';

let books;
let browser;
const opened = [];

before(async () => {
  books = await startBooks();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await books?.end();
});
beforeEach(() => {
  opened.length = 0;
});

async function signedIn(role, options) {
  const both = await openSignedIn(browser, books, role, options);
  opened.push(both);
  return both;
}
const closeAll = () => closeClean(...opened);

const sheet = (page) => page.getByRole('dialog', { name: 'Add an entry' });
const row = (page, words) => page.locator('[data-row]', { hasText: words });

// Writes an entry with the keyboard alone; the property and the date are those that are offered.
async function write(page, { amount, category = 'Supplies', description }) {
  await page.keyboard.press('n');
  await sheet(page).waitFor();
  await page.keyboard.type(amount);
  await page.getByRole('radio', { name: category }).focus();
  await page.keyboard.press('Space');
  await page.getByLabel('Description').fill(description);
}
async function entriesNamed(description) {
  const path = `/v1/finance/entries?q=${encodeURIComponent(description)}`;
  return (await books.api(books.tokens.owner, 'GET', path)).data;
}
const addWaiting = (description, amountMinor) =>
  books.api(books.tokens.manager, 'POST', '/v1/finance/expenses', {
    propertyId: books.properties[0].id,
    amountMinor,
    currency: 'EUR',
    paymentMode: 'cash',
    category: 'maintenance',
    description,
  });

test('an entry typed as people write it is on every screen at once', async () => {
  const { context, page } = await signedIn('owner');
  const beside = await context.newPage();
  await beside.goto(`${books.url}/#/token/${books.tokens.owner}`);
  await beside.getByRole('heading', { level: 1, name: /^Good / }).waitFor();
  await visit(beside, '#/entries');
  const { page: elsewhere } = await signedIn('auditor');
  await visit(elsewhere, '#/entries');

  await visit(page, '#/entries');
  await write(page, { amount: '1.234,56', description: 'Boiler service' });
  assert.match(await sheet(page).locator('#entry-amount-read').innerText(), /1,234\.56/);
  await page.keyboard.press('Control+Enter');
  await page.getByText('€1,234.56 added.').waitFor();
  assert.equal(await page.getByLabel(/^Amount/).inputValue(), '', 'the next entry is open');
  await page.keyboard.press('Escape');
  for (const each of [page, beside, elsewhere]) {
    await row(each, 'Boiler service').getByText('−€1,234.56').waitFor();
  }
  assert.equal((await entriesNamed('Boiler service'))[0].amountMinor, 123456);
  await closeAll();
});

test('two tabs share one source of events', async () => {
  const { context, page } = await signedIn('owner');
  let sources = 0;
  context.on('request', (request) => {
    if (/realtime\/(stream|poll)|events\?limit=200/.test(request.url())) sources += 1;
  });
  await page.getByText(/^Live/).waitFor();
  const beside = await context.newPage();
  let besideAsked = 0;
  beside.on('request', (request) => {
    if (/realtime\/(stream|poll)|events\?limit=200/.test(request.url())) besideAsked += 1;
  });
  await beside.goto(`${books.url}/#/token/${books.tokens.owner}`);
  await beside.getByText(/^Live/).waitFor();
  await visit(beside, '#/entries');
  await addWaiting('Told to both', 100);
  await row(beside, 'Told to both').waitFor();
  assert.equal(besideAsked, 0, 'the second tab asks for no events itself');
  await page.close();
  await addWaiting('Told by the second', 200);
  await row(beside, 'Told by the second').waitFor();
  assert.ok(besideAsked > 0, 'it takes over when the first is gone');
  assert.ok(sources >= besideAsked);
  await closeAll();
});

test('a draft outlives closing, signing out and the next person', async () => {
  const { page } = await signedIn('owner');
  await visit(page, '#/entries');
  await write(page, { amount: '77.70', description: 'Half written' });
  await page.keyboard.press('Escape');
  await visit(page, '#/settings');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Welcome to Daybook' }).waitFor();

  await page.goto(`${books.url}/#/token/${books.tokens.manager}`);
  await page.getByRole('heading', { level: 1, name: /^Good / }).waitFor();
  await page.keyboard.press('n');
  await sheet(page).waitFor();
  assert.equal(await page.getByLabel(/^Amount/).inputValue(), '', "it is not the other's");
  await page.keyboard.press('Escape');
  await visit(page, '#/settings');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Welcome to Daybook' }).waitFor();

  await page.goto(`${books.url}/#/token/${books.tokens.owner}`);
  await page.getByRole('heading', { level: 1, name: /^Good / }).waitFor();
  await page.keyboard.press('n');
  await sheet(page).waitFor();
  assert.equal(await page.getByLabel(/^Amount/).inputValue(), '77.70');
  assert.equal(await page.getByLabel('Description').inputValue(), 'Half written');
  await closeAll();
});

test('a draft is not lost by what is written in between', async () => {
  const { page } = await signedIn('owner');
  await visit(page, '#/entries');
  await write(page, { amount: '19', description: 'Begun before' });
  await page.keyboard.press('Escape');
  await row(page, 'Boiler service').click();
  const view = page.getByRole('dialog', { name: /^Money out #/ });
  await view.getByRole('button', { name: 'Duplicate' }).click();
  await sheet(page).waitFor();
  assert.equal(await page.getByLabel('Description').inputValue(), 'Boiler service');
  await page.getByLabel('Description').fill('Boiler service, again');
  await sheet(page).getByRole('button', { name: 'Save', exact: true }).click();
  await row(page, 'Boiler service, again').waitFor();
  await visit(page, `#/day/${books.properties[0].id}`);
  await page.keyboard.press('n');
  await sheet(page).getByText('A draft from before.').waitFor();
  assert.equal(await page.getByLabel('Description').inputValue(), 'Begun before');
  await sheet(page).getByRole('button', { name: 'Start afresh' }).click();
  assert.equal(await page.getByLabel('Description').inputValue(), '');
  await page.keyboard.press('Escape');
  await closeAll();
});

test('what is written offline waits in sight, is sent once, and blocks nothing', async () => {
  const { context, page } = await signedIn('owner');
  context.expected.push(/ERR_INTERNET_DISCONNECTED/);
  await visit(page, '#/entries');
  await page.keyboard.press('n');
  await sheet(page).waitFor();
  await page.keyboard.press('Escape');
  await context.setOffline(true);
  for (const [description, date] of [
    ['Too early', '2001-01-01'],
    ['Written offline', null],
  ]) {
    await write(page, { amount: '5', description });
    if (date) await page.getByLabel('Business date').fill(date);
    await sheet(page).getByRole('button', { name: 'Save', exact: true }).click();
    await sheet(page).waitFor({ state: 'detached' });
  }
  await page.getByRole('button', { name: '2 to send' }).waitFor();
  await page.getByText('Offline', { exact: true }).waitFor();
  context.expected.push(/status of 422/);
  await context.setOffline(false);
  await row(page, 'Written offline').waitFor();
  await page.getByRole('button', { name: '1 refused' }).click();
  const waiting = page.getByRole('dialog', { name: 'Waiting to be sent' });
  await waiting.getByText('Too early').waitFor();
  await waiting.getByRole('button', { name: 'Discard' }).click();
  await waiting.waitFor({ state: 'detached' });
  assert.equal((await entriesNamed('Written offline')).length, 1);
  assert.equal((await entriesNamed('Too early')).length, 0);
  await closeAll();
});

test('entries are approved, sent back and decided together, with a way back', async () => {
  for (const [i, name] of ['Lamp', 'Chair', 'Paint', 'Rope'].entries()) {
    await addWaiting(name, 1000 * (i + 1));
  }
  const { page } = await signedIn('owner');
  await visit(page, '#/approvals');
  const waiting = (name) => page.locator('li', { hasText: name });
  await waiting('Lamp').waitFor();

  // It is all there again after a look elsewhere.
  await visit(page, '#/today');
  await visit(page, '#/approvals');
  await waiting('Lamp').waitFor();

  // With the keyboard: approve one, and take it back.
  await waiting('Lamp').locator('[data-inbox]').focus();
  await page.keyboard.press('a');
  await waiting('Lamp').getByText('Approving…').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await waiting('Lamp').getByRole('button', { name: 'Approve' }).waitFor();
  assert.equal((await entriesNamed('Lamp'))[0].status, 'pending');

  // Send one back, with a reason at a touch.
  await waiting('Chair').getByRole('button', { name: 'Send back' }).click();
  await page.getByRole('button', { name: 'The receipt is missing' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Send back' }).click();

  // Two at once; the sum is shown before.
  await waiting('Paint').getByRole('checkbox').check();
  await waiting('Rope').getByRole('checkbox').check();
  await page.getByText('€70.00').waitFor();
  await page.getByRole('button', { name: 'Approve (2)' }).click();
  await page.getByText('2 entries approved').waitFor({ timeout: 15_000 });
  await page.getByText('1 entry sent back').waitFor();
  const [chair] = await entriesNamed('Chair');
  assert.deepEqual([chair.status, chair.reason], ['rejected', 'The receipt is missing']);
  assert.equal((await entriesNamed('Rope'))[0].status, 'approved');
  await waiting('Rope').getByText('Approved', { exact: true }).waitFor();
  await waiting('Chair').getByText('Sent back', { exact: true }).waitFor();

  // Decided by somebody else: it stays in its place, and says so.
  const [lamp] = await entriesNamed('Lamp');
  await books.api(
    books.tokens.owner,
    'POST',
    `/v1/finance/expenses/${lamp.id}/approve`,
    {},
    { 'If-Match': `"${lamp.version}"` },
  );
  await waiting('Lamp').getByText('Decided meanwhile').waitFor();
  await closeAll();
});

test('an entry is edited, refunded, deleted and brought back', async () => {
  const { page } = await signedIn('owner');
  await visit(page, '#/entries');
  await write(page, { amount: '40', description: 'Curtains' });
  await sheet(page).getByRole('button', { name: 'Save', exact: true }).click();
  await row(page, 'Curtains').click();
  const view = page.getByRole('dialog', { name: /^Money out #/ });
  await view.getByRole('button', { name: 'Edit' }).click();
  const edit = page.getByRole('dialog', { name: 'Edit entry' });
  await edit.getByLabel(/^Amount/).fill('45,50');
  await edit.getByRole('button', { name: 'Save', exact: true }).click();
  await row(page, 'Curtains').getByText('−€45.50').waitFor();

  await row(page, 'Curtains').click();
  await view.getByRole('button', { name: 'Refund' }).click();
  await view.getByLabel(/^Amount/).fill('5.50');
  await view.getByLabel('Description').fill('One ring missing');
  await view.getByRole('button', { name: 'Confirm' }).click();
  await page.getByText('Refund added.').waitFor();
  await page.keyboard.press('Escape');
  await row(page, 'One ring missing').getByText('+€5.50').waitFor();

  await row(page, 'One ring missing').focus();
  await page.keyboard.press('Delete');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Restored.').waitFor();
  assert.equal((await entriesNamed('One ring missing'))[0].status, 'approved');
  await closeAll();
});

test('a manager of one property sees nothing of another', async () => {
  await addWaiting('Only in Lisbon', 500);
  const { page } = await signedIn('porto');
  await page.getByRole('heading', { name: 'Casa Azul Porto' }).waitFor();
  for (const place of ['#/today', '#/entries', '#/approvals', '#/audit', '#/period/month']) {
    await visit(page, place);
    const text = await page.locator('body').innerText();
    assert.doesNotMatch(text, /Casa Azul Lisboa|Only in Lisbon/, place);
  }
  await closeAll();
});

test('a server that is killed and comes back loses and doubles nothing', async () => {
  const { context, page } = await signedIn('owner');
  context.expected.push(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_INCOMPLETE|ERR_EMPTY/);
  await visit(page, '#/entries');
  await page.getByText(/^Live/).waitFor();
  await books.server.stop('SIGKILL');
  await page.getByText('Reconnecting…').waitFor({ timeout: 15_000 });
  await books.server.run(['serve'], books.server.port);
  await addWaiting('After the crash', 4200);
  await row(page, 'After the crash').waitFor({ timeout: 20_000 });
  await page.getByText(/^Live/).waitFor();
  assert.equal(await row(page, 'After the crash').count(), 1);
  await closeAll();
});

test('where a proxy holds the stream up, polling brings what happens', async () => {
  const proxy = await startHoldingProxy(books.server.port);
  const context = await openContext(browser, proxy.url);
  opened.push({ context });
  const page = await context.newPage();
  const polled = page.waitForResponse(/realtime\/poll/);
  await signIn(page, proxy.url, books.tokens.owner);
  await visit(page, '#/entries');
  await addWaiting('Told by polling', 300);
  await polled;
  await row(page, 'Told by polling').waitFor();
  await page.getByText(/^Live/).waitFor();
  await addWaiting('Told again', 400);
  await row(page, 'Told again').waitFor({ timeout: 5000 });
  assert.equal(await row(page, 'Told by polling').count(), 1);
  await closeAll();
  await proxy.end();
});

test('the chain of hashes is proved in the browser', async () => {
  const { page } = await signedIn('auditor');
  await visit(page, '#/audit');
  await page.getByRole('button', { name: 'Verify the chain' }).click();
  await page.getByText(/events, unbroken/).waitFor();
  await closeAll();
});

test('amounts can be hidden, and the language changed', async () => {
  const { page } = await signedIn('owner');
  await visit(page, '#/entries');
  await page.keyboard.press('p');
  assert.doesNotMatch(await page.locator('main').innerText(), /€\d/);
  await page.keyboard.press('p');
  await visit(page, '#/settings');
  await page.getByText('Português').click();
  await page.getByRole('heading', { name: 'Definições' }).waitFor();
  await page.keyboard.press('?');
  await page.getByRole('heading', { name: 'Teclado' }).waitFor();
  await closeAll();
});
