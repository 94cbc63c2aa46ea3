// Every page, in both themes, on a phone and on a desk: nothing serious that axe finds, nothing on
// the console, no request elsewhere; what people type is shown as text.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import {
  accessibilityFaults,
  addPerson,
  closeClean,
  openContext,
  openSignedIn,
  settled,
  signInByPassword,
  startBooks,
  startBrowser,
  visit,
} from './harness.mjs';

const kHostile = '<script>alert(1)</script> \u202Eabc\u202C שלום 🏨 & "quotes"';
const kOlga = { name: 'Olga Owner', email: 'olga@example.com', password: 'blue lamp by the river' };
let books;
let browser;

before(async () => {
  books = await startBooks();
  browser = await startBrowser();
  const [lisboa, porto] = books.properties;
  const add = (token, property, more) =>
    books.api(token, 'POST', '/v1/finance/expenses', {
      propertyId: property.id,
      amountMinor: 4250,
      currency: 'EUR',
      paymentMode: 'cash',
      category: 'supplies',
      ...more,
    });
  await add(books.tokens.owner, lisboa, { description: kHostile, party: kHostile });
  await add(books.tokens.manager, lisboa, { description: 'Soap', amountMinor: 990 });
  await add(books.tokens.manager, porto, { description: 'Towels', amountMinor: 12500 });
  await addPerson(books, kOlga);
});
after(async () => {
  await browser?.close();
  await books?.end();
});

const places = () => [
  '#/today',
  `#/day/${books.properties[0].id}`,
  '#/entries',
  `#/period/month?property=${books.properties[0].id}`,
  '#/period/year/2026',
  '#/approvals',
  '#/audit',
  '#/monitoring',
  '#/settings',
  '#/settings/properties',
  '#/settings/categories',
  '#/settings/rules',
  '#/settings/people',
  '#/settings/account',
  '#/settings/tokens',
  '#/welcome',
];
const sizes = { desk: { width: 1280, height: 900 }, phone: { width: 360, height: 740 } };

for (const [size, viewport] of Object.entries(sizes)) {
  for (const colorScheme of ['light', 'dark']) {
    test(`every page on a ${size}, ${colorScheme}`, async () => {
      const context = await openContext(browser, books.url, { viewport, colorScheme });
      const page = await context.newPage();
      const found = [];
      const look = async (what) => {
        for (const fault of await accessibilityFaults(page)) found.push({ what, ...fault });
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        if (overflow > 0) found.push({ what, widerBy: overflow });
      };
      await page.goto(books.url);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await look('signing in');
      await signInByPassword(page, books.url, kOlga);
      for (const place of places()) {
        await visit(page, place);
        await look(place);
      }
      await visit(page, '#/entries?kind=expense');
      if (size === 'phone') {
        await page.getByRole('button', { name: 'Filters 1' }).click();
        await page.getByRole('combobox', { name: 'Status' }).waitFor();
        await look('filters');
      }
      await page.keyboard.press('n');
      await page.getByLabel(/^Amount/).waitFor();
      await look('adding an entry');
      await page.keyboard.press('Escape');
      await page.locator('[data-row]').first().click();
      await page.getByRole('heading', { name: 'History' }).waitFor();
      await look('one entry');
      await page.keyboard.press('Escape');
      for (const [key, what] of [
        ['?', 'help'],
        ['Control+k', 'palette'],
      ]) {
        await page.keyboard.press(key);
        await page.getByRole('dialog').waitFor();
        await look(what);
        await page.keyboard.press('Escape');
      }
      await visit(page, `#/day/${books.properties[0].id}`);
      await page.keyboard.press('c');
      await page.getByLabel(/^Cash in the drawer/).fill('1');
      await page.getByText('Notes and coins').click();
      await settled(page);
      await look('counting');
      assert.deepEqual(found, []);
      await closeClean({ context });
    });
  }
}

test('what people type is shown as text', async () => {
  const { context, page } = await openSignedIn(browser, books);
  context.on('dialog', () => context.faults.push('a dialog opened'));
  await visit(page, '#/entries');
  await page.getByText(kHostile, { exact: true }).first().waitFor();
  assert.equal(await page.locator('main script').count(), 0);
  await closeClean({ context });
});

test('the page comes compressed, under a policy without exceptions, from here alone', async () => {
  const page = await fetch(books.url, { headers: { 'Accept-Encoding': 'br' } });
  assert.equal(page.headers.get('content-encoding'), 'br');
  const policy = page.headers.get('content-security-policy');
  assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self'/);
  assert.doesNotMatch(policy, /unsafe|http|\*/);
  const asset = /\/assets\/[^"]+\.js/.exec(await page.text())[0];
  const script = await fetch(books.url + asset);
  assert.match(script.headers.get('cache-control'), /immutable/);
  const again = await fetch(books.url, {
    headers: { 'Accept-Encoding': 'br', 'If-None-Match': page.headers.get('etag') },
  });
  assert.equal(again.status, 304);
});
