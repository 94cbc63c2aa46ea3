// Months and years: several properties beside each other, the file of what is shown, the rules that
// keep the past as it is.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { closeClean, openSignedIn, startBooks, startBrowser, visit } from './harness.mjs';

let books;
let browser;
let today;

before(async () => {
  books = await startBooks();
  browser = await startBrowser();
  today = (await books.api(books.tokens.owner, 'GET', '/v1/finance/days')).data[0].today;
  const [lisboa, porto] = books.properties;
  const add = (plural, property, more) =>
    books.api(books.tokens.owner, 'POST', `/v1/finance/${plural}`, {
      propertyId: property.id,
      currency: 'EUR',
      paymentMode: 'bank',
      ...more,
    });
  await add('revenues', lisboa, { amountMinor: 120_000, source: 'room' });
  await add('expenses', lisboa, { amountMinor: 20_000, category: 'staff' });
  await add('revenues', porto, { amountMinor: 80_000, source: 'room' });
});
after(async () => {
  await browser?.close();
  await books?.end();
});

test('properties stand beside each other, and the file is what is shown', async () => {
  const { context, page } = await openSignedIn(browser, books);
  await visit(page, `#/period/month/${today.slice(0, 7)}`);
  const beside = page.getByRole('region', { name: 'Properties side by side' });
  await beside.getByText('Total EUR').waitFor();
  assert.match(await beside.innerText(), /€2,000\.00\s+€200\.00\s+\+€1,800\.00/);
  const parts = page.getByRole('region', { name: 'Categories side by side' });
  assert.match(await parts.innerText(), /Room\s+1,200\.00\s+800\.00\s+2,000\.00/);

  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'CSV' }).click(),
  ]);
  const lines = readFileSync(await file.path(), 'utf8')
    .trim()
    .split('\r\n');
  assert.deepEqual(lines, [
    'property,revenue,expense,net,cashClosing,bankClosing,currency',
    'Casa Azul Lisboa,1200.00,200.00,1000.00,0.00,1000.00,EUR',
    'Casa Azul Porto,800.00,0.00,800.00,0.00,800.00,EUR',
    'total,2000.00,200.00,1800.00,0.00,1800.00,EUR',
  ]);

  // One of them, by the picker: it is in the address, and the month of that one is shown.
  await page.getByRole('button', { name: /^Property: All properties/ }).click();
  await page.getByRole('button', { name: 'Only Casa Azul Porto' }).click();
  await page.getByRole('button', { name: /^Property: Casa Azul Porto/ }).waitFor();
  assert.ok(page.url().includes(books.properties[1].id));
  await page.getByText('Casa Azul Porto · EUR').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('table').first().getByRole('link').first().click();
  await page.getByRole('button', { name: 'Count & close' }).waitFor();
  await closeClean({ context });
});

test('the books are locked, and opened again', async () => {
  const { context, page } = await openSignedIn(browser, books);
  await visit(page, '#/settings/rules');
  const form = page.locator('form', { hasText: 'Lock the books' });
  await form.getByLabel('Through').fill(today);
  await form.getByLabel('Reason').fill('Handed to the accountant');
  await form.getByRole('button', { name: 'Lock', exact: true }).click();
  await page.getByText(/^Locked through/).waitFor();
  const expense = {
    propertyId: books.properties[0].id,
    businessDate: today,
    amountMinor: 100,
    currency: 'EUR',
    paymentMode: 'cash',
    category: 'supplies',
  };
  const add = () => books.api(books.tokens.manager, 'POST', '/v1/finance/expenses', expense);
  await assert.rejects(add, /period_locked/);
  await page.getByRole('button', { name: 'Lift All properties' }).click();
  await page.getByText('Nothing is locked.').waitFor();
  await add();
  await closeClean({ context });
});
