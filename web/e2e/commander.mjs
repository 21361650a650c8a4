// The browser test of the commander's way: from a hot spot to a case to the camera that sees it, and search over everything.
//
// CIM_URL tests a running server that is open, CIM_BIN another binary, CHROMIUM another browser.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { launch, mapIsDrawn } from './browser.mjs';
import { scenarios } from './scenario.mjs';
import { keep, screenshots, serve } from './server.mjs';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
/** A number that nobody has is asked for on purpose. */
const NOTHING = { expected: /HTTP 404|status of 404/ };
const CALLER = { name: '王小明', phone: '13812345678', address: '测试路1号' };

const server = await serve();
const browser = await launch();
const { test, failed } = scenarios(browser);
const ask = async (path, init) => (await fetch(server.address + path, init)).json();

const pathname = (page) => decodeURIComponent(new URL(page.url()).pathname);
const at = (page, path) => page.waitForFunction((wanted) => decodeURIComponent(location.pathname) === wanted, path);
/** What the map was given to draw, by role. */
const marks = (page) =>
  page.evaluate(() => {
    const { features } = document.querySelector('.map').map.getStyle().sources.marks.data;
    return features.map(({ properties }) => properties);
  });

async function open(page, address) {
  await page.goto(server.address + address);
  await mapIsDrawn(page);
}

async function search(page, text) {
  if ((await page.locator('[name=search]').count()) === 0) await page.keyboard.press('/');
  await page.waitForSelector('[name=search]:focus');
  await page.fill('[name=search]', text);
}

mkdirSync(screenshots(), { recursive: true });
const since = new Date(Date.now() - 90 * 86_400_000).toISOString();
const [spot] = (await ask(`/v1/hotspots?from=${since}`)).hotspots;
const caseNo = spot.case_nos[0];
const around = await ask(`/v1/around/case/${caseNo}`);
const told = await ask('/v1/cases', {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    source_system: 'e2e',
    source_no: `E2E${Date.now()}`,
    title: '请回电13812345678',
    content: '家住测试路，请回电13812345678',
    lon: spot.lon,
    lat: spot.lat,
    due_at: new Date(Date.now() - 3_600_000).toISOString(),
    reporter: CALLER,
  }),
});

