// Pictures of every page of the console with the real demo data: both themes, phone and desk.
//
//   node tests/browser/shots.mjs OUT-DIRECTORY [page…]
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

// Some entries that wait, so that the inbox and the cards have something to show.
async function addWaiting(url, token, properties) {
    const call = (method, path, body, bearer = token) =>
        fetch(url + path, {
            method,
            headers: { Authorization: `Bearer ${bearer}`, 'Content-Type': 'application/json' },
            body: JSON.stringify(body),
        }).then((response) => response.json());
    const manager = await call('POST', '/v1/tokens', {
        name: 'Front desk',
        role: 'manager',
        properties: null,
    });
    const waiting = [
        [
            'expenses',
            {
                category: 'maintenance',
                amountMinor: 48600,
                paymentMode: 'bank',
                description: 'Pump of the pool, seal and labour',
                party: 'AquaServ Lda',
            },
        ],
        [
            'expenses',
            {
                category: 'supplies',
                amountMinor: 7350,
                paymentMode: 'cash',
                description: 'Light bulbs, corridor 2',
                party: 'Leroy Merlin',
            },
        ],
        [
            'expenses',
            {
                category: 'marketing',
                amountMinor: 25000,
                paymentMode: 'bank',
                description: 'Regional guide, quarter page',
            },
        ],
        [
            'revenues',
            {
                source: 'addon',
                amountMinor: 12800,
                paymentMode: 'cash',
                description: 'Airport shuttle, 4 guests',
            },
        ],
        [
            'expenses',
            {
                category: 'staff',
                amountMinor: 90000,
                paymentMode: 'bank',
                description: 'Extra night shift, two people',
                reference: 'PAY-118',
            },
        ],
    ];
    for (const [i, [plural, body]] of waiting.entries()) {
        const property = properties[i % properties.length];
        await call(
            'POST',
            `/v1/finance/${plural}`,
            {
                propertyId: property.id,
                currency: property.currency,
                businessDate: '2017-01-27',
                ...body,
            },
            manager.secret,
        );
    }
}

const data = temporaryDirectory();
const server = await Server.start(data, ['demo', '--examples', join(root, 'examples/hotels')]);
const token = readFileSync(join(data, 'demo-token'), 'utf8').trim();
const headers = { Authorization: `Bearer ${token}` };
const { data: properties } = await (await fetch(`${server.url}/v1/properties`, { headers })).json();
const resort = properties.find((each) => each.name.startsWith('Resort'));
const settings = await (await fetch(`${server.url}/v1/settings`, { headers })).json();
headers['If-Match'] = `"${settings.version}"`;
await fetch(`${server.url}/v1/settings`, {
    method: 'PATCH',
    headers: { ...headers, 'Content-Type': 'application/json' },
    body: JSON.stringify({ managerDaysBack: 4000 }),
});
await addWaiting(server.url, token, properties);

const pages = {
    today: { hash: '#/today' },
    day: { hash: `#/day/${resort.id}/2016-03-18` },
    entries: { hash: `#/entries?property=${resort.id}&from=2016-03-01&to=2016-03-31` },
    month: { hash: `#/period/month/2016-03?property=${resort.id}` },
    year: { hash: `#/period/year/2016?property=${resort.id}` },
    properties_beside: { hash: '#/period/month/2016-03' },
    approvals: { hash: '#/approvals' },
    audit: { hash: '#/audit' },
    settings: { hash: '#/settings' },
    settings_properties: { hash: '#/settings/properties' },
    settings_categories: { hash: '#/settings/categories' },
    settings_tokens: { hash: '#/settings/tokens' },
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
                ...(size === 'phone'
                    ? { deviceScaleFactor: 2, isMobile: true, hasTouch: true }
                    : {}),
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
