import { expect, it } from 'vitest';
import { pointOf, readQuery } from '../src/stores/query';

it.each([
  '121.25, 31.93',
  '121.25 31.93',
  '121.25，31.93',
  '１２１．２５，３１．９３',
  '31.93, 121.25',
  '31.93N 121.25E',
  '121.25°E, 31.93°N',
])('reads %s as one place', (text) => expect(pointOf(text)).toEqual({ lon: 121.25, lat: 31.93 }));

it.each(['15 603', '121.25', '999.5, 3.2', '常乐镇 1.5'])('does not read %s as coordinates', (text) =>
  expect(pointOf(text)).toBeNull(),
);

it('asks for the system of coordinates in China, where maps are shifted', () => {
  expect(readQuery('121.25, 31.93').systems).toEqual(['wgs84', 'gcj02', 'bd09']);
  expect(readQuery('2.35, 48.85').systems).toEqual(['wgs84']);
  expect(readQuery('121.25, 31.93').place).toBe(false);
});

it.each([
  ['HM20251221103014152', ['case']],
  ['32061400091326010001', ['camera', 'case']],
  ['320614103', ['unit']],
  ['320614103001Z04W04', ['unit', 'case']],
  ['320614103001B00121', ['building']],
] as const)('asks for %s only what it may be the number of', (text, kinds) => {
  expect(readQuery(text)).toMatchObject({ kinds, place: false });
});

it('asks for words as a place', () => {
  expect(readQuery(' 日新新村15号楼 ')).toMatchObject({ text: '日新新村15号楼', kinds: [], place: true });
});

it('asks nothing for a single character or a short number', () => {
  for (const text of ['', '日', '15']) expect(readQuery(text)).toMatchObject({ kinds: [], place: false, point: null });
});
