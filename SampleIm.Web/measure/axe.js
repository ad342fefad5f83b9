// axe-core on every screen and state, in both themes, languages and sizes. Exits with 1 when it finds anything.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { address, launch, newName, print, say } from './browser.js';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const dot =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';
const picture = { name: 'dot.png', mimeType: 'image/png', buffer: Buffer.from(dot, 'base64') };
const looks = [
  {
    name: 'desktop, light, English',
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
    locale: 'en-US',
  },
  {
    name: 'desktop, dark, 中文',
    viewport: { width: 1440, height: 900 },
    colorScheme: 'dark',
    locale: 'zh-CN',
  },
  {
    name: 'phone, light, 中文',
    viewport: { width: 360, height: 740 },
    colorScheme: 'light',
    locale: 'zh-CN',
  },
  {
    name: 'phone, dark, English',
    viewport: { width: 360, height: 740 },
    colorScheme: 'dark',
    locale: 'en-US',
  },
];
let found = 0;

async function check(page, look, state) {
  await page.waitForTimeout(400);
  await page.evaluate(axeSource);
  const violations = await page.evaluate(async () => (await window.axe.run()).violations);
  found += violations.length;
  for (const { id, nodes } of violations) {
    print(`${look} · ${state}: ${id} at ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  }
}

async function walk(browser, { name: look, ...options }) {
  const context = await browser.newContext({ ...options, bypassCSP: true });
  const page = await context.newPage();
  const at = (state) => check(page, look, state);
  await page.goto(address);
  await page.waitForSelector('.js-signin-form');
  await at('sign-in');
  await page.click('.js-signin-submit');
  await at('sign-in, refused');
  await page.click('.js-show-signup');
  await at('sign-up');
  await page.fill('#signup-username', newName('axe'));
  await page.fill('#signup-password', 'correct horse battery');
  await page.click('.js-signup-submit');
  await page.waitForSelector('.js-chat:not([hidden])');
  await at('list');
  await page.goto(`${address}/#/lobby`);
  await page.waitForSelector('.js-composer-text:visible');
  await say(context, 'lobby', 'Hello https://example.org 👋');
  await say(context, 'lobby', '🎉');
  await page.waitForSelector('.js-message');
  await at('talk');
  await page.setInputFiles('.js-picture-input', picture);
  await page.waitForSelector('.js-send:enabled');
  await at('picture to send');
  await page.click('.js-send');
  await page.waitForSelector('.js-message[data-seq] .js-picture');
  await page.locator('.js-picture').last().click();
  await at('lightbox');
  await page.click('.js-lightbox-zoom');
  await at('lightbox, zoomed');
  await page.keyboard.press('Escape');
  await page.click('.js-emoji-button');
  await page.waitForSelector('emoji-picker .emoji');
  await at('emoji');
  await page.keyboard.press('Escape');
  await page.focus('.js-log');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.js-message-menu:popover-open');
  await at('menu');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.js-confirm[open]');
  await at('question');
  await page.click('.js-confirm-yes');
  await page.waitForSelector('.message--recalled');
  await context.setOffline(true);
  await page.fill('.js-composer-text', 'On its way');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.js-connection:visible');
  await at('without a connection');
  await context.setOffline(false);
  await page.keyboard.press('Control+k');
  await page.keyboard.type('axe');
  await page.waitForSelector('.js-search-row');
  await at('search');
  await page.keyboard.press('Escape');
  await page.click('.js-settings-open');
  await page.fill('#profile-displayName', '');
  await page.click('.js-profile-save');
  await page.click('.js-settings summary');
  await at('settings');
  await page.locator('.js-shortcuts-open').click();
  await at('shortcuts');
  await page.keyboard.press('Escape');
  if (await page.locator('.js-people-toggle').first().isVisible()) {
    await page.locator('.js-people-toggle:visible').first().click();
    await at('people');
  }
  await context.close();
}

const browser = await launch();
for (const look of looks) {
  await walk(browser, look);
}
await browser.close();
print(`${found} violations`);
process.exitCode = found > 0 ? 1 : 0;
