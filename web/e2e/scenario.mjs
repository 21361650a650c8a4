// Runs named tests, each on a page of its own, and counts those that fail.
import assert from 'node:assert/strict';
import { openPage } from './browser.mjs';
import { keep } from './server.mjs';

const DESK = { width: 1440, height: 900 };

/** `test` runs one; a complaint of the page fails it too. `failed` says how many did. */
export function scenarios(browser) {
  let failed = 0;
  async function test(name, options, body) {
    const started = Date.now();
    const { page, complaints } = await openPage(browser, { viewport: DESK, ...options });
    try {
      await body(page);
      assert.deepEqual([...new Set(complaints)], []);
      console.log(`ok    ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
    } catch (error) {
      failed += 1;
      keep(`failed-${name.replaceAll(/\W+/g, '-')}.png`, await page.screenshot().catch(() => Buffer.alloc(0)));
      console.error(`FAIL  ${name}\n${error instanceof Error ? error.message : error}\n${complaints.join('\n')}`);
    } finally {
      await page.context().close();
    }
  }
  return { test, failed: () => failed };
}
