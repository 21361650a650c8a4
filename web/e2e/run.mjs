// The browser test: opens the real map as a reader would, and keeps what it saw under out/screenshots.
//
// CIM_URL tests a running server, CIM_BIN another binary, CHROMIUM another browser.
import assert from 'node:assert/strict';
import { closeSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { launch, mapIsDrawn } from './browser.mjs';
import { scenarios } from './scenario.mjs';
import { keep, screenshots, serve } from './server.mjs';

const PHONE = { width: 390, height: 844 };
const BUDGET_BYTES = 440 * 1024;
const HEIGHTS = [
  { name: 'z10', zoom: 10 },
  { name: 'z13', zoom: 13 },
  { name: 'z16', zoom: 16 },
  { name: 'z17-3d', zoom: 17, bearing: -20, pitch: 55 },
];

const server = await serve();
const browser = await launch();
const { test, failed } = scenarios(browser);

/** Where people live: the middle of the densest place the server can tell us about. */
async function busyPlace() {
  const city = await (await fetch(`${server.address}/v1/city`)).json();
  const [west, south, east, north] = city.bounds;
  let best = { lng: (west + east) / 2, lat: (south + north) / 2, count: -1 };
  const STEPS = 12;
  for (let i = 1; i < STEPS; i++) {
    for (let j = 1; j < STEPS; j++) {
      const lng = west + ((east - west) * i) / STEPS;
      const lat = south + ((north - south) * j) / STEPS;
      const query = `lon=${lng}&lat=${lat}&radius_m=400&kinds=building&limit=300`;
      const { items } = await (await fetch(`${server.address}/v1/nearby?${query}`)).json();
      const floors = items.reduce((sum, item) => sum + (item.floors_above ?? 2), 0);
      if (floors > best.count) best = { lng, lat, count: floors };
    }
  }
  return best;
}

const drawnLayers = (page) =>
  page.evaluate(() => {
    const { map } = document.querySelector('.map');
    return [...new Set(map.queryRenderedFeatures().map((feature) => feature.layer.id))];
  });

async function open(page, query) {
  await page.goto(`${server.address}/${query}`);
  await mapIsDrawn(page);
  await page.evaluate(() => document.fonts.ready);
}

mkdirSync(screenshots(), { recursive: true });
const place = await busyPlace();
const at = (zoom, bearing = 0, pitch = 0) => `c=${place.lng},${place.lat},${zoom},${bearing},${pitch}`;

try {
  for (const theme of ['light', 'dark']) {
    for (const { name, zoom, bearing, pitch } of HEIGHTS) {
      await test(`${name} in ${theme}`, {}, async (page) => {
        await open(page, `?${at(zoom, bearing, pitch)}&theme=${theme}`);
        const drawn = await drawnLayers(page);
        assert.ok(drawn.includes('land'), `the ground is drawn: ${drawn}`);
        assert.ok(drawn.includes('town-border') || zoom > 14, `town borders are drawn: ${drawn}`);
        if (zoom >= 13)
          assert.ok(
            drawn.some((id) => id.startsWith('road-')),
            `roads are drawn: ${drawn}`,
          );
        if (zoom >= 16) assert.ok(drawn.includes(pitch ? 'building-relief' : 'building-area'), `buildings: ${drawn}`);
        keep(`${name}-${theme}.png`, await page.screenshot());
      });
    }
  }

  for (const theme of ['light', 'dark']) {
    // The page's complaints are the point: MapLibre and its workers warn in the console of what they dislike in a tile.
    await test(`no zoom makes the map complain in ${theme}`, {}, async (page) => {
      await open(page, `?${at(8)}&theme=${theme}`);
      await page.evaluate(() => {
        globalThis.mapErrors = [];
        document.querySelector('.map').map.on('error', ({ error }) => globalThis.mapErrors.push(String(error)));
      });
      const drawn = new Set();
      for (let zoom = 8; zoom <= 17; zoom += 0.5) {
        await page.evaluate((level) => document.querySelector('.map').map.jumpTo({ zoom: level }), zoom);
        await mapIsDrawn(page);
        for (const id of await drawnLayers(page)) drawn.add(id);
      }
      assert.deepEqual(await page.evaluate(() => globalThis.mapErrors), []);
      for (const id of ['town-border', 'building-area', 'camera-mark'])
        assert.ok(drawn.has(id), `${id} was drawn at some zoom: ${[...drawn]}`);
    });
  }

  await test('opens on everything that is loaded', {}, async (page) => {
    await open(page, '');
    assert.ok((await drawnLayers(page)).includes('town-border'));
    keep('first-view.png', await page.screenshot());
  });

  await test('a click answers with the chain and the nearest things', {}, async (page) => {
    await open(page, `?${at(16)}&theme=light`);
    await page.mouse.click(760, 470);
    await page.waitForSelector('[data-part=responsibility] .chain li');
    await page.waitForSelector('[data-part=nearby] ol li');
    const levels = await page.$$eval('[data-part=responsibility] .chain:not(.exclusive) > li', (rows) =>
      rows.map((row) => row.dataset.level),
    );
    assert.deepEqual(levels, ['micro_grid', 'comprehensive_grid', 'village', 'town', 'district']);
    const rows = await page.$$('[data-part=nearby] ol li');
    assert.ok(rows.length > 0 && rows.length <= 20);
    const numbers = await page.evaluate(
      () =>
        document
          .querySelector('.map')
          .map.getStyle()
          .sources.marks.data.features.filter((one) => one.properties.role === 'plate').length,
    );
    assert.equal(numbers, rows.length, 'list and map are numbered alike');
    assert.match(page.url(), /at=/);
    await rows[0].hover();
    await mapIsDrawn(page);
    keep('answer.png', await page.screenshot());
    const before = page.url();
    await (await rows[rows.length - 1].$('button')).click();
    await page.waitForFunction((old) => location.href !== old, before);
    await page.keyboard.press('Escape');
    await page.waitForSelector('.drawer', { state: 'detached' });
  });

  await test('a link opens the same answer', {}, async (page) => {
    await open(page, `?${at(16)}&at=${place.lng},${place.lat}`);
    await page.waitForSelector('[data-part=responsibility] .chain li');
  });

  await test('a place outside says so', {}, async (page) => {
    await open(page, `?${at(12)}&at=${place.lng + 3},${place.lat}`);
    await page.waitForFunction(() => document.querySelector('[data-part=responsibility] .note') !== null);
  });

  await test('speaks the language of the browser, and the other one', { locale: 'en-GB' }, async (page) => {
    await open(page, `?${at(14)}`);
    assert.equal(await page.locator('.layers h2').textContent(), 'Layers');
    await page.click('[data-action=language]');
    assert.equal(await page.locator('.layers h2').textContent(), '图层');
    assert.match(page.url(), /lang=zh-CN/);
  });

  await test('changes its theme without asking for a tile again', {}, async (page) => {
    await open(page, `?${at(15)}&theme=light`);
    let tiles = 0;
    page.on('request', (request) => (tiles += /\/tiles\/\w+\/\d+\//.test(request.url()) ? 1 : 0));
    await page.click('[data-action=theme]');
    await mapIsDrawn(page);
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
    assert.equal(await page.evaluate(() => document.querySelector('.map').map.getStyle().name), 'cim-dark');
    assert.equal(tiles, 0);
  });

  await test('layers go off and on, and the link says so', {}, async (page) => {
    await open(page, `?${at(16)}`);
    await page.click('[data-layer=cameras]');
    await mapIsDrawn(page);
    assert.ok(!(await drawnLayers(page)).includes('camera-mark'));
    assert.match(page.url(), /[?&]l=/);
    await page.click('[data-layer=cameras]');
    assert.doesNotMatch(page.url(), /[?&]l=/);
  });

  await test('keys work without a mouse', {}, async (page) => {
    await open(page, `?${at(15)}`);
    await page.keyboard.press('p');
    await page.waitForFunction(() => document.querySelector('.map').map.getPitch() > 40);
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-part=responsibility] .chain li');
    await page.keyboard.press('?');
    await page.waitForSelector('dialog[open]');
  });

  await test('fits a phone', { viewport: PHONE, hasTouch: true, isMobile: true }, async (page) => {
    await open(page, `?${at(16)}&theme=light`);
    await page.touchscreen.tap(195, 300);
    await page.waitForSelector('[data-part=nearby] ol li');
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), PHONE.width);
    await mapIsDrawn(page);
    keep('phone.png', await page.screenshot());
  });

  await test('is within its budget over the wire', {}, async (page) => {
    await open(page, '');
    // The browser's own account: it knows the worker's file too.
    const bytes = await page.evaluate(() =>
      [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
        .filter((entry) => !/\/(tiles|fonts)\//.test(entry.name))
        .reduce((sum, entry) => sum + entry.encodedBodySize, 0),
    );
    console.log(`      ${(bytes / 1024).toFixed(1)} KiB until the map was drawn, tiles and fonts apart`);
    assert.ok(bytes <= BUDGET_BYTES, `${bytes} bytes`);
  });

  await test(
    'without a stream asks again for the tiles of what has grown',
    { expected: /v1\/events|ERR_FAILED/ },
    async (page) => {
      let grown = false;
      await page.route('**/v1/events*', (route) => route.abort());
      await page.route('**/health/ready', async (route) => {
        const response = await route.fetch();
        const ready = await response.json();
        if (grown) {
          ready.counts.building += 1;
          ready.counts.comprehensive_grid += 3;
          ready.snapshot = 'grown';
        }
        await route.fulfill({ response, json: ready });
      });
      await open(page, `?${at(15)}&lang=en`);
      await page.waitForFunction(() => document.querySelector('.age.calm') !== null);
      const asked = page.waitForRequest(/\/tiles\/building\//);
      grown = true;
      await asked;
      await page.waitForFunction(() =>
        document.querySelector('.told')?.textContent?.includes('New data loaded: 3 grids'),
      );
    },
  );

  await test('hears of a new case and asks for exactly its tiles', {}, async (page) => {
    const heard = page.waitForResponse(/\/v1\/events/);
    await open(page, `?${at(16)}`);
    await heard;
    const asked = [];
    page.on('request', (request) => {
      const tile = /\/tiles\/(\w+\/\d+\/\d+\/\d+)/.exec(request.url());
      if (tile !== null) asked.push(tile[1]);
    });
    const column = Math.floor(((place.lng + 180) / 360) * 2 ** 16);
    const latitude = (place.lat * Math.PI) / 180;
    const row = Math.floor(((1 - Math.asinh(Math.tan(latitude)) / Math.PI) / 2) * 2 ** 16);
    const own = page.waitForResponse((response) => response.url().includes(`/tiles/linkage/16/${column}/${row}`));
    const posted = await fetch(`${server.address}/v1/cases`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        source_system: 'browser-test',
        source_no: `B-${Date.now()}`,
        title: 'A lamp is out',
        lon: place.lng,
        lat: place.lat,
      }),
    });
    assert.equal(posted.status, 201, await posted.text());
    assert.equal((await own).status(), 200);
    await mapIsDrawn(page);
    assert.ok(
      asked.every((tile) => tile.startsWith('linkage/16/')),
      `only tiles of the case: ${asked}`,
    );
    assert.ok(asked.length <= 4, `only those that show it: ${asked}`);
  });

  if (server.run === null) console.log('skip  draws a tileset from an archive (needs a server of its own)');
  else
    await test('draws a tileset from an archive', {}, async (page) => {
      const archive = join(server.folder, 'building.pmtiles');
      await server.run('export', 'tiles', 'building', archive, '--zoom', '13-16');
      const file = openSync(archive, 'r');
      const length = statSync(archive).size;
      let ranges = 0;
      await page.route(
        (url) => url.pathname === '/building.pmtiles',
        (route) => {
          const [, first, last] = /bytes=(\d+)-(\d+)/.exec(route.request().headers().range) ?? [];
          const bytes = Buffer.alloc(Math.min(Number(last), length - 1) - Number(first) + 1);
          readSync(file, bytes, 0, bytes.length, Number(first));
          ranges += 1;
          const headers = { 'content-range': `bytes ${first}-${Number(first) + bytes.length - 1}/${length}` };
          return route.fulfill({ status: 206, body: bytes, headers, contentType: 'application/octet-stream' });
        },
      );
      const served = [];
      page.on('request', (request) => {
        if (/\/tiles\/building\/\d/.test(request.url())) served.push(request.url());
      });
      await open(page, `?${at(17)}&lang=en&pmtiles=/building.pmtiles`);
      assert.ok((await drawnLayers(page)).includes('building-area'), 'buildings are drawn');
      assert.match((await page.locator('.credit').textContent()) ?? '', /From an archive, not live: building/);
      assert.ok(ranges > 2, `${ranges} parts of the archive were read`);
      assert.deepEqual(served, []);
      assert.match(page.url(), /pmtiles=/);
      keep('archive.png', await page.screenshot());
      closeSync(file);
    });

  await test('says when an archive is none', { expected: /HTTP 404|404/ }, async (page) => {
    await open(page, `?${at(16)}&lang=en&pmtiles=/none.pmtiles&pmtiles=https://example.org/a.pmtiles`);
    const alerts = await page.locator('.told [role=alert]').allTextContents();
    assert.equal(alerts.length, 2);
    assert.match(alerts.join(), /none\.pmtiles cannot be shown.*same server/);
    assert.ok((await drawnLayers(page)).includes('building-area'), 'the server draws instead');
  });

  await test('says when the data stands still', {}, async (page) => {
    await page.route('**/health/ready', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), stale: true, age_s: 60 } });
    });
    await open(page, `?${at(14)}&lang=en`);
    await page.waitForFunction(() => document.querySelector('.age.amber')?.textContent?.includes('stands still'));
  });

  await test('says when a question fails, and asks again', { expected: /503|nearby/ }, async (page) => {
    await page.route('**/v1/nearby*', (route) =>
      route.fulfill({ status: 503, contentType: 'application/problem+json', json: { title: 'Overloaded' } }),
    );
    await open(page, `?${at(16)}&at=${place.lng},${place.lat}&lang=en`);
    const alert = page.locator('[data-part=nearby] [role=alert]');
    await alert.waitFor();
    assert.match((await alert.textContent()) ?? '', /Overloaded/);
    await page.unroute('**/v1/nearby*');
    await page.click('[data-part=nearby] button:has-text("Try again")');
    await page.waitForSelector('[data-part=nearby] ol li');
  });

  await test('says what the data is', {}, async (page) => {
    await open(page, '?lang=en');
    await page.waitForFunction(() => document.querySelector('.credit strong')?.textContent?.includes('Synthetic'));
  });
} finally {
  await browser.close();
  await server.stop();
}
console.log(failed() === 0 ? 'browser: all passed' : `browser: ${failed()} failed`);
process.exit(failed() === 0 ? 0 : 1);
