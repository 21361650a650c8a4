import { expect, it, vi } from 'vitest';

vi.mock('maplibre-gl', () => ({ addProtocol: vi.fn() }));
const { archiveAddress, archivedTile } = await import('../src/map/archive');

it('takes archives of the same server only', () => {
  const page = 'http://127.0.0.1:8080/?c=1,2,3';
  expect(archiveAddress('/tiles.pmtiles', page)).toBe('http://127.0.0.1:8080/tiles.pmtiles');
  expect(archiveAddress('tiles.pmtiles', page)).toBe('http://127.0.0.1:8080/tiles.pmtiles');
  for (const other of ['https://example.org/a.pmtiles', '//example.org/a.pmtiles', 'file:///a.pmtiles', 'http://']) {
    expect(archiveAddress(other, page)).toBeNull();
  }
});

it('knows the tile that a request means', () => {
  expect(archivedTile('pmtiles://building/14/13706/6659')).toEqual({ tileset: 'building', z: 14, x: 13706, y: 6659 });
  for (const other of ['pmtiles://building', 'pmtiles://building/14/1', 'http://building/1/2/3', '']) {
    expect(archivedTile(other)).toBeNull();
  }
});
