import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec';
import { expect, it } from 'vitest';
import { en } from '../src/i18n/en';
import { ANCHORS } from '../src/map/anchors';
import { NOTHING_SELECTED } from '../src/map/layers/selection';
import { GROUPS } from '../src/map/record';
import { LISTED, REGISTRY } from '../src/map/registry';
import { buildStyle, type Look, publishedSources } from '../src/map/style';
import { THEMES } from '../src/map/themes';

const scene = { palette: THEMES.light, relief: true };
const all = REGISTRY.map((record) => record.id);
const looks: [string, Look][] = (['light', 'dark'] as const).flatMap((theme) =>
  [true, false].map((relief): [string, Look] => [
    `${theme} ${relief ? '3D' : '2D'}`,
    { theme, relief, shown: all, selection: { ...NOTHING_SELECTED, grid: 'g', exclusive: 'x' } },
  ]),
);

it.each(looks)('makes a valid style: %s', (_name, look) => {
  expect(validateStyleMin(buildStyle(look, publishedSources()))).toEqual([]);
});

it('gives every record and every layer a name of its own', () => {
  expect(new Set(all).size).toBe(all.length);
  const ids = REGISTRY.flatMap((record) => record.layers(scene).map((entry) => entry.layer.id));
  expect(new Set(ids).size).toBe(ids.length);
});

it.each(LISTED.map((record) => [record.id, record] as const))('%s has a group, words and a legend', (_id, record) => {
  expect(GROUPS).toContain(record.group);
  expect(en[record.label]).toBeTruthy();
  for (const zoom of [9, 12.5, 16]) {
    for (const row of record.legend(THEMES.dark, zoom)) expect(en[row.label]).toBeTruthy();
  }
  if (record.id !== 'place_names') expect(record.legend(THEMES.light, 16).length).toBeGreaterThan(0);
});

it.each(REGISTRY.map((record) => [record.id, record] as const))('%s hits only layers that it draws', (_id, record) => {
  const drawn = record.layers(scene).map((entry) => entry.layer.id);
  for (const id of record.hits?.layers ?? []) expect(drawn).toContain(id);
  for (const entry of record.layers(scene)) expect(ANCHORS).toContain(entry.anchor);
});

it('draws nothing of a record that is switched off', () => {
  const look: Look = { theme: 'light', relief: false, shown: [], selection: NOTHING_SELECTED };
  const ids = buildStyle(look, publishedSources()).layers.map((layer) => layer.id);
  expect(ids).not.toContain('case-mark');
  expect(ids).toContain('water-area');
});
