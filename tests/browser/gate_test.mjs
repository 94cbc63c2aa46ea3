// The daily gate and what concerns one: a manager whose entries of yesterday are undecided is told
// why nothing can be added today, somebody lets them, and each hears of it without a reload.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  accessibilityFaults,
  addPerson,
  addProperty,
  closeClean,
  daysBefore,
  kMara,
  openPerson,
  openSignedIn,
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

test('who is kept from adding learns why, and is let through', async () => {
  const faro = await addProperty(books, 'Casa Azul Faro', { daysOpen: 3 });
  await addPerson(books, { ...kMara, role: 'manager' });

  const office = await openSignedIn(browser, books, 'owner');
  await visit(office.page, '#/settings/rules');
  await office.page.getByLabel(/Yesterday first/).check();
  await office.page.getByRole('button', { name: 'Save', exact: true }).click();
  await office.page.getByText('Saved.').waitFor();

  const desk = await openPerson(browser, books, kMara);
  const { page } = desk;
  await visit(page, `#/day/${faro.id}/${daysBefore(faro.today, 1)}`);
  await page.keyboard.press('n');
  const adding = page.getByRole('dialog', { name: 'Add an entry' });
  await adding.getByLabel(/^Amount/).fill('14');
  await adding.getByRole('radio', { name: 'Supplies' }).focus();
  await page.keyboard.press('Space');
  await adding.getByLabel('Description').fill('Towels of yesterday');
  await adding.getByRole('button', { name: 'Save', exact: true }).click();
  await adding.waitFor({ state: 'detached' });

  await visit(page, '#/today');
  await page.getByText('Earlier days first').waitFor();
  await page.getByRole('button', { name: 'Add an entry at Casa Azul Faro' }).click();
  await adding.getByText(/keep you from adding here/).waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);

  await visit(office.page, '#/approvals');
  await office.page.getByText('Kept from adding by earlier days').waitFor();
  assert.deepEqual(await accessibilityFaults(office.page), []);
  await office.page.getByRole('button', { name: /^Let add today/ }).click();
  await office.page.getByText('May add today').first().waitFor();
  await adding.getByText(/keep you from adding here/).waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: '1 new for you' }).click();
  const told = page.getByRole('dialog', { name: 'For you' });
  await told.getByText('Adding today granted').waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  await told.getByRole('button', { name: 'All read' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'For you' }).waitFor();
  await office.page
    .locator('li', { hasText: 'Towels of yesterday' })
    .getByRole('button', {
      name: 'Approve',
    })
    .click();
  await page.getByRole('button', { name: '1 new for you' }).waitFor({ timeout: 15_000 });
  await closeClean(desk, office);
});
