// Fails when the first load is heavier than allowed: everything in dist/ but fonts, as it goes over the wire.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const LIMIT_BYTES = 440 * 1024;
const dist = join(dirname(fileURLToPath(import.meta.url)), '../dist');
let total = 0;
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath ?? entry.path, entry.name);
  if (!entry.isFile() || relative(dist, file).startsWith('fonts') || file.endsWith('.br')) continue;
  const sent = existsSync(`${file}.br`) ? `${file}.br` : file;
  const bytes = statSync(sent).size;
  total += bytes;
  console.log(`${(bytes / 1024).toFixed(1).padStart(8)} KiB  ${relative(dist, sent)}`);
}
console.log(`${(total / 1024).toFixed(1).padStart(8)} KiB  of ${LIMIT_BYTES / 1024} KiB allowed`);
process.exit(total > LIMIT_BYTES ? 1 : 0);
