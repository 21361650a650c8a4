// The browser test of the phone page: an officer finds the nearest overdue case, reports without a network, and sees it sent.
//
// CIM_BIN tests another binary, CHROMIUM another browser; it always starts a server of its own. CIM_FRONT: see front.mjs.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { launch } from './browser.mjs';
import { withFront } from './front.mjs';
import { scenarios } from './scenario.mjs';
import { keep, screenshots, serveAccounts } from './server.mjs';

const PHONE = { width: 390, height: 844 };
/** Being nobody at first and having no network are what these tests are about. */
const PROVOKED = { expected: /HTTP (401|422)|status of 4(01|22)|ERR_(INTERNET_DISCONNECTED|FAILED)/ };
const TITLE = '路灯不亮';

const server = await withFront(await serveAccounts());
const browser = await launch();
const { test, failed } = scenarios(browser);

/** Asks the server as the officer, apart from the page. */
async function session() {
  const headers = { 'content-type': 'application/json', origin: server.address };
  const body = JSON.stringify({ name: 'officer', password: server.password });
  const answer = await fetch(`${server.address}/v1/session`, { method: 'POST', headers, body });
  const cookie = answer.headers.getSetCookie().map((one) => one.split(';')[0]);
  return async (path) => (await fetch(server.address + path, { headers: { cookie: cookie.join('; ') } })).json();
}

const ask = await session();

/** Where an officer stands: not far from a case whose time is up. */
async function place() {
  const [west, south, east, north] = (await ask('/v1/city')).bounds;
  const middle = `lon=${(west + east) / 2}&lat=${(south + north) / 2}`;
  const { items } = await ask(`/v1/nearby?${middle}&kinds=case&state=overdue&limit=1`);
  assert.ok(items.length > 0, 'the demo has no overdue case for an officer');
  return { longitude: items[0].lon + 0.0008, latitude: items[0].lat + 0.0004, accuracy: 38 };
}

const geolocation = await place();
const HERE = `lon=${geolocation.longitude}&lat=${geolocation.latitude}`;
const device = { viewport: PHONE, hasTouch: true, isMobile: true, geolocation, permissions: ['geolocation'] };

async function signIn(page, address = '/near?lang=en') {
  await page.goto(server.address + address);
  await page.waitForSelector('[name=username]:focus');
  await page.keyboard.type('officer');
  await page.keyboard.press('Tab');
  await page.keyboard.type(server.password);
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-part=near]');
}

const text = async (page, selector) => (await page.locator(selector).first().textContent()) ?? '';
const isKept = (page) => page.waitForSelector('[data-part=device]:has-text("kept on this device")');

async function write(page, title) {
  await page.tap('[data-tab=report]');
  await page.fill('[name=title]', title);
  await page.fill('[name=words]', 'Lamp 3 has been dark for two nights.');
}

mkdirSync(screenshots(), { recursive: true });

