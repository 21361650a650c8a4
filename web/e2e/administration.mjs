// The browser test of administration: an account is added, invited and given a role, each by whoever may.
//
// CIM_BIN tests another binary, CHROMIUM another browser; it always starts a server of its own.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { launch, openPage } from './browser.mjs';
import { scenarios } from './scenario.mjs';
import { keep, screenshots, serveAccounts } from './server.mjs';

const PHONE = { width: 390, height: 844 };
/** Being nobody at first, a weak password and a used link are what these tests are about. */
const REFUSALS = { expected: /HTTP (401|403|410|422)|status of 4(01|03|10|22)/ };
const NAME = 'newcomer';
const PASSWORD = 'seven calm herons wade';

const server = await serveAccounts();
const browser = await launch();
const { test, failed } = scenarios(browser);
/** The invitation link, which one test makes and the next ones open. */
let link = '';

async function signIn(page, name, password = server.password) {
  await page.goto(`${server.address}/?lang=en`);
  await page.waitForSelector('[name=username]:focus');
  await page.keyboard.type(name);
  await page.keyboard.press('Tab');
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
}

async function choose(page, password, again = password) {
  await page.fill('[name=new-password]', password);
  await page.fill('[name=new-password-again]', again);
  await page.keyboard.press('Enter');
}

const row = (page, part) => page.locator(`[data-user=${NAME}] [data-part=${part}]`).textContent();
const done = (page) => page.locator('dialog [data-part=done]').textContent();
const inEnglish = (address) => address.replace('#', '?lang=en#');

mkdirSync(screenshots(), { recursive: true });

try {
  await test('the system administrator adds an account', REFUSALS, async (page) => {
    await signIn(page, 'sysadmin');
    await page.waitForSelector('[data-user=viewer]');
    await page.fill('[name=new-name]', NAME);
    await page.fill('[name=new-display-name]', 'New Comer');
    await page.keyboard.press('Enter');
    link = await page.locator(`[data-part=invitation][data-name=${NAME}] input`).inputValue();
    assert.match(link, new RegExp(`^${server.address}/invitation#.{16,}$`));
    assert.match((await row(page, 'state')) ?? '', /Invited/);
    assert.match((await row(page, 'towns')) ?? '', /None/);
    keep('accounts.png', await page.screenshot());
    await page.click(`[data-user=${NAME}] [data-action=change]`);
    await page.waitForSelector('dialog [data-action=suspend]');
    assert.equal(await page.locator('dialog [data-part=membership]').count(), 0);
    keep('account-invited.png', await page.screenshot());
  });

  await test('whoever was invited chooses a password and is let in', REFUSALS, async (page) => {
    await page.goto(inEnglish(link));
    await page.waitForSelector('[name=new-password]:focus');
    assert.equal(new URL(page.url()).hash, '');
    keep('invitation.png', await page.screenshot());
    await choose(page, PASSWORD, 'something else');
    assert.match((await page.locator('[data-part=refused]').textContent()) ?? '', /not the same/);
    const refused = page.waitForResponse(/\/v1\/invitation$/);
    await choose(page, 'aaaaaaaaaaaa');
    assert.equal((await refused).status(), 422);
    await page.waitForSelector('[data-part=refused]');
    await choose(page, PASSWORD);
    await page.waitForSelector('.top [data-part=account]');
    assert.match((await page.locator('.top [data-part=account]').textContent()) ?? '', /New Comer\s*Viewer/);
    assert.equal(new URL(page.url()).pathname, '/');
    keep('empty-handed.png', await page.screenshot());
  });

  await test('an invitation opens only once', REFUSALS, async (page) => {
    await page.goto(inEnglish(link));
    await page.waitForSelector('[name=new-password]:focus');
    const refused = page.waitForResponse(/\/v1\/invitation$/);
    await choose(page, `${PASSWORD} again`);
    assert.equal((await refused).status(), 410);
    await page.waitForSelector('[data-part=refused]');
    keep('invitation-used.png', await page.screenshot());
    await page.click('[data-action=go-sign-in]');
    await page.waitForSelector('[name=username]:focus');
  });

  await test('the security administrator gives it a role, but not to themselves', REFUSALS, async (page) => {
    await signIn(page, 'secadmin');
    await page.click(`[data-user=${NAME}] [data-action=change]`);
    await page.selectOption('dialog [name=role]', 'officer');
    await page.check('dialog [name=all-towns]');
    await page.check('dialog [name=all-departments]');
    keep('account-role.png', await page.screenshot());
    await page.click('dialog [data-action=entrust]');
    assert.match((await done(page)) ?? '', /New Comer is now: Officer/);
    await page.keyboard.press('Escape');
    assert.match((await row(page, 'role')) ?? '', /Officer/);
    assert.match((await row(page, 'towns')) ?? '', /All/);
    assert.equal(await page.locator('[name=new-name]').count(), 0);
    await page.click('[data-user=secadmin] [data-action=change]');
    await page.waitForSelector('dialog');
    assert.equal(await page.locator('dialog [data-part=membership]').count(), 0);
  });

  await test('a suspended account is let in no more', REFUSALS, async (page) => {
    await signIn(page, 'sysadmin');
    await page.click(`[data-user=${NAME}] [data-action=change]`);
    await page.click('dialog [data-action=suspend]');
    await page.waitForSelector('dialog [data-action=allow]');
    const other = await openPage(browser, REFUSALS);
    await signIn(other.page, NAME, PASSWORD);
    await other.page.waitForSelector('[data-part=refused]');
    await other.page.context().close();
  });

  await test('the auditor looks and changes nothing, on a phone', { ...REFUSALS, viewport: PHONE }, async (page) => {
    await signIn(page, 'auditor');
    await page.waitForSelector(`[data-user=${NAME}]`);
    assert.equal(await page.locator('[data-action=change], [name=new-name]').count(), 0);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), PHONE.width);
    keep('accounts-phone.png', await page.screenshot());
  });
} finally {
  await browser.close();
  await server.stop();
}
console.log(failed() === 0 ? 'administration: all passed' : `administration: ${failed()} failed`);
process.exit(failed() === 0 ? 0 : 1);