try {
  await test('a hot spot leads to a case, and the case to the camera that sees it', {}, async (page) => {
    await open(page, '/?lang=en&theme=light');
    await page.keyboard.press('s');
    await page.waitForSelector('.spots');
    await page.click('.periods button:last-child');
    await page.waitForSelector('[data-spot="2"]');
    await page.keyboard.press('ArrowDown');
    assert.equal(await page.evaluate(() => document.activeElement.dataset.spot), '1');
    assert.deepEqual(
      (await marks(page)).filter(({ role, active }) => role === 'spot' && active).map(({ label }) => label),
      ['1'],
    );
    await page.keyboard.press('Enter');
    const row = page.locator('[data-part=spot-cases] [data-thing]').first();
    await row.waitFor();
    await mapIsDrawn(page);
    keep('hot-spots.png', await page.screenshot());
    await row.press('Enter');
    await page.waitForSelector('[data-part=case]');
    assert.match(pathname(page), /^\/case\//);
    assert.ok((await page.locator('[data-part=timeline] li').count()) > 0);
    await page.waitForSelector('[data-part=repeats]');
    await mapIsDrawn(page);
    keep('case.png', await page.screenshot());

    await page.keyboard.press('o');
    await page.waitForSelector('[data-group=cameras] [data-row="1"]');
    assert.match(pathname(page), /^\/around\/case\//);
    const groups = await page.$$eval('[data-group]', (parts) => parts.map((part) => part.dataset.group));
    assert.deepEqual(groups, ['chain', 'cameras', 'history', 'cases', 'key_places']);
    const stopped = around.cameras.items.some(({ sight }) => sight === 'blocked');
    if (stopped)
      await page.waitForFunction(() =>
        document
          .querySelector('.map')
          .map.getStyle()
          .sources.marks.data.features.some(({ properties }) => properties.role === 'cross'),
      );
    const drawn = await marks(page);
    const rows = await page.$$eval('[data-row]', (all) => new Set(all.map((one) => one.dataset.row)).size);
    assert.equal(drawn.filter(({ role }) => role === 'plate').length, rows, 'list and map are numbered alike');
    const cameras = await page.locator('[data-group=cameras] [data-row]').count();
    assert.ok(drawn.filter(({ role }) => role === 'sight').length >= cameras);
    await page.keyboard.press('Tab');
    await page.locator('.around button').first().focus();
    await page.keyboard.press('ArrowDown');
    assert.equal(await page.evaluate(() => document.activeElement.dataset.row), '1');
    await mapIsDrawn(page);
    keep('around.png', await page.screenshot());
    const camera = await page.evaluate(() => document.activeElement.dataset.thing);
    await page.keyboard.press('Enter');
    await at(page, `/${camera.replace(' ', '/')}`);
    await page.waitForSelector('[data-part=view] [data-sight=clear], [data-part=view] [data-sight=assumed]');
    await page.waitForFunction(() =>
      document
        .querySelector('.map')
        .map.getStyle()
        .sources.marks.data.features.some(({ properties }) => properties.role === 'view'),
    );
    await mapIsDrawn(page);
    keep('camera.png', await page.screenshot());
    await page.fill('[name=video-purpose]', 'browser test');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-part=still], [data-part=player], [data-part=video] .note');

    await page.goBack();
    await page.waitForSelector('[data-group=cameras] [data-row="1"]');
    await page.keyboard.press('Escape');
    await page.waitForSelector('[data-part=case]');
    await page.keyboard.press('Escape');
    await at(page, '/');
    assert.equal(await page.locator('.drawer').count(), 0);
    assert.deepEqual(new Set((await marks(page)).map(({ role }) => role)), new Set(['spot', 'spot-rank']));
  });

  await test('search answers a number, a unit, a camera, a building and a written place', NOTHING, async (page) => {
    await open(page, '/?lang=en');
    const camera = around.cameras.items[0].id;
    const { comprehensive_grid: grid } = around.responsibility;
    for (const [text, path, part] of [
      [caseNo, `/case/${caseNo}`, 'case'],
      [grid.code.toLowerCase(), `/unit/${grid.code}`, 'figures'],
      [camera, `/camera/${camera}`, 'camera'],
      [around.target.building_code, `/building/${around.target.building_code}`, 'building'],
    ]) {
      await page.keyboard.press('Control+k');
      await search(page, text);
      await page.waitForSelector('[role=option][aria-selected=true]');
      await page.keyboard.press('Enter');
      await at(page, path);
      await page.waitForSelector(`[data-part=${part}]`);
      await page.waitForSelector('[name=search]', { state: 'detached' });
    }
    await search(page, around.target.address ?? grid.name);
    await page.waitForSelector('[data-group=place] [role=option]');
    keep('search.png', await page.screenshot());
    // Enter before the answer waits for it.
    await page.fill('[name=search]', grid.name);
    await page.keyboard.press('Enter');
    await page.waitForSelector('[name=search]', { state: 'detached' });
    await page.waitForSelector('.drawer');
  });

  await test('search asks in which system coordinates are, and lets the server convert', {}, async (page) => {
    await open(page, '/?lang=en');
    await search(page, `${spot.lon}, ${spot.lat}`);
    await page.waitForSelector('[data-group=point] [role=option]');
    assert.equal(await page.locator('[role=option]').count(), 3);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => /[?&]at=/.test(location.search));
    const [lng, lat] = new URL(page.url()).searchParams.get('at').split(',').map(Number);
    const metres = Math.hypot((lng - spot.lon) * 94_500, (lat - spot.lat) * 111_000);
    assert.ok(metres > 300 && metres < 700, `GCJ-02 lies ${metres} m away`);
    await page.waitForSelector('[data-part=responsibility] .chain li');
  });

  await test('search leaves the characters of an input method alone', {}, async (page) => {
    await open(page, '/');
    const asked = [];
    page.on('request', (request) => request.url().includes('/v1/locate') && asked.push(request.url()));
    await page.keyboard.press('/');
    await page.waitForSelector('[name=search]:focus');
    const input = await page.context().newCDPSession(page);
    await input.send('Input.imeSetComposition', { text: 'changle', selectionStart: 7, selectionEnd: 7 });
    await page.waitForTimeout(500);
    assert.deepEqual(asked, []);
    await input.send('Input.insertText', { text: '常乐镇' });
    await page.waitForSelector('[role=option]');
    assert.equal(asked.length, 1);
    await page.keyboard.press('Escape');
    await page.waitForSelector('[data-action=search]:focus');
  });

  await test('says that nothing has this number', NOTHING, async (page) => {
    await open(page, '/case/NOBODY00000001?lang=en');
    await page.waitForSelector('[data-part=failed]');
    await search(page, 'NOBODY00000002');
    await page.waitForFunction(() => document.querySelector('[role=search]').textContent.includes('Nothing found'));
  });

  await test('shows who called for a reason, and forgets it with the drawer', {}, async (page) => {
    await open(page, `/case/${told.case_no}?lang=en`);
    await page.waitForSelector('[data-part=due].late');
    const drawer = page.locator('.drawer');
    assert.ok(!(await drawer.textContent()).includes(CALLER.phone));
    await page.click('[data-action=reveal]');
    await page.waitForSelector('[name=reveal-reason]:focus');
    await page.keyboard.type('abc');
    assert.ok(await page.isDisabled('[data-action=reveal-now]'));
    await page.keyboard.type(' call back');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-part=person]');
    assert.ok((await page.locator('[data-part=person]').textContent()).includes(CALLER.phone));
    keep('revealed.png', await page.screenshot());
    await page.keyboard.press('Escape');
    await page.waitForSelector('.drawer', { state: 'detached' });
    await page.goBack();
    await page.waitForSelector('[data-action=reveal]');
    assert.ok(!(await drawer.textContent()).includes(CALLER.phone));
    const stored = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state]),
    );
    assert.ok(!stored.includes(CALLER.phone));
  });

  await test('goes the same way on a phone', PHONE, async (page) => {
    await open(page, '/?lang=en&theme=dark');
    await page.tap('[data-action=hotspots-here]');
    await page.locator('.periods button').last().tap();
    await page.locator('[data-spot="1"]').tap();
    await page.locator('[data-part=spot-cases] [data-thing]').first().tap();
    await page.waitForSelector('[data-part=case]');
    assert.equal(await page.locator('.spots').count(), 0, 'a phone has room for one panel');
    await page.locator('[data-action=around]').tap();
    const camera = page.locator('[data-group=cameras] [data-row="1"]');
    await camera.scrollIntoViewIfNeeded();
    assert.ok((await camera.boundingBox()).height >= 44);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), PHONE.viewport.width);
    await mapIsDrawn(page);
    keep('around-phone.png', await page.screenshot());
    await camera.tap();
    await page.waitForSelector('[data-part=camera]');
  });
} finally {
  await browser.close();
  await server.stop();
}
console.log(failed() === 0 ? 'commander: all passed' : `commander: ${failed()} failed`);
process.exit(failed() === 0 ? 0 : 1);
