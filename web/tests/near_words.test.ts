import { expect, it } from 'vitest';
import { nearEn } from '../src/i18n/near.en';
import { nearZhCN } from '../src/i18n/near.zh-CN';
import { FONT_SLICES } from '../src/map/fonts.gen';

const gaps = (sentence: string) => [...sentence.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
const keys = Object.keys(nearZhCN) as (keyof typeof nearZhCN)[];

it('says the same things in both languages', () => {
  expect(Object.keys(nearEn).sort()).toEqual([...keys].sort());
});

it('leaves the same gaps in both languages and no sentence empty', () => {
  for (const key of keys) {
    expect(gaps(nearEn[key]), key).toEqual(gaps(nearZhCN[key]));
    expect(nearEn[key].trim(), key).not.toBe('');
  }
});

it('can write every word of the phone page', () => {
  const ranges = FONT_SLICES.flatMap(([listed]) =>
    listed.split(',').map((range): [number, number] => {
      const [from = '', to = from] = range.slice(2).split('-');
      return [Number.parseInt(from, 16), Number.parseInt(to, 16)];
    }),
  );
  const text = [...Object.values(nearZhCN), ...Object.values(nearEn)].join('');
  const missing = [...new Set(text)].filter((char) => {
    const code = char.codePointAt(0) ?? 0;
    return !ranges.some(([from, to]) => code >= from && code <= to);
  });
  expect(missing).toEqual([]);
});
