// Starts the distribution's Chromium with software WebGL and watches what pages say and ask for.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
];

/** The browser to test with: `CHROMIUM` names another one. */
export async function launch() {
  const executablePath = process.env.CHROMIUM ?? CANDIDATES.find((path) => existsSync(path));
  if (executablePath === undefined) {
    throw new Error('no Chromium found: install the package `chromium` or set CHROMIUM to its path');
  }
  return chromium.launch({ executablePath, args: FLAGS });
}

/**
 * A page that remembers every console warning, error, failed request and request to another host; `expected` names
 * complaints that the test itself provokes.
 */
export async function openPage(browser, { expected, ...options }) {
  const context = await browser.newContext({ locale: 'zh-CN', reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  const complaints = [];
  const complain = (text) => {
    if (expected === undefined || !expected.test(text)) complaints.push(text);
  };
  // The software renderer's own remark about screenshots, not the page's.
  const remark = /GPU stall due to ReadPixels/;
  page.on('console', (message) => {
    if (['warning', 'error'].includes(message.type()) && !remark.test(message.text()))
      complain(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complain(`page error: ${error.message}`));
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== '127.0.0.1') complain(`left the host: ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) complain(`HTTP ${response.status()}: ${response.url()}`);
  });
  return { page, complaints };
}

/** Waits until the map has drawn all it has asked for. */
export async function mapIsDrawn(page, timeout = 60_000) {
  await page.waitForFunction(() => document.querySelector('.map')?.map !== undefined, null, { timeout });
  await page.evaluate(
    (limit) =>
      new Promise((resolve, reject) => {
        const { map } = document.querySelector('.map');
        const late = setTimeout(() => reject(new Error('the map is still drawing')), limit);
        const done = () => {
          clearTimeout(late);
          resolve();
        };
        if (map.loaded() && !map.isMoving()) done();
        else map.once('idle', done);
      }),
    timeout,
  );
}
