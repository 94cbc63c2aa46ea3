// The first owner comes by the link that the server printed, makes a property and invites somebody,
// who comes by theirs; each sees what they may, and devices are signed out from afar.
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
  visit,
} from './harness.mjs';

const kPassword = 'blue lamp by the river';
let browser;
let data;
let server;

before(async () => {
  data = temporaryDirectory();
  server = await Server.start(data);
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  if (data) rmSync(data, { recursive: true, force: true });
});

const greeting = (page) => page.getByRole('heading', { level: 1, name: /^Good / }).waitFor();

async function openDevice() {
  const context = await openContext(browser, server.url);
  return { context, page: await context.newPage() };
}
async function signIn(page, email) {
  await page.goto(server.url);
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(kPassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await greeting(page);
}
async function expectAccessible(page) {
  await settled(page);
  assert.deepEqual(await accessibilityFaults(page), []);
}

// One after the other: each begins where the one before ended.
test('from the printed link to a second person at work', async () => {
  const owner = await openDevice();
  await owner.page.goto(server.setupLink);
  await owner.page.getByRole('heading', { name: 'Set up Daybook' }).waitFor();
  await expectAccessible(owner.page);
  await owner.page.getByLabel('Your name').fill('Olga Owner');
  await owner.page.getByLabel('E-mail').fill('olga@example.com');
  await owner.page.getByLabel('New password').fill(kPassword);
  await owner.page.getByLabel('Name of your company or group').fill('Casa Azul');
  await owner.page.getByRole('button', { name: 'Open the books' }).click();
  await owner.page.getByRole('heading', { name: 'Welcome, Olga Owner' }).waitFor();
  await expectAccessible(owner.page);

  await owner.page.getByRole('button', { name: 'Add a property' }).click();
  const property = owner.page.getByRole('dialog');
  await property.getByLabel('Name', { exact: true }).fill('Casa Azul Lisboa');
  await property.getByLabel('Country').selectOption('IN');
  assert.equal(await property.getByLabel('Currency').inputValue(), 'INR');
  assert.match(await property.getByLabel('Time zone').inputValue(), /Asia.(Kolkata|Calcutta)/);
  await property.getByLabel('Country').selectOption('PT');
  assert.equal(await property.getByLabel('Currency').inputValue(), 'EUR');
  assert.equal(await property.getByLabel('Time zone').inputValue(), 'Europe/Lisbon');
  await property.getByRole('button', { name: 'Save' }).click();
  await owner.page.getByText('Casa Azul Lisboa').first().waitFor();

  await owner.page.getByRole('button', { name: 'Enter both' }).click();
  await owner.page.getByLabel(/^Cash at the start/).fill('250');
  await owner.page.getByLabel(/^Bank at the start/).fill('10.000,50');
  await expectAccessible(owner.page);
  await owner.page.getByRole('button', { name: 'Save' }).click();
  await owner.page.getByText('€10,000.50').waitFor();

  await owner.page.getByRole('button', { name: 'Invite somebody' }).click();
  const invitation = owner.page.getByRole('dialog');
  await invitation.getByLabel('Name', { exact: true }).fill('Mara Manager');
  await invitation.getByLabel('E-mail').fill('mara@example.com');
  await invitation.getByRole('button', { name: 'Invite somebody' }).click();
  const link = await invitation.locator('code').innerText();
  assert.ok(link.startsWith(`${server.url}/#/accept/dbl_`), link);

  const manager = await openDevice();
  await manager.page.goto(link);
  await manager.page.getByRole('heading', { name: 'Come in' }).waitFor();
  await expectAccessible(manager.page);
  await manager.page.getByLabel('New password').fill(kPassword);
  await manager.page.getByRole('button', { name: 'Go on' }).click();
  await greeting(manager.page);
  await visit(manager.page, '#/settings');
  await manager.page.getByRole('link', { name: 'Password and devices' }).waitFor();
  assert.equal(await manager.page.getByRole('link', { name: 'People', exact: true }).count(), 0);

  await visit(owner.page, '#/settings/people');
  await owner.page.getByText('mara@example.com').waitFor();
  await expectAccessible(owner.page);
  await closeClean(owner, manager);
});

test('a device is signed out from another, and comes back with the password', async () => {
  const desk = await openDevice();
  const phone = await openDevice();
  await signIn(desk.page, 'mara@example.com');
  await signIn(phone.page, 'mara@example.com');
  phone.context.expected.push(/401 \(Unauthorized\)/);
  await visit(desk.page, '#/settings/account');
  await desk.page.getByText('This device').waitFor();
  await expectAccessible(desk.page);
  const others = desk.page.getByRole('button', { name: 'Sign out' });
  const count = await others.count();
  assert.ok(count >= 1);
  for (let left = count; left > 0; left -= 1) {
    await others.first().click();
    await desk.page.waitForFunction(
      (want) =>
        [...document.querySelectorAll('button')].filter((each) => each.innerText === 'Sign out')
          .length === want,
      left - 1,
    );
  }
  await phone.page.getByRole('heading', { name: 'Sign in again' }).waitFor();
  await phone.page.getByLabel('E-mail').fill('mara@example.com');
  await phone.page.getByLabel('Password').fill(kPassword);
  await phone.page.getByRole('button', { name: 'Sign in' }).click();
  await greeting(phone.page);
  await closeClean(desk, phone);
});

test('where people may sign up, somebody opens books of their own', async () => {
  const elsewhere = temporaryDirectory();
  const open = await Server.start(elsewhere, ['serve', '--sign-up']);
  const context = await openContext(browser, open.url);
  try {
    const page = await context.newPage();
    await page.goto(open.url);
    await page.getByText('There are no books here yet.').waitFor();
    await page.getByRole('link', { name: 'Open books of your own' }).click();
    await expectAccessible(page);
    await page.getByLabel('Your name').fill('Nora');
    await page.getByLabel('E-mail').fill('nora@example.com');
    await page.getByLabel('New password').fill(kPassword);
    await page.getByLabel('Name of your company or group').fill('Casa Verde');
    await page.getByRole('button', { name: 'Open the books' }).click();
    await page.getByRole('heading', { name: 'Welcome, Nora' }).waitFor();
    assert.deepEqual(context.faults, []);
  } finally {
    await context.close();
    await open.stop();
    rmSync(elsewhere, { recursive: true, force: true });
  }
});

test('a wrong password is said so, and opens nothing', async () => {
  const { context, page } = await openDevice();
  context.expected.push(/401 \(Unauthorized\)/);
  await page.goto(server.url);
  await page.getByLabel('E-mail').fill('mara@example.com');
  await page.getByLabel('Password').fill('red lamp by the river');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  assert.equal((await context.cookies()).length, 0);
  await closeClean({ context });
});
