import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { en } from '../src/i18n/en';
import { zhCN } from '../src/i18n/zh-CN';
import { FONT_SLICES } from '../src/map/fonts.gen';

const web = join(import.meta.dirname, '..');
const MOST_BYTES = 6e6;

const covered: [number, number][] = FONT_SLICES.flatMap(([ranges]) =>
  ranges.split(',').map((range): [number, number] => {
    const [from = '', to = from] = range.slice(2).split('-');
    return [Number.parseInt(from, 16), Number.parseInt(to, 16)];
  }),
);
const missing = (text: string) =>
  [...new Set(text)].filter((char) => {
    const code = char.codePointAt(0) ?? 0;
    return code >= 32 && !covered.some(([from, to]) => code >= from && code <= to);
  });

it('has every file that the table names, and a licence', () => {
  const files = FONT_SLICES.flatMap(([, regular, bold]) => (bold === null ? [regular] : [regular, bold]));
  for (const file of files) expect(existsSync(join(web, 'public/fonts', file)), file).toBe(true);
  expect(readFileSync(join(web, 'public/fonts/OFL.txt'), 'utf8')).toContain('SIL OPEN FONT LICENSE');
});

it('stays below six megabytes', () => {
  const folder = join(web, 'public/fonts');
  const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
  expect(bytes).toBeLessThan(MOST_BYTES);
});

it('can write every word of the app', () => {
  expect(missing([...Object.values(zhCN), ...Object.values(en)].join(''))).toEqual([]);
});

it('can write all of GB 2312', () => {
  const decoder = new TextDecoder('gb2312');
  const cells = Array.from({ length: 0xf7 - 0xb0 + 1 }, (_, row) =>
    Array.from({ length: 94 }, (_, cell) => decoder.decode(Uint8Array.of(0xb0 + row, 0xa1 + cell))),
  ).flat();
  expect(missing(cells.filter((char) => /^\p{Script=Han}$/u.test(char)).join(''))).toEqual([]);
});

it('can write the names of the division codes', () => {
  const folder = join(web, '../data');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.csv'));
  expect(missing(names.map((name) => readFileSync(join(folder, name), 'utf8')).join(''))).toEqual([]);
});
