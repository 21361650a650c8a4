import { expect, it, vi } from 'vitest';
import { planningEn } from '../src/i18n/planning.en';
import { planningZhCN, type PlanningKey } from '../src/i18n/planning.zh-CN';
import { FONT_SLICES } from '../src/map/fonts.gen';
import { editCommandOf, SHEET, TOOL_KEYS } from '../src/planning/keys';
import { formatRoute, parseRoute } from '../src/planning/route.svelte';
import { today } from '../src/planning/today';

vi.stubGlobal('location', { pathname: '/grids', search: '' });
const gaps = (sentence: string) => [...sentence.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

it.each(Object.keys(planningZhCN) as PlanningKey[])('says %s in both languages, with the same gaps', (key) => {
  expect(gaps(planningEn[key])).toEqual(gaps(planningZhCN[key]));
  expect(planningEn[key].trim()).not.toBe('');
});

it('has every character of its words in the fonts', () => {
  const covered = FONT_SLICES.flatMap(([ranges]) =>
    ranges.split(',').map((range) =>
      range
        .slice(2)
        .split('-')
        .map((code) => Number.parseInt(code, 16)),
    ),
  );
  const text = [...Object.values(planningZhCN), ...Object.values(planningEn), '→◆▲'].join('');
  const missing = [...new Set(text)].filter((char) => {
    const code = char.codePointAt(0) ?? 0;
    return code >= 32 && !covered.some(([from = 0, to = from]) => code >= from && code <= to);
  });
  expect(missing).toEqual([]);
});

const press = (key: string, more = {}) => editCommandOf({ key, target: null, ...more } as unknown as KeyboardEvent);

it('has a key for every tool, and no key twice', () => {
  const keys = [...Object.values(TOOL_KEYS), 'Z', '?', '[', ']', 'F', '+', '-'];
  expect(new Set(keys).size).toBe(keys.length);
  for (const [tool, key] of Object.entries(TOOL_KEYS)) expect(press(key)).toEqual({ do: 'tool', tool });
  for (const { label } of SHEET) expect(planningZhCN[label]).toBeTruthy();
});

it('undoes by Z, redoes by Shift+Z, nudges by one pixel or ten', () => {
  expect(press('z')).toEqual({ do: 'undo' });
  expect(press('Z', { shiftKey: true })).toEqual({ do: 'redo' });
  expect(press('ArrowUp')).toEqual({ do: 'nudge', x: 0, y: -1 });
  expect(press('ArrowRight', { shiftKey: true })).toEqual({ do: 'nudge', x: 10, y: 0 });
});

it('leaves keys alone while somebody writes', () => {
  const target = { closest: () => ({}) };
  expect(press('s', { target })).toBeUndefined();
  expect(press('s', { isComposing: true })).toBeUndefined();
  expect(press('s', { ctrlKey: true })).toBeUndefined();
});

it('reads the addresses that it writes, and takes anything else for the list', () => {
  for (const route of [{ page: 'list' }, { page: 'edit', id: 7 }, { page: 'review', id: 12 }] as const)
    expect(parseRoute(formatRoute(route))).toEqual(route);
  expect(parseRoute('/grids/x/edit')).toEqual({ page: 'list' });
  expect(parseRoute('/grids/7/publish')).toEqual({ page: 'list' });
});

it('knows the day in China', () => {
  expect(today(new Date('2026-11-30T16:30:00Z'))).toBe('2026-12-01');
  expect(today(new Date('2026-11-30T15:30:00Z'))).toBe('2026-11-30');
});