try {
  await test('an officer finds the nearest overdue case', { ...PROVOKED, ...device }, async (page) => {
    await signIn(page);
    await page.waitForSelector('[data-part=list] article');
    assert.match(await text(page, '[data-part=fix]'), /GPS 38 m/);
    assert.equal(await page.locator('.maplibregl-canvas').count(), 0);
    await page.tap('[data-action=overdue]');
    await page.waitForFunction(() => {
      const due = [...document.querySelectorAll('[data-part=due]')];
      return due.length > 0 && due.every((one) => /Overdue/.test(one.textContent ?? ''));
    });
    const { items } = await ask(`/v1/nearby?${HERE}&radius_m=1000&kinds=case&state=overdue&limit=1`);
    assert.equal(await page.locator('[data-part=list] article').first().getAttribute('data-id'), items[0].id);
    await page.waitForSelector('[data-part=list] article :text("Grid")');
    keep('near-overdue.png', await page.screenshot());
    await page.tap('summary:has-text("Where am I")');
    await page.waitForSelector('[data-part=where] dl');
    assert.match(await text(page, '[data-part=where]'), /to the grid border|on the border/i);
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('[data-part=near] :is(button, a, input, select, summary)')]
        .filter((one) => one.getClientRects().length > 0)
        .map((one) => [one.textContent?.trim(), one.getBoundingClientRect()])
        .filter(([, { width, height }]) => width < 43.5 || height < 43.5)
        .map(([name, { width, height }]) => `${name} ${width}x${height}`),
    );
    assert.deepEqual(small, []);
    const started = Date.now();
    await page.reload({ waitUntil: 'commit' });
    await page.waitForSelector('[data-part=list] article');
    console.log(`      the list was there ${Date.now() - started} ms after opening the page again`);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), PHONE.width);
  });

  await test('a report waits without a network and is sent with it', { ...PROVOKED, ...device }, async (page) => {
    const context = page.context();
    await signIn(page);
    await page.waitForSelector('[data-part=list] article');
    await page.tap('[data-tab=queue]');
    await isKept(page);
    const files = await page.evaluate(async () =>
      (await (await caches.open('cim-app')).keys()).map(({ url }) => new URL(url).pathname),
    );
    assert.ok(files.includes('/'));
    assert.deepEqual(
      files.filter((path) => path !== '/' && !/^\/(assets|fonts)\//.test(path)),
      [],
    );
    await context.setOffline(true);
    await page.waitForSelector('[data-part=offline]');
    await write(page, TITLE);
    await page.reload();
    // Out of what this device keeps: page, person, list and draft.
    await page.waitForSelector('[data-part=near]');
    await page.tap('[data-tab=near]');
    assert.match(await text(page, '[data-part=age]'), /List from .* ago \(offline\)/);
    keep('near-offline.png', await page.screenshot());
    await page.tap('[data-tab=report]');
    assert.equal(await page.inputValue('[name=title]'), TITLE);
    await page.waitForSelector('[data-action=check]:enabled');
    await page.tap('[data-action=check]');
    assert.match(await text(page, '[data-part=duplicates]'), /without the network/);
    await page.tap('[data-action=send]');
    const no = await page.locator('[data-part=waits] li').getAttribute('data-no');
    assert.match(await text(page, '[data-part=offline]'), /Offline · 1 waiting/);
    keep('near-waiting.png', await page.screenshot());
    await page.reload();
    await page.waitForSelector(`[data-part=waits] [data-no=${no}]`);

    await context.setOffline(false);
    await page.waitForSelector(`[data-part=receipts] [data-no=${no}]`, { timeout: 45_000 });
    assert.match(await text(page, '[data-part=snapshot]'), /^\d+:\d+:/);
    keep('near-receipt.png', await page.screenshot());
    const taken = await ask(`/v1/findings/${no}`);
    assert.equal(taken.title, TITLE);
    assert.ok(Math.abs(taken.lon - geolocation.longitude) < 1e-6);
    const { items } = await ask(`/v1/nearby?${HERE}&radius_m=50&kinds=finding&state=open`);
    assert.equal(items.filter((item) => item.id === no).length, 1);

    // The same words again at the same place: the first report is shown before the second is sent.
    await write(page, TITLE);
    await page.tap('[data-action=check]');
    await page.waitForSelector(`[data-id=${no}]`);
    keep('near-duplicate.png', await page.screenshot());
    await page.tap('[data-action=duplicate]');
    assert.equal(await page.inputValue('[name=title]'), '');
  });

  await test('a shifted position is converted by the server', { ...PROVOKED, ...device }, async (page) => {
    await signIn(page);
    await page.waitForSelector('[data-part=list] article');
    await page.tap('[data-action=place]');
    const asked = page.waitForRequest(/\/v1\/nearby\?.*crs=gcj02/);
    await page.selectOption('[name=device-crs]', 'gcj02');
    await asked;
    assert.match(await text(page, '[data-part=fix]'), /GCJ-02/);
    await page.fill('[name=place]', `${geolocation.longitude}, ${geolocation.latitude}`);
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-part=fix]:has-text("Chosen place")');
  });

  await test(
    'what the server refuses is kept, explained and can be changed',
    { ...PROVOKED, ...device },
    async (page) => {
      await page.route(/\/v1\/findings$/, (route) =>
        route.continue({ postData: JSON.stringify({ ...route.request().postDataJSON(), title: '' }) }),
      );
      await signIn(page);
      await page.waitForSelector('[data-part=list] article');
      await write(page, 'Refused at first');
      await page.tap('[data-action=check]');
      await page.tap('[data-action=send]');
      await page.waitForSelector('[data-part=refusals] .why');
      keep('near-refused.png', await page.screenshot());
      await page.unroute(/\/v1\/findings$/);
      await page.tap('[data-part=refusals] [data-action=edit]');
      await page.fill('[name=title]', 'Right at last');
      await page.tap('[data-action=check]');
      await page.tap('[data-action=send]');
      await page.waitForSelector('[data-part=receipts] :text("Right at last")');
      assert.equal(await page.locator('[data-part=refusals]').count(), 0);
    },
  );

  await test('what waits without a session goes out after signing in', { ...PROVOKED, ...device }, async (page) => {
    await signIn(page);
    await page.waitForSelector('[data-part=list] article');
    await write(page, 'Written in between');
    await page.tap('[data-action=check]');
    await page.waitForSelector('[data-action=send]');
    await page.context().clearCookies();
    await page.tap('[data-action=send]');
    await page.waitForSelector('[name=username]');
    keep('near-signed-out.png', await page.screenshot());
    await page.fill('[name=username]', 'officer');
    await page.fill('[name=password]', server.password);
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-part=receipts] :text("Written in between")');
  });

  await test('what is kept for opening offline can be taken away', { ...PROVOKED, ...device }, async (page) => {
    await signIn(page);
    await page.tap('[data-tab=queue]');
    await isKept(page);
    await page.tap('[data-action=uninstall]');
    await page.waitForSelector('[data-part=device]:has-text("Removed")');
    assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
    assert.equal(await page.evaluate(() => caches.has('cim-app')), false);
  });

  await test(
    'the page reads well on a desk and in Chinese',
    { ...PROVOKED, ...device, isMobile: false, viewport: { width: 1440, height: 900 } },
    async (page) => {
      await signIn(page, '/near?lang=zh-CN');
      await page.waitForSelector('[data-part=list] article');
      keep('near-desk.png', await page.screenshot());
      assert.match(await text(page, '[data-part=fix]'), /GPS 38 米/);
      await page.click('[data-tab=report]');
      await page.waitForSelector('.tiles button');
      await page.setViewportSize(PHONE);
      keep('near-report.png', await page.screenshot());
      await page.click('[data-tab=near]');
      await page.click('[data-action=theme]');
      await page.click('[data-action=place]');
      await page.fill('[name=place]', '常乐镇');
      await page.keyboard.press('Enter');
      await page.waitForSelector('section li button');
      keep('near-place.png', await page.screenshot());
      await page.click('section li button');
      await page.click('[data-group=camera]');
      await page.waitForSelector('[data-kind=camera]');
      keep('near-dark.png', await page.screenshot());
    },
  );
} finally {
  await browser.close();
  await server.stop();
}
console.log(failed() === 0 ? 'near: all passed' : `near: ${failed()} failed`);
process.exit(failed() === 0 ? 0 : 1);
