// Counting and closing a day, opening it again, and what the others see of it meanwhile.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  accessibilityFaults,
  addProperty,
  closeClean,
  daysBefore,
  openSignedIn,
  startBooks,
  startBrowser,
  visit,
} from './harness.mjs';

let books;
let browser;
let today;

before(async () => {
  books = await startBooks();
  browser = await startBrowser();
  today = (await books.api(books.tokens.owner, 'GET', '/v1/finance/days')).data[0].today;
});
after(async () => {
  await browser?.close();
  await books?.end();
});

const add = (token, plural, property, more) =>
  books.api(books.tokens[token], 'POST', `/v1/finance/${plural}`, {
    propertyId: property.id,
    currency: 'EUR',
    paymentMode: 'cash',
    ...more,
  });
const dayOf = async (property) => {
  const query = `propertyId=${property.id}&from=${today}&to=${today}`;
  return (await books.api(books.tokens.owner, 'GET', `/v1/finance/days?${query}`)).data[0].days[0];
};
const sheet = (page) => page.getByRole('dialog', { name: 'Count & close' });

test('a day is counted, closed and opened again, before the eyes of others', async () => {
  const [lisboa] = books.properties;
  await add('owner', 'revenues', lisboa, { amountMinor: 10_000, source: 'room' });
  await add('manager', 'expenses', lisboa, { amountMinor: 700, category: 'supplies' });
  const desk = await openSignedIn(browser, books, 'manager');
  const office = await openSignedIn(browser, books, 'owner');
  office.context.expected.push(/status of 409/);
  await visit(desk.page, '#/today');
  await visit(office.page, `#/day/${lisboa.id}/${today}`);

  // The count is blind: what should be there is not in the sheet before something is counted.
  const card = desk.page.locator('article', { hasText: 'Casa Azul Lisboa' });
  await card.getByText('undecided', { exact: false }).first().waitFor();
  await card.getByRole('link', { name: 'Count & close' }).click();
  const counting = sheet(desk.page);
  await counting.getByLabel(/^Cash in the drawer/).waitFor();
  assert.equal(await counting.getByText('Expected').count(), 0);
  await counting.getByLabel(/^Cash in the drawer/).fill('92,00');
  await counting.getByText('Short', { exact: true }).waitFor();
  await counting.getByText('−€1.00').waitFor();
  assert.deepEqual(await accessibilityFaults(desk.page), []);
  await counting.getByLabel(/1 entry of this day is undecided/).check();
  await counting.getByLabel('Note', { exact: true }).fill('One coin under the till?');
  await counting.getByRole('button', { name: 'Close the day' }).click();
  await counting.waitFor({ state: 'detached' });
  await desk.page.getByText('Closed', { exact: true }).waitFor();
  await desk.page.getByText('Short', { exact: true }).waitFor();

  // In the office it is closed, too, without a reload; and what is added to it is refused.
  const { page } = office;
  await page.getByText('Closed', { exact: true }).waitFor();
  await page.keyboard.press('n');
  const adding = page.getByRole('dialog', { name: 'Add an entry' });
  await adding.getByLabel(/^Amount/).fill('3');
  await adding.getByRole('radio', { name: 'Supplies' }).focus();
  await page.keyboard.press('Space');
  await adding.getByRole('button', { name: 'Save', exact: true }).click();
  await adding.getByRole('alert').waitFor();
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Reopen' }).click();
  const reopening = page.getByRole('dialog', { name: 'Reopen' });
  await reopening.getByLabel('Reason').fill('The coin was found');
  await reopening.getByRole('button', { name: 'Reopen' }).click();
  await desk.page.getByText('Reopened', { exact: true }).waitFor();
  await page.getByText('Frozen reports').click();
  await page.getByText('Report 1, revision 1').waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  const day = await dayOf(lisboa);
  assert.equal(day.status, 'reopened');
  await closeClean(desk, office);
});

test('a day is closed without a mouse', async () => {
  const [, porto] = books.properties;
  await add('owner', 'revenues', porto, { amountMinor: 5000, source: 'room' });
  const { context, page } = await openSignedIn(browser, books, 'porto', {
    viewport: { width: 360, height: 740 },
  });
  const { keyboard } = page;
  await keyboard.press('g');
  await keyboard.press('d');
  await page.getByRole('button', { name: 'Count & close' }).waitFor();
  // By Tab, as one who does not know the key c, to the button of the page.
  const isAt = (words) =>
    page.evaluate((wanted) => document.activeElement?.textContent.trim() === wanted, words);
  for (let steps = 0; !(await isAt('Count & close')); steps += 1) {
    assert.ok(steps < 40, 'Tab never comes to the button');
    await keyboard.press('Tab');
  }
  await keyboard.press('Enter');
  await sheet(page)
    .getByLabel(/^Cash in the drawer/)
    .waitFor();
  await keyboard.type('50');
  await sheet(page).getByText('It matches').waitFor();
  await keyboard.press('Enter');
  await sheet(page).waitFor({ state: 'detached' });
  await page.getByText('Closed', { exact: true }).waitFor();
  assert.equal((await dayOf(porto)).status, 'closed');
  await closeClean({ context });
});

test('an entry that waited for a day closed meanwhile goes to the first open one', async () => {
  const faro = await addProperty(books, 'Casa Azul Faro', { daysOpen: 3 });
  const { context, page } = await openSignedIn(browser, books, 'owner');
  context.expected.push(/ERR_INTERNET_DISCONNECTED/, /status of 409/);
  await visit(page, `#/day/${faro.id}/${daysBefore(today, 2)}`);
  await context.setOffline(true);
  await page.keyboard.press('n');
  const adding = page.getByRole('dialog', { name: 'Add an entry' });
  await adding.getByLabel(/^Amount/).fill('8,40');
  await adding.getByRole('radio', { name: 'Supplies' }).focus();
  await page.keyboard.press('Space');
  await adding.getByLabel('Description').fill('Ice for the bar');
  await adding.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: '1 to send' }).waitFor();
  await books.api(
    books.tokens.owner,
    'POST',
    `/v1/finance/days/${faro.id}/${daysBefore(today, 2)}/close`,
    {
      countedMinor: 0,
      closeEarlier: true,
    },
  );
  await context.setOffline(false);
  await page.getByRole('button', { name: '1 refused' }).click();
  await page.getByRole('button', { name: /^Use / }).click();
  await page.getByText('Entries that waited were sent.').waitFor();
  const path = `/v1/finance/entries?q=${encodeURIComponent('Ice for the bar')}`;
  const { data } = await books.api(books.tokens.owner, 'GET', path);
  assert.deepEqual(
    data.map((each) => each.businessDate),
    [daysBefore(today, 1)],
  );
  await closeClean({ context });
});
