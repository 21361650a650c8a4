// Packs what the browser loads first as Brotli beside itself: the server sends it as it is.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

const assets = join(dirname(fileURLToPath(import.meta.url)), '../dist/assets');
for (const name of readdirSync(assets).filter((file) => /\.(js|css)$/.test(file))) {
  const raw = readFileSync(join(assets, name));
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: raw.length,
  };
  writeFileSync(join(assets, `${name}.br`), brotliCompressSync(raw, { params }));
}
