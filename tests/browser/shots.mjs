// Pictures of every page of the console with the real demo data: both themes, phone and desk.
//
//   node tests/browser/shots.mjs OUT-DIRECTORY [page…]
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  Server,
  openContext,
  settled,
  startBrowser,
  temporaryDirectory,
  visit,
} from './harness.mjs';

const root = new URL('../../', import.meta.url).pathname;
const [out = join(root, 'build/shots'), ...wanted] = process.argv.slice(2);
const sizes = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

// Entries whose decision is taken back, so that the inbox and the cards have something to show.
async function addWaiting(url, token, properties) {
  const call = async (path, body, version) => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' };
    if (version) headers['If-Match'] = `"${version}"`;
    const answer = await fetch(url + path, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
    const read = await answer.json();
    assert.ok(answer.ok, JSON.stringify(read));
    return read;
  };
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
    const businessDate = '2017-01-28';
    const path = `/v1/finance/${plural}`;
    const entry = await call(path, { propertyId, currency, businessDate, ...body });
    await call(`${path}/${entry.id}/return`, { reason: 'To be checked' }, entry.version);
  }
}

const data = temporaryDirectory();
const server = await Server.start(data, ['demo', '--examples', join(root, 'examples/hotels')]);
const token = readFileSync(join(data, 'demo-token'), 'utf8').trim();
const headers = { Authorization: `Bearer ${token}` };
const { data: properties } = await (await fetch(`${server.url}/v1/properties`, { headers })).json();
const resort = properties.find((each) => each.name.startsWith('Resort'));
await addWaiting(server.url, token, properties);

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
      await page.goto(`${server.url}/#/token/${token}`);
      await page.getByRole('heading', { level: 1, name: /^Good / }).waitFor();
      for (const [name, { hash, then }] of Object.entries(pages)) {
        if (wanted.length > 0 && !wanted.includes(name)) continue;
        await visit(page, '#/settings');
        await visit(page, hash);
        await then?.(page);
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
