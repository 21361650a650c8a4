import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { publishedStyle } from '../src/map/style';

it.each(['light', 'dark'] as const)('styles/%s.json is what the source makes (else: npm run styles)', (theme) => {
  const file = readFileSync(join(import.meta.dirname, `../../styles/${theme}.json`), 'utf8');
  expect(file === `${JSON.stringify(publishedStyle(theme), null, 1)}\n`).toBe(true);
});
