// Fails when the first load is heavier than allowed: what the start page names and the map, as they go over the wire.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LIMIT_BYTES = 440 * 1024;
/** Loaded at once though not named by the start page: the map, its style and its worker. */
const MAP = /^(MapHost|maplibre-gl-worker)-/;
const dist = join(dirname(fileURLToPath(import.meta.url)), '../dist');
const assets = readdirSync(join(dist, 'assets')).filter((name) => !name.endsWith('.br'));

/** What a script loads before it runs; `import()` with brackets waits until it is wanted. */
function staticImports(name) {
  if (!name.endsWith('.js')) return [];
  const text = readFileSync(join(dist, 'assets', name), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)].map(([, imported]) => imported);
}

const page = readFileSync(join(dist, 'index.html'), 'utf8');
const first = new Set();
const open = assets.filter((name) => MAP.test(name) || page.includes(`/assets/${name}"`));
for (let name = open.pop(); name !== undefined; name = open.pop()) {
  if (first.has(name) || !assets.includes(name)) continue;
  first.add(name);
  open.push(...staticImports(name));
}

/** Bytes as they are sent. */
function weigh(path) {
  const sent = existsSync(join(dist, `${path}.br`)) ? `${path}.br` : path;
  const bytes = statSync(join(dist, sent)).size;
  console.log(`${(bytes / 1024).toFixed(1).padStart(8)} KiB  ${sent}`);
  return bytes;
}

const sum = (paths) => paths.reduce((total, path) => total + weigh(path), 0);
const total = sum([
  'index.html',
  'icon.svg',
  ...assets.filter((name) => first.has(name)).map((name) => `assets/${name}`),
]);
console.log(`${(total / 1024).toFixed(1).padStart(8)} KiB  at first, of ${LIMIT_BYTES / 1024} KiB allowed`);
const later = sum(assets.filter((name) => !first.has(name)).map((name) => `assets/${name}`));
console.log(`${(later / 1024).toFixed(1).padStart(8)} KiB  only where they are wanted`);
process.exit(total > LIMIT_BYTES ? 1 : 0);
