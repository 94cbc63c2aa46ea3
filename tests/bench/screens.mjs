// What somebody at a screen waits for, in Debian's Chromium; the bench starts the server.
//
//   node tests/bench/screens.mjs saved URL TOKEN COUNT
//       COUNT times: from the key that saves an entry to its painted row on another page, in
//       another browser context.
//   node tests/bench/screens.mjs day URL TOKEN COUNT PROPERTY DATE
//       COUNT times: a daily report in a browser that has seen nothing of the console yet, its
//       CPU slowed down four times: from the start of the navigation to the painted report, with
//       everything that it can be worked with.
//
// Prints one figure in milliseconds a line.
import { openContext, settled, signIn, startBrowser, visit } from '../browser/harness.mjs';

const kSlowdown = 4;
const [what, url, token, count, ...more] = process.argv.slice(2);

// In the page: remembers when something that matches was painted first.
function watchFor([selector, words]) {
  const isThere = () =>
    [...document.querySelectorAll(selector)].some((each) => each.textContent.includes(words));
  globalThis.painted = new Promise((tell) => {
    const look = () => {
      if (!isThere()) return;
      watch.disconnect();
      // The frame that shows it is finished when the next one begins.
      requestAnimationFrame(() =>
        requestAnimationFrame(() => tell(performance.timeOrigin + performance.now())),
      );
    };
    const watch = new MutationObserver(look);
    watch.observe(document, { childList: true, subtree: true, characterData: true });
    look();
  });
}

async function measureSaved(browser) {
  const contexts = [await openContext(browser, url), await openContext(browser, url)];
  const [here, there] = await Promise.all(contexts.map((context) => context.newPage()));
  for (const page of [here, there]) {
    await signIn(page, url, token);
    await visit(page, '#/entries');
    await page.getByText(/^Live/).waitFor();
  }
  for (let i = 0; i < Number(count); i += 1) {
    const description = `Screen ${process.pid} ${i}`;
    await here.keyboard.press('n');
    await here.getByLabel(/^Amount/).fill('12,50');
    await here.locator('fieldset.chips input').first().focus();
    await here.keyboard.press('Space');
    await here.getByLabel('Description').fill(description);
    await there.evaluate(watchFor, ['[data-row]', description]);
    await here.evaluate(() => {
      addEventListener(
        'keydown',
        () => {
          globalThis.pressed = performance.timeOrigin + performance.now();
        },
        { capture: true, once: true },
      );
    });
    await here.keyboard.press('Enter');
    const painted = await there.evaluate(() => globalThis.painted);
    console.log((painted - (await here.evaluate(() => globalThis.pressed))).toFixed(2));
    await here.getByRole('dialog').waitFor({ state: 'detached' });
    await settled(there);
  }
}

async function measureDay(browser) {
  const [property, date] = more;
  // The first is for the browser itself, which has only just started, and is not told of.
  for (let i = -1; i < Number(count); i += 1) {
    const context = await openContext(browser, url);
    await context.addInitScript((secret) => sessionStorage.setItem('daybook.token', secret), token);
    await context.addInitScript(watchFor, ['main [data-row]', '']);
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: kSlowdown });
    await page.goto(`${url}/#/day/${property}/${date}`, { waitUntil: 'commit' });
    const took = await page.evaluate(
      async () => (await globalThis.painted) - performance.timeOrigin,
    );
    if (i >= 0) console.log(took.toFixed(2));
    await context.close();
  }
}

const browser = await startBrowser();
try {
  await (what === 'saved' ? measureSaved(browser) : measureDay(browser));
} finally {
  await browser.close();
}
