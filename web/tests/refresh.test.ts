import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { MAX_ZOOM, STRETCHED_ZOOMS, type Tile, TileRefresh } from '../src/map/refresh';
import { TILESETS } from '../src/map/style';

let refreshed: [string, readonly Tile[] | null][] = [];
let frames: (() => void)[] = [];
const draw = () => frames.splice(0).forEach((frame) => frame());
const refresh = () =>
  new TileRefresh(
    (source, tiles) => refreshed.push([source, tiles]),
    (then) => frames.push(then),
  );
const tile = { z: 14, x: 1, y: 2 };

beforeEach(() => {
  refreshed = [];
  frames = [];
});

it('asks once a frame, for each tile once', () => {
  const tiles = refresh();
  tiles.changed('building', [[14, 1, 2]]);
  tiles.changed('building', [
    [14, 1, 2],
    [14, 1, 3],
  ]);
  tiles.changed('linkage', [[13, 0, 1]]);
  expect(refreshed).toEqual([]);
  draw();
  expect(refreshed).toEqual([
    ['building', [tile, { z: 14, x: 1, y: 3 }]],
    ['linkage', [{ z: 13, x: 0, y: 1 }]],
  ]);
  draw();
  expect(refreshed).toHaveLength(2);
});

it('asks for all of a source rather than for a multitude', () => {
  const tiles = refresh();
  tiles.changed(
    'building',
    Array.from({ length: 20_001 }, (_, x) => [17, x, 0] as const),
  );
  tiles.changed('building', [[14, 1, 2]]);
  tiles.all('base');
  draw();
  expect(refreshed).toEqual([
    ['building', null],
    ['base', null],
  ]);
});

it('asks again for a tile that was on its way while it was named', () => {
  const tiles = refresh();
  tiles.asked('building', tile);
  tiles.asked('base', tile);
  tiles.changed('building', [[14, 1, 2]]);
  draw();
  refreshed = [];
  tiles.came('base', tile);
  tiles.came('building', tile);
  draw();
  expect(refreshed).toEqual([['building', [tile]]]);
  tiles.came('building', tile);
  draw();
  expect(refreshed).toHaveLength(1);
});

it.each(TILESETS)('shows the tiles of %s as the server names them', (name) => {
  const text = readFileSync(join(import.meta.dirname, '../../tiles', `${name}.toml`), 'utf8');
  const last = Number(/^max_zoom = (\d+)/m.exec(text)?.[1]);
  expect(last).toBeGreaterThanOrEqual(MAX_ZOOM - STRETCHED_ZOOMS);
});
