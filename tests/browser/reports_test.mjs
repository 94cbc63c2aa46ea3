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
  books = await startBooks(['serve', '--no-rate-limits']);
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

test('the bars of a year lead to a month, and those of a month to the day', async () => {
  const { context, page } = await openSignedIn(browser, books);
  const [lisboa] = books.properties;
  const [year, month, day] = today.split('-');
  const bars = page.getByRole('group', { name: /^Money in and out/ });
  await visit(page, `#/period/year/${year}?property=${lisboa.id}`);
  await bars.getByRole('link', { name: /In €1,200\.00, Out €200\.00/ }).click();
  await page.waitForURL(`**/period/month/${year}-${month}?**`);

  // By keyboard: one stop of Tab, the arrows go along, and the period stays.
  const link = bars.getByRole('link').nth(Number(day) - 1);
  await bars.locator('[tabindex="0"]').focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Home');
  for (let at = 1; at < Number(day); at += 1) await page.keyboard.press('ArrowRight');
  assert.match(await link.getAttribute('aria-label'), /In €1,200\.00, Out €200\.00/);
  assert.ok(await link.evaluate((each) => each === document.activeElement));
  assert.ok(page.url().includes(`/period/month/${year}-${month}`));
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/day/${lisboa.id}/${today}`);
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

test('the file of entries has all that the filter finds', async () => {
  const [, porto] = books.properties;
  const entries = Array.from({ length: 600 }, (_, i) => ({
    kind: 'revenue',
    propertyId: porto.id,
    amountMinor: 100 + i,
    currency: 'EUR',
    paymentMode: 'cash',
    source: 'addon',
  }));
  for (const part of ['a', 'b']) {
    const externalIds = entries.map((each, i) => ({ ...each, externalId: `${part}${i}` }));
    const path = '/v1/finance/entries:batch';
    await books.api(books.tokens.owner, 'POST', path, { mode: 'atomic', entries: externalIds });
  }
  const { context, page } = await openSignedIn(browser, books);
  await visit(page, `#/entries?label=source:addon`);
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'CSV' }).click(),
  ]);
  const lines = readFileSync(await file.path(), 'utf8')
    .trim()
    .split('\n');
  assert.equal(lines.length, 1 + 1200);
  assert.equal(new Set(lines).size, lines.length);
  await closeClean({ context });
});
