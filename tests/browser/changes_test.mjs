// What counts already is changed by another person: asked for with a reason, seen in the inbox with
// what it would alter, decided there; a count that was off is seen by somebody who did not make it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  accessibilityFaults,
  addPerson,
  closeClean,
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
  await addPerson(books, { ...kMara, role: 'manager' });
});
after(async () => {
  await browser?.close();
  await books?.end();
});

const row = (page, words) => page.locator('[data-row]', { hasText: words });
const waiting = (page, words) => page.locator('li', { hasText: words });

async function openBoth() {
  const office = await openSignedIn(browser, books, 'owner');
  return { office, desk: await openPerson(browser, books, kMara) };
}
const closeBoth = ({ office, desk }) => closeClean(desk, office);
const addApproved = (description, amountMinor) =>
  books.api(books.tokens.owner, 'POST', '/v1/finance/expenses', {
    propertyId: books.properties[0].id,
    amountMinor,
    currency: 'EUR',
    paymentMode: 'cash',
    category: 'maintenance',
    description,
  });

test('what counts is changed and deleted by asking', async () => {
  await addApproved('Lamp', 2000);
  await addApproved('Chair', 3000);
  const both = await openBoth();
  const { page } = both.desk;
  const office = both.office.page;
  both.desk.context.expected.push(/status of 422/);
  await visit(office, '#/approvals');
  await visit(page, '#/entries');

  await row(page, 'Lamp').click();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  const edit = page.getByRole('dialog', { name: 'Edit entry' });
  await edit.getByLabel(/^Amount/).fill('25');
  await edit.getByLabel('Reason').fill('Two bulbs with it');
  await edit.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText(/^Asked for: it takes place/).waitFor();

  await waiting(office, 'Change asked for').getByText('€25.00').waitFor();
  await waiting(office, 'Lamp').getByText('Two bulbs with it').waitFor();
  assert.deepEqual(await accessibilityFaults(office), []);
  await waiting(office, 'Lamp').getByRole('button', { name: 'Approve' }).click();
  await row(page, 'Lamp').getByText('−€25.00').waitFor({ timeout: 15_000 });

  // Deleting asks why, where only somebody else may do it.
  await row(page, 'Chair').focus();
  await page.keyboard.press('Delete');
  const why = page.getByRole('dialog', { name: 'Delete' });
  await why.getByLabel('Reason').fill('Bought twice');
  await why.getByRole('button', { name: 'Delete' }).click();
  const deletion = waiting(office, 'Deletion asked for');
  await deletion.getByText('takes it out of the totals of Casa Azul Lisboa').waitFor();
  await deletion.getByRole('button', { name: 'Send back' }).click();
  await office.getByText('the entry stays as it is', { exact: false }).waitFor();
  assert.deepEqual(await accessibilityFaults(office), []);
  await office.keyboard.press('Escape');
  await row(page, 'Chair').click();
  await page.getByRole('button', { name: 'Withdraw' }).click();
  await page.getByText('Withdrawn.').waitFor();
  await deletion.getByText('Decided meanwhile').waitFor();
  await closeBoth(both);
});

test('a count that was off is seen by somebody else', async () => {
  const { owner } = books.tokens;
  const { version } = await books.api(owner, 'GET', '/v1/settings');
  await books.api(
    owner,
    'PATCH',
    '/v1/settings',
    { varianceToleranceMinor: 0 },
    { 'If-Match': `"${version}"` },
  );
  const both = await openBoth();
  const { page } = both.desk;
  await visit(both.office.page, '#/approvals');
  await visit(page, `#/day/${books.properties[1].id}`);
  await page.getByRole('button', { name: 'Count & close' }).click();
  await page.getByLabel(/^Cash in the drawer/).fill('3');
  await page.getByLabel('Note', { exact: true }).fill('A tip, perhaps');
  await page.getByRole('button', { name: 'Close the day' }).click();
  await page.getByText('Closed', { exact: true }).waitFor();
  const seen = waiting(both.office.page, 'Over').getByRole('button', { name: 'Seen' });
  await seen.waitFor();
  assert.deepEqual(await accessibilityFaults(both.office.page), []);
  await seen.click();
  await page.getByText('Frozen reports').click();
  await page.getByText(/seen by/).waitFor({ timeout: 15_000 });
  await closeBoth(both);
});
