// The browser test of accounts: signs in, out and back in on a binary that was started without `--open`.
//
// CIM_BIN tests another binary, CHROMIUM another browser; it always starts a server of its own.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { launch, mapIsDrawn } from './browser.mjs';
import { scenarios } from './scenario.mjs';
import { keep, screenshots, serveAccounts } from './server.mjs';
import { codeOf } from './totp.mjs';

const PHONE = { width: 390, height: 844 };
/** Refusals are what these tests are about; the browser's console names each. */
const REFUSALS = { expected: /HTTP 40[13]|HTTP 422|HTTP 429|status of 4(01|03|22|29)/ };
const CITY = /^\/(tiles|styles)|^\/v1\/(?!me$|session$)/;

const server = await serveAccounts();
const browser = await launch();
const { test, failed } = scenarios(browser);

/** Types and presses Enter, as whoever has no mouse. */
async function signIn(page, name, password = server.password) {
  await page.waitForSelector('[name=username]:focus');
  await page.keyboard.type(name);
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
}

async function type(page, code) {
  await page.waitForSelector('[name=code]:focus');
  await page.keyboard.type(code);
  await page.keyboard.press('Enter');
}

const told = (page) => page.locator('[data-part=refused]').textContent();
const signOut = (page) => page.click('.top [data-part=account] [data-action=sign-out]');

mkdirSync(screenshots(), { recursive: true });

try {
  await test('asks nothing of the city before somebody signed in', REFUSALS, async (page) => {
    const asked = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(`${server.address}/?lang=en`);
    await page.waitForSelector('[name=username]:focus');
    await page.waitForTimeout(1000);
    assert.ok(asked.includes('/v1/me'));
    assert.deepEqual(
      asked.filter((path) => CITY.test(path)),
      [],
    );
    keep('sign-in.png', await page.screenshot());
    await signIn(page, 'viewer', 'not the password');
    assert.match((await told(page)) ?? '', /do not fit/);
    assert.equal(await page.locator('[name=code]').count(), 0);
    keep('sign-in-refused.png', await page.screenshot());
  });

  await test('a session that ends comes back to the same view', REFUSALS, async (page) => {
    await page.goto(`${server.address}/?lang=en`);
    await signIn(page, 'viewer');
    await mapIsDrawn(page);
    assert.match((await page.locator('[data-part=account]').textContent()) ?? '', /Viewer/);
    keep('signed-in.png', await page.screenshot());
    await page.context().clearCookies();
    await page.mouse.click(760, 470);
    await page.waitForSelector('[data-part=ended]');
    const address = page.url();
    assert.match(address, /c=.*at=/);
    await signIn(page, 'viewer');
    await mapIsDrawn(page);
    await page.waitForSelector('[data-part=responsibility] .chain li');
    assert.equal(page.url(), address);
  });

  await test('signs out for good', REFUSALS, async (page) => {
    await page.goto(`${server.address}/?lang=en`);
    await signIn(page, 'operator');
    await mapIsDrawn(page);
    await signOut(page);
    await page.waitForSelector('[name=username]:focus');
    assert.equal(await page.locator('[data-part=ended]').count(), 0);
    await page.reload();
    await page.waitForSelector('[name=username]:focus');
  });

  await test('a role without the map is shown accounts, and asks nothing of the city', REFUSALS, async (page) => {
    const asked = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(`${server.address}/?lang=en`);
    await signIn(page, 'auditor');
    await page.waitForSelector('[data-user=auditor]');
    await page.waitForTimeout(8000);
    assert.deepEqual(
      asked.filter((path) => CITY.test(path)),
      ['/v1/users'],
    );
    keep('no-map.png', await page.screenshot());
  });

  await test('a commander sets up a second factor and needs it from then on', REFUSALS, async (page) => {
    const { stdout } = await server.run('user', 'add', 'chief', '--role', 'commander');
    const password = /password: (\S+)/.exec(stdout)?.[1];
    assert.ok(password, stdout);
    await page.goto(`${server.address}/?lang=en`);
    await signIn(page, 'chief', password);
    const secret = ((await page.locator('.secret').textContent()) ?? '').replaceAll(/\s/g, '');
    assert.match(secret, /^[A-Z2-7]{32}$/);
    assert.match((await page.locator('a[href^="otpauth:"]').getAttribute('href')) ?? '', new RegExp(secret));
    keep('second-factor-setup.png', await page.screenshot());
    await type(page, codeOf(secret));
    await mapIsDrawn(page);
    await signOut(page);
    await signIn(page, 'chief', password);
    await page.waitForSelector('[name=code]:focus');
    keep('second-factor.png', await page.screenshot());
    await type(page, codeOf(secret, 1));
    await mapIsDrawn(page);
  });

  await test('locks a name after five wrong passwords, and says until when', REFUSALS, async (page) => {
    await page.goto(`${server.address}/?lang=en`);
    await signIn(page, 'planner2', 'wrong 1');
    for (let i = 2; i <= 6; i++) {
      await page.waitForSelector('[data-part=refused]');
      await page.fill('[name=password]', `wrong ${i}`);
      const answered = page.waitForResponse(/\/v1\/session/);
      await page.keyboard.press('Enter');
      await answered;
    }
    await page.waitForFunction(() => document.querySelector('[data-part=refused]')?.textContent?.includes('Too many'));
    assert.match((await told(page)) ?? '', /Try again at .*\d\d:\d\d/);
  });

  await test('fits a phone', { ...REFUSALS, viewport: PHONE, hasTouch: true, isMobile: true }, async (page) => {
    await page.goto(`${server.address}/?theme=dark`);
    await page.waitForSelector('[name=username]:focus');
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), PHONE.width);
    keep('sign-in-phone-dark.png', await page.screenshot());
    await signIn(page, 'officer');
    await mapIsDrawn(page);
    await page.click('.top summary');
    await page.click('.menu [data-action=sign-out]');
    await page.waitForSelector('[name=username]:focus');
  });
} finally {
  await browser.close();
  await server.stop();
}
console.log(failed() === 0 ? 'accounts: all passed' : `accounts: ${failed()} failed`);
process.exit(failed() === 0 ? 0 : 1);
