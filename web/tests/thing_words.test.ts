import { expect, it } from 'vitest';
import { thingsEn } from '../src/i18n/things.en';
import { type ThingKey, thingsZhCN } from '../src/i18n/things.zh-CN';
import { FONT_SLICES } from '../src/map/fonts.gen';

const keys = Object.keys(thingsZhCN) as ThingKey[];
const gaps = (sentence: string) => [...sentence.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

it('says the same things in both languages', () => {
  expect(Object.keys(thingsEn).sort()).toEqual([...keys].sort());
});

it.each(keys)('leaves the same gaps in %s', (key) => {
  expect(gaps(thingsEn[key])).toEqual(gaps(thingsZhCN[key]));
});

it('can be written in the fonts that the page has', () => {
  const covered = FONT_SLICES.flatMap(([ranges]) =>
    ranges.split(',').map((range) => {
      const [from = '', to = from] = range.slice(2).split('-');
      return [Number.parseInt(from, 16), Number.parseInt(to, 16)] as const;
    }),
  );
  const text = [...Object.values(thingsZhCN), ...Object.values(thingsEn)].join('');
  const missing = [...new Set(text)].filter((char) => {
    const code = char.codePointAt(0) ?? 0;
    return !covered.some(([from, to]) => code >= from && code <= to);
  });
  expect(missing).toEqual([]);
});
