// Before the books have anything in them: looking around in the demo's, as the last step of setting
// up; and which of several books is meant by whoever signs in.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, test } from 'node:test';
import {
  Server,
  accessibilityFaults,
  closeClean,
  openContext,
  settled,
  startBrowser,
  temporaryDirectory,
} from './harness.mjs';

const kNora = { name: 'Nora', email: 'nora@example.com', password: 'blue lamp by the river' };
let browser;
let data;
let server;

before(async () => {
  data = temporaryDirectory();
  server = await Server.start(data, ['serve', '--sign-up']);
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  if (data) rmSync(data, { recursive: true, force: true });
});

async function openAt(address) {
  const context = await openContext(browser, server.url);
  const page = await context.newPage();
  await page.goto(address);
  return { context, page };
}
async function signUp(orgName) {
  const answer = await fetch(`${server.url}/v1/auth/sign-up`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'Daybook-Console': '1',
      Origin: server.url,
    },
    body: JSON.stringify({ ...kNora, orgName }),
  });
  assert.equal(answer.status, 201, await answer.text());
}

test('setting up ends with the books of the demo, if one likes', async () => {
  const opened = await openAt(server.setupLink);
  const { page } = opened;
  await page.getByLabel('Your name').fill('Olga Owner');
  await page.getByLabel('E-mail').fill('olga@example.com');
  await page.getByLabel('New password').fill('red boat on the river');
  await page.getByLabel('Name of your company or group').fill('Casa Azul');
  await page.getByRole('button', { name: 'Open the books' }).click();
  await page.getByRole('heading', { name: 'Welcome, Olga Owner' }).waitFor();
  await page.getByRole('button', { name: 'Load the two hotels' }).click();
  await page.getByRole('button', { name: /^Loading/ }).waitFor();
  await page.getByText('20,207 entries loaded.').waitFor({ timeout: 60_000 });
  await page.getByRole('heading', { level: 1, name: /^Good / }).waitFor();
  for (const name of ['Resort Hotel', 'City Hotel']) {
    await page.getByRole('article').filter({ hasText: name }).waitFor();
  }
  await settled(page);
  assert.deepEqual(await accessibilityFaults(page), []);
  await closeClean(opened);
});

test('whoever has several accounts says which one is meant', async () => {
  await signUp('Casa Verde');
  await signUp('Casa Amarela');
  const opened = await openAt(server.url);
  const { page } = opened;
  await page.getByLabel('E-mail').fill(kNora.email);
  await page.getByLabel('Password').fill(kNora.password);
  await page.keyboard.press('Enter');
  await page.getByRole('group', { name: 'Which books?' }).waitFor();
  assert.deepEqual(await accessibilityFaults(page), []);
  assert.equal((await opened.context.cookies()).length, 0);
  // The first is focused; by keyboard alone to the second.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: /^Good / }).waitFor();
  await page.locator('nav').getByText('Casa Amarela').first().waitFor();
  await closeClean(opened);
});
