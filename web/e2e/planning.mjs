// The browser test of boundary drafts: a planner moves a shared border and splits a grid, another one publishes it, and a
// map that is open elsewhere paints itself anew.
//
// CIM_BIN tests another binary, CHROMIUM another browser; it always starts a server of its own.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { launch, mapIsDrawn, openPage } from './browser.mjs';
import { scenarios } from './scenario.mjs';
import { keep, screenshots, serveAccounts } from './server.mjs';

const PHONE = { width: 390, height: 844 };
/** Being nobody at first, a border that may not cross another and a conflict are what these tests are about. */
const REFUSALS = { expected: /HTTP (401|404|409|422)|status of 4(01|04|09|22)/ };
const SIDE_PX = 90;

const server = await serveAccounts();
const browser = await launch();
const { test, failed } = scenarios(browser);
/** The grid that is drawn on, and the drafts of the tests. */
let grid = null;
let draft = '';

async function open(page, name, path) {
  await page.goto(`${server.address}${path}`);
  await page.waitForSelector('[name=username]:focus');
  await page.fill('[name=username]', name);
  await page.fill('[name=password]', server.password);
  await page.keyboard.press('Enter');
}

const ask = (page, path) => page.evaluate(async (address) => (await fetch(address)).json(), path);

/** Comprehensive grids with many households are worth splitting: the one in the middle of the city will do. */
async function gridInTheMiddle(page) {
  const { bounds } = await ask(page, '/v1/city');
  const [lon, lat] = [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2];
  const answer = await ask(page, `/v1/responsibility?lon=${lon}&lat=${lat}`);
  return { code: answer.comprehensive_grid.code, name: answer.comprehensive_grid.name, lon, lat };
}

async function begin(page, title) {
  await page.fill('[name=draft-title]', title);
  await page.click('[data-action=begin]');
  await page.waitForSelector('[data-part=editor] [data-part=state]');
  return new URL(page.url()).pathname.split('/')[2];
}

async function openGrid(page) {
  await page.fill('[name=unit-code]', grid.code);
  await page.keyboard.press('Enter');
  await page.waitForSelector('[data-part=chosen]');
  await mapIsDrawn(page);
  await page.evaluate(() => document.activeElement.blur());
}

const settled = (page) => page.waitForSelector('[data-part=editor][data-busy=false]');

/** What a source of the map holds, with where its first point lies on the page. */
const drawn = (page, source) =>
  page.evaluate((name) => {
    const canvas = document.querySelector('.map');
    const box = canvas.getBoundingClientRect();
    return canvas.map.getStyle().sources[name].data.features.map(({ geometry, properties }) => {
      const { x, y } = canvas.map.project(geometry.coordinates.flat(Infinity).slice(0, 2));
      return { ...properties, x: x + box.left, y: y + box.top, left: x, top: y, width: box.width, height: box.height };
    });
  }, source);

/** Junctions that lie well within the map. */
async function junctions(page) {
  const handles = await drawn(page, 'plan-handles');
  return handles.filter(
    ({ node, left, top, width, height }) =>
      node && left > SIDE_PX && top > SIDE_PX && left < width - SIDE_PX && top < height - SIDE_PX,
  );
}

async function drag(page, from, dx, dy) {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + dx, from.y + dy, { steps: 4 });
}

const held = (page, op) => page.waitForSelector(`[data-op=${op}][data-holds=true]`);

mkdirSync(screenshots(), { recursive: true });

