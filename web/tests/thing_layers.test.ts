import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec';
import { expect, it } from 'vitest';
import { NOTHING_SELECTED } from '../src/map/layers/selection';
import { thingLayers } from '../src/map/layers/things';
import { buildStyle, publishedSources } from '../src/map/style';

const styled = (theme: 'light' | 'dark', extras: ReturnType<typeof thingLayers>[]) =>
  buildStyle({ theme, relief: true, shown: [], selection: { ...NOTHING_SELECTED, extras } }, publishedSources());

it.each(['light', 'dark'] as const)('draws valid layers for things in %s', (theme) => {
  expect(validateStyleMin(styled(theme, [thingLayers(true, 'B1')]))).toEqual([]);
});

it('lays the veil on everything but what is about the thing', () => {
  const ids = styled('light', [thingLayers(true)]).layers.map(({ id }) => id);
  expect(ids.indexOf('veil')).toBeGreaterThan(ids.indexOf('a-count'));
  for (const id of ['sight-clear', 'sight-cross', 'ring', 'plate'])
    expect(ids.indexOf(id), id).toBeGreaterThan(ids.indexOf('veil'));
});

it('is the same function for the same drawing, so that only marks change', () => {
  expect(thingLayers(false, 'B1')).toBe(thingLayers(false, 'B1'));
  expect(thingLayers(false, 'B1')).not.toBe(thingLayers(false, 'B2'));
});
