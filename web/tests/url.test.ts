import { expect, it } from 'vitest';
import { archivesOf, formatView, parseView } from '../src/stores/url';

it('writes what it reads', () => {
  const search = '?c=121.165,31.895,16.3,-20,55&l=towns,cases&at=121.17,31.9&theme=dark&lang=en';
  expect(formatView(parseView(search))).toBe(search);
});

it('leaves out what is at its default', () => {
  expect(formatView(parseView('?c=121.165,31.895,14'))).toBe('?c=121.165,31.895,14');
  expect(formatView(parseView(''))).toBe('');
});

it('keeps parameters of others', () => {
  expect(formatView(parseView('?wall=1&theme=dark'), '?wall=1&theme=dark')).toBe('?wall=1&theme=dark');
});

it.each(['?c=', '?c=1,2', '?c=a,b,c', '?c=400,31,10', '?c=121,,10', '?c=1,2,3,4,5,6,7'])(
  'does not trip over %s',
  (search) => {
    expect(parseView(search).camera).toBeNull();
  },
);

it('holds pitch and zoom within what the map can do', () => {
  expect(parseView('?c=121,31,99,0,89').camera).toMatchObject({ zoom: 22, pitch: 60 });
});

it('does not believe an unknown theme, language or place', () => {
  expect(parseView('?theme=pink&lang=tlh&at=999,1')).toEqual({
    camera: null,
    layers: null,
    theme: null,
    language: null,
    at: null,
  });
});

it('finds the archives that an address names, and keeps them in it', () => {
  const search = '?pmtiles=/a.pmtiles&pmtiles=b.pmtiles&pmtiles=&pmtiles=b.pmtiles';
  expect(archivesOf(search)).toEqual(['/a.pmtiles', 'b.pmtiles']);
  expect(archivesOf('?c=1,2,3')).toEqual([]);
  expect(archivesOf(formatView(parseView('?pmtiles=%2Fa.pmtiles&theme=dark'), '?pmtiles=%2Fa.pmtiles'))).toEqual([
    '/a.pmtiles',
  ]);
});
