// Pictures of every page of the console with the real demo data: both themes, phone and desk.
//
//   node tests/browser/shots.mjs OUT-DIRECTORY [page…]
import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  Server,
  accept,
  openContext,
  settled,
  signInByPassword,
  startBrowser,
  temporaryDirectory,
  visit,
} from './harness.mjs';

const root = new URL('../../', import.meta.url).pathname;
const [out = join(root, 'build/shots'), ...wanted] = process.argv.slice(2);
const sizes = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

const kAna = {
  name: 'Ana Sousa',
  email: 'owner@example.com',
  password: 'blue lamp by the river',
  agent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1',
};
const kMara = { name: 'Mara Lopes', password: 'red boat on the river' };
const kLastDay = '2017-01-28';

const data = temporaryDirectory();
const server = await Server.start(data, ['demo']);
const owner = await accept(server.url, server.acceptLink, kAna);

async function call(headers, method, path, body, version) {
  const answer = await fetch(server.url + path, {
    method,
    headers: version ? { ...headers, 'If-Match': `"${version}"` } : headers,
    body: body && JSON.stringify(body),
  });
  const read = await answer.json();
  assert.ok(answer.ok, `${method} ${path}: ${JSON.stringify(read)}`);
  return read;
}

// A manager's entries of the last day, and a change that they ask for, so that inbox and cards
// have something to show.
async function addWaiting(properties) {
  const settings = await call(owner, 'GET', '/v1/settings');
  await call(owner, 'PATCH', '/v1/settings', { managerDaysBack: 3650 }, settings.version);
  const { link } = await call(owner, 'POST', '/v1/users', {
    name: kMara.name,
    email: 'mara@example.com',
    role: 'manager',
    scope: { all: true },
  });
  const mara = await accept(server.url, link, kMara);
  const expense = (category, amountMinor, paymentMode, description, party) => ({
    plural: 'expenses',
    body: { category, amountMinor, paymentMode, description, party },
  });
  const waiting = [
    expense('maintenance', 48600, 'bank', 'Pool pump, seal and labour', 'AquaServ Lda'),
    expense('supplies', 7350, 'cash', 'Light bulbs, corridor 2', 'Leroy Merlin'),
    expense('marketing', 25000, 'bank', 'Regional guide, quarter page', 'Guia do Sul'),
    {
      plural: 'revenues',
      body: {
        source: 'addon',
        amountMinor: 12800,
        paymentMode: 'cash',
        description: 'Airport shuttle, 4 guests',
      },
    },
    expense('staff', 90000, 'bank', 'Extra night shift, two people', 'Tempo Forte'),
    expense('supplies', 3120, 'cash', 'Flowers for the lobby', 'Florista Rosa'),
  ];
  for (const [i, { plural, body }] of waiting.entries()) {
    const { id: propertyId, currency } = properties[i % properties.length];
    const businessDate = kLastDay;
    await call(mara, 'POST', `/v1/finance/${plural}`, {
      propertyId,
      currency,
      businessDate,
      ...body,
    });
  }
  const { data: counted } = await call(
    owner,
    'GET',
    `/v1/finance/entries?kind=revenue&from=${kLastDay}&status=approved`,
  );
  const [stay] = counted;
  const change = { amountMinor: stay.amountMinor + 1500, reason: 'A late check-out was left out' };
  await call(mara, 'PATCH', `/v1/finance/revenues/${stay.id}`, change, stay.version);
}

const { data: properties } = await call(owner, 'GET', '/v1/properties');
const resort = properties.find((each) => each.name.startsWith('Resort'));
await addWaiting(properties);

const pages = {
  today: { hash: '#/today' },
  day: { hash: `#/day/${resort.id}/2016-03-18` },
  entries: { hash: `#/entries?property=${resort.id}&from=2016-03-01&to=2016-03-31` },
  month: { hash: `#/period/month/2016-03?property=${resort.id}` },
  year: { hash: `#/period/year/2016?property=${resort.id}` },
  properties_beside: { hash: '#/period/year/2015' },
  approvals: { hash: '#/approvals' },
  audit: { hash: '#/audit' },
  monitoring: {
    hash: '#/monitoring',
    then: (page) => page.waitForTimeout(13_000),
  },
  settings: { hash: '#/settings' },
  settings_properties: { hash: '#/settings/properties' },
  settings_categories: { hash: '#/settings/categories' },
  settings_rules: { hash: '#/settings/rules' },
  settings_people: { hash: '#/settings/people' },
  settings_account: { hash: '#/settings/account' },
  settings_tokens: { hash: '#/settings/tokens' },
  welcome: { hash: '#/welcome' },
  close: {
    hash: `#/day/${resort.id}/2016-03-18`,
    then: async (page) => {
      await page.keyboard.press('c');
      await page.getByLabel(/^Cash in the drawer/).fill('171.749,00');
    },
  },
  property_add: {
    hash: '#/settings/properties',
    then: (page) => page.getByRole('button', { name: 'Add a property' }).click(),
  },
  entry_add: {
    hash: `#/day/${resort.id}/2016-03-18`,
    then: async (page) => {
      await page.keyboard.press('n');
      await page.getByLabel(/^Amount/).fill('1.234,56');
    },
  },
  entry_view: {
    hash: `#/day/${resort.id}/2016-03-18`,
    then: async (page) => {
      await page.locator('[data-row]').first().click();
      await settled(page);
    },
  },
  send_back: {
    hash: '#/approvals',
    then: async (page) => {
      await page.getByRole('button', { name: 'Send back' }).last().click();
      await page.getByRole('dialog').waitFor();
    },
  },
  notifications: {
    hash: '#/today',
    then: (page) => page.getByRole('button', { name: /For you|new for you/ }).click(),
  },
  palette: { hash: '#/today', then: (page) => page.keyboard.press('Control+k') },
  help: { hash: '#/today', then: (page) => page.keyboard.press('?') },
};
mkdirSync(out, { recursive: true });
const browser = await startBrowser();
try {
  for (const [size, viewport] of Object.entries(sizes)) {
    for (const theme of ['light', 'dark']) {
      const context = await openContext(browser, server.url, {
        viewport,
        colorScheme: theme,
        ...(size === 'phone' ? { deviceScaleFactor: 2, isMobile: true, hasTouch: true } : {}),
      });
      const page = await context.newPage();
      if (wanted.length === 0 || wanted.includes('sign_in')) {
        await page.goto(server.url);
        await settled(page);
        await page.screenshot({ path: join(out, `sign_in-${size}-${theme}.png`) });
      }
      await signInByPassword(page, server.url, kAna);
      for (const [name, { hash, then }] of Object.entries(pages)) {
        if (wanted.length > 0 && !wanted.includes(name)) continue;
        await visit(page, '#/settings');
        await visit(page, hash);
        await then?.(page);
        await page.mouse.move(0, 0);
        await page.waitForTimeout(150);
        await page.screenshot({ path: join(out, `${name}-${size}-${theme}.png`) });
        await page.keyboard.press('Escape');
      }
      if (context.faults.length > 0) console.error(`${size} ${theme}:`, context.faults);
      await context.close();
    }
  }
} finally {
  await browser.close();
  await server.stop();
  rmSync(data, { recursive: true, force: true });
}
