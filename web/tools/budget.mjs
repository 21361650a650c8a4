// Fails when the first load is heavier than allowed: everything in dist/ but fonts, as Brotli.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const LIMIT_BYTES = 440 * 1024;
const dist = join(dirname(fileURLToPath(import.meta.url)), '../dist');
let total = 0;
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  const file = join(entry.parentPath ?? entry.path, entry.name);
  if (!entry.isFile() || relative(dist, file).startsWith('fonts')) continue;
  const raw = readFileSync(file);
  const packed = brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }).length;
  total += packed;
  console.log(`${(packed / 1024).toFixed(1).padStart(8)} KiB  ${relative(dist, file)}`);
}
console.log(`${(total / 1024).toFixed(1).padStart(8)} KiB  of ${LIMIT_BYTES / 1024} KiB allowed`);
process.exit(total > LIMIT_BYTES ? 1 : 0);
