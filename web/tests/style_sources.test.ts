// The style asks only for layers and attributes that the server's tilesets define.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { publishedStyle, TILESETS } from '../src/map/style';

const root = join(import.meta.dirname, '../..');

const STATES = ['open', 'overdue', 'closed', 'online', 'offline', 'unknown'];

/** Attributes by tileset and layer, read from `tiles/*.toml`: ids and names are all that is needed of them. */
function definedAttributes(): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const file of readdirSync(join(root, 'tiles')).filter((name) => /^\w+\.toml$/.test(name))) {
    const text = readFileSync(join(root, 'tiles', file), 'utf8').replace(/^\s*#.*$/gm, '');
    for (const block of text.split(/^\[\[layer\]\]$/m).slice(1)) {
      const id = /^id = "(\w+)"/m.exec(block)?.[1];
      const attributes = block.slice(block.indexOf('attributes = ['));
      const names = [...attributes.matchAll(/\{ name = "(\w+)"/g)].map((match) => match[1] as string);
      // What clusters and blocks carry beside the layer's own attributes: docs/TILES.md.
      if (/^cluster = /m.test(block)) names.push('cluster', 'point_count', ...STATES);
      if (/^merge = /m.test(block)) names.push('block');
      found.set(`${file.replace('.toml', '')}/${id}`, new Set(names));
    }
  }
  return found;
}

/** Names that an expression reads. */
function asked(expression: unknown): string[] {
  if (!Array.isArray(expression)) return [];
  if ((expression[0] === 'get' || expression[0] === 'has') && typeof expression[1] === 'string') return [expression[1]];
  return expression.flatMap(asked);
}

const defined = definedAttributes();
it('finds the tilesets', () => {
  for (const name of TILESETS)
    expect(
      [...defined.keys()].some((key) => key.startsWith(`${name}/`)),
      name,
    ).toBe(true);
});

it.each(publishedStyle('light').layers.map((layer) => [layer.id, layer] as const))(
  '%s has its source',
  (_id, layer) => {
    if (layer.type === 'background' || !('source-layer' in layer)) return;
    const key = `${layer.source}/${layer['source-layer']}`;
    const attributes = defined.get(key);
    expect(attributes, `${key} is not in tiles/`).toBeDefined();
    const values = [layer.filter, ...Object.values(layer.layout ?? {}), ...Object.values(layer.paint ?? {})];
    for (const name of values.flatMap(asked)) {
      expect([...(attributes ?? [])], `${key} for ${layer.id}`).toContain(name);
    }
  },
);