try {
  await test('a planner moves a shared border, and cannot tear it', REFUSALS, async (page) => {
    await open(page, 'planner', '/grids?lang=en');
    await page.waitForSelector('[name=draft-title]');
    grid = await gridInTheMiddle(page);
    draft = await begin(page, 'Even out the grids');
    await mapIsDrawn(page);
    assert.match((await page.locator('[data-part=why-not]').textContent()) ?? '', /nothing was changed/);
    keep('draft-new.png', await page.screenshot());
    await openGrid(page);
    await page.keyboard.press('e');
    const [junction] = await junctions(page);
    await drag(page, junction, 9, 7);
    assert.match((await page.locator('[data-part=moved]').textContent()) ?? '', /Moved by \d+/);
    assert.ok((await drawn(page, 'plan-ghost')).length > 0, 'the published border stays as a ghost');
    keep('draft-drag.png', await page.screenshot());
    await page.mouse.up();
    await held(page, 'move_node');
    await page.waitForSelector('[data-part=figures] [data-unit]');
    // Far away it would cross its neighbours: refused, and back where it was.
    await settled(page);
    const before = await drawn(page, 'plan-arcs');
    const [again] = await junctions(page);
    await drag(page, again, 320, 260);
    const refused = page.waitForResponse((response) => /\/ops$/.test(response.url()) && response.status() === 422);
    await page.mouse.up();
    await refused;
    await page.waitForSelector('[data-part=refused]');
    assert.deepEqual(await drawn(page, 'plan-arcs'), before);
    keep('draft-refused.png', await page.screenshot());
  });

  await test('walks, nudges, undoes and redoes without a mouse', REFUSALS, async (page) => {
    await open(page, 'planner', `/grids/${draft}/edit?lang=en`);
    await held(page, 'move_node');
    await openGrid(page);
    await page.keyboard.press('e');
    await page.keyboard.press(']');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowDown');
    const kept = page.waitForResponse(
      (response) => /\/ops$/.test(response.url()) && response.request().method() === 'POST',
    );
    await page.keyboard.press('Enter');
    assert.equal((await kept).status(), 201);
    await page.waitForFunction(() => document.querySelectorAll('[data-op][data-holds=true]').length === 2);
    await settled(page);
    await page.keyboard.press('z');
    await page.waitForSelector('[data-op][data-holds=false]');
    await settled(page);
    await page.keyboard.press('Shift+Z');
    await page.waitForFunction(() => document.querySelectorAll('[data-op][data-holds=true]').length === 2);
    await page.keyboard.press('?');
    await page.waitForSelector('dialog[open]');
  });

  await test('splits a grid as the server shows it, and submits', REFUSALS, async (page) => {
    await open(page, 'planner', `/grids/${draft}/edit?lang=en`);
    await held(page, 'move_node');
    await openGrid(page);
    await page.keyboard.press('s');
    const { left, right, middle } = await page.evaluate(() => {
      const box = document.querySelector('.map').getBoundingClientRect();
      return { left: box.left + 20, right: box.right - 20, middle: box.top + box.height * 0.45 };
    });
    await page.mouse.click(left, middle);
    await page.mouse.click(right, middle);
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-part=proposal]');
    assert.equal(await page.locator('[data-part=proposal] li').count(), 2);
    keep('draft-split.png', await page.screenshot());
    await page.keyboard.press('Escape');
    await page.waitForSelector('[data-op=split][data-holds=false]');
    await settled(page);
    await page.keyboard.press('Shift+Z');
    await held(page, 'split');
    await page.waitForSelector('[data-part=impact] [data-move]');
    await mapIsDrawn(page);
    keep('draft-impact.png', await page.screenshot());
    await page.click('[data-action=submit]');
    await page.waitForSelector('[data-part=review] [data-part=own]');
    assert.match((await page.locator('[data-part=own]').textContent()) ?? '', /somebody else/);
    assert.equal(await page.locator('[data-action=approve]').count(), 0);
  });

  await test('another planner sees it as a picture, publishes it, and an open map follows', REFUSALS, async (page) => {
    const third = await openPage(browser, REFUSALS);
    const heard = third.page.waitForResponse(/\/v1\/events/);
    await open(third.page, 'viewer', `/?lang=en&c=${grid.lon},${grid.lat},14`);
    await heard;
    await mapIsDrawn(third.page);
    await open(page, 'planner2', '/grids?lang=en');
    await page.click(`[data-draft="${draft}"] a`);
    await page.waitForSelector('[data-action=approve]');
    await page.waitForFunction(
      () => document.querySelector('.map')?.map?.getStyle()?.sources['plan-now'] !== undefined,
    );
    await page.waitForFunction(
      () => document.querySelector('.map').map.getStyle().sources['plan-now'].data.features.length > 0,
    );
    await page.waitForTimeout(700);
    await mapIsDrawn(page);
    keep('review.png', await page.screenshot());
    await page.keyboard.down('b');
    await page.waitForSelector('[data-part=review][data-blinking=true]');
    await page.keyboard.up('b');
    await page.waitForSelector('[data-part=review][data-blinking=false]');
    await page.mouse.click(720, 450);
    await page.fill('[name=comment]', 'Mind the clinic here');
    await page.click('[data-action=say]');
    await page.waitForSelector('[data-part=comments] li button.pin');
    await page.fill('[name=doc-no]', 'HM-2026-1');
    await page.click('[data-action=approve]');
    await page.waitForSelector('[data-action=publish]');
    await mapIsDrawn(page);
    keep('review-approved.png', await page.screenshot());
    const repainted = third.page.waitForResponse(/\/tiles\/boundary\/\d+/);
    await page.click('[data-action=publish]');
    await page.waitForSelector('[data-part=told]');
    assert.match((await page.locator('[data-part=told]').textContent()) ?? '', /Revision 2 is published and holds/);
    assert.equal((await repainted).status(), 200);
    assert.deepEqual(third.complaints, []);
    await mapIsDrawn(third.page);
    keep('review-third-page.png', await third.page.screenshot());
    await third.page.context().close();
  });

  await test('a draft that comes too late shows the conflict and follows', REFUSALS, async (page) => {
    await open(page, 'planner', '/grids?lang=en');
    await page.waitForSelector('[name=draft-title]');
    const drafts = [];
    for (const title of ['First', 'Second']) {
      drafts.push(await begin(page, title));
      await openGrid(page);
      await page.keyboard.press('e');
      const [junction] = await junctions(page);
      await drag(page, junction, -7, title === 'First' ? 6 : -6);
      await page.mouse.up();
      await held(page, 'move_node');
      await settled(page);
      await page.click('[data-action=to-list]');
      await page.waitForSelector('[name=draft-title]');
    }
    const [first, second] = drafts;
    await page.click(`[data-draft="${first}"] a`);
    await page.waitForSelector('[data-op=move_node]');
    await page.click('[data-action=submit]');
    await page.waitForSelector('[data-part=own]');
    const other = await openPage(browser, REFUSALS);
    await open(other.page, 'planner2', `/grids/${first}/review?lang=en`);
    await other.page.click('[data-action=approve]');
    await other.page.click('[data-action=publish]');
    await other.page.waitForSelector('[data-part=told]');
    await other.page.context().close();
    await page.goto(`${server.address}/grids/${second}/review?lang=en`);
    await page.click('[data-action=rebase]');
    await page.waitForSelector('[data-part=conflicts] [data-conflict]');
    await page.click('[data-conflict]');
    await page.waitForTimeout(700);
    await mapIsDrawn(page);
    keep('review-conflict.png', await page.screenshot());
    await page.click('[data-action=rebase-keep]');
    await page.waitForSelector('[data-part=told]');
    assert.equal(await page.locator('[data-part=conflicts]').count(), 0);
    await page.click('[data-action=to-list]');
    await page.click(`[data-draft="${second}"] [data-action=abandon]`);
    await page.click('[data-action=abandon-yes]');
    await page.waitForSelector(`[data-draft="${second}"][data-state=abandoned]`);
    keep('drafts.png', await page.screenshot());
  });

  await test('merges two neighbours, sends a draft back with a reason', REFUSALS, async (page) => {
    await open(page, 'planner', '/grids?lang=en');
    await page.waitForSelector('[name=draft-title]');
    const id = await begin(page, 'Put it together again');
    await openGrid(page);
    await page.keyboard.press('m');
    const both = (await drawn(page, 'plan-names')).filter(({ name }) => name.startsWith(grid.name));
    assert.equal(both.length, 2);
    for (const { x, y } of both) await page.mouse.click(x, y);
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-part=proposal]');
    await page.keyboard.press('Enter');
    await held(page, 'merge');
    await settled(page);
    await page.click('[data-action=submit]');
    await page.waitForSelector('[data-part=own]');
    const other = await openPage(browser, REFUSALS);
    await open(other.page, 'planner2', `/grids/${id}/review?lang=en`);
    await other.page.fill('[name=reason]', 'Too large');
    await other.page.click('[data-action=reject]');
    await other.page.waitForFunction(() => document.querySelector('.events')?.textContent?.includes('Too large'));
    await other.page.context().close();
  });

  await test('fits a phone', { ...REFUSALS, viewport: PHONE, hasTouch: true, isMobile: true }, async (page) => {
    await open(page, 'planner', '/grids?theme=dark');
    await page.waitForSelector('[data-draft]');
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), PHONE.width);
    keep('drafts-phone.png', await page.screenshot());
    await begin(page, '手机上看看');
    await openGrid(page);
    await page.click('[data-tool=move]');
    await mapIsDrawn(page);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), PHONE.width);
    keep('draft-phone.png', await page.screenshot());
    await page.goto(`${server.address}/grids/${draft}/review`);
    await page.waitForSelector('[data-part=published]');
    await mapIsDrawn(page);
    keep('review-phone.png', await page.screenshot());
  });
} finally {
  await browser.close();
  await server.stop();
}
console.log(failed() === 0 ? 'planning: all passed' : `planning: ${failed()} failed`);
process.exit(failed() === 0 ? 0 : 1);
