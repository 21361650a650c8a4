import { expect, it } from 'vitest';
import { en } from '../src/i18n/en';
import { fill } from '../src/i18n/fill';
import { zhCN } from '../src/i18n/zh-CN';

const gaps = (sentence: string) => [...sentence.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

it('says the same things in both languages', () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(zhCN).sort());
});

it.each(Object.keys(zhCN) as (keyof typeof zhCN)[])('leaves the same gaps in %s', (key) => {
  expect(gaps(en[key])).toEqual(gaps(zhCN[key]));
  expect(en[key].trim()).not.toBe('');
  expect(zhCN[key].trim()).not.toBe('');
});

it('shows a gap that nobody filled', () => {
  expect(fill('{n} of {m}', { n: 3 })).toBe('3 of {m}');
});
