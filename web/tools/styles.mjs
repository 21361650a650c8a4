// Writes the styles that the server publishes: styles/light.json and styles/dark.json, validated.
//
// Usage: npm run styles [-- --check]    (--check writes nothing and fails when the files are not current)
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec';
import { runnerImport } from 'vite';

const web = join(dirname(fileURLToPath(import.meta.url)), '..');
const { module } = await runnerImport(join(web, 'src/map/style.ts'), { root: web, configFile: false });
const check = process.argv.includes('--check');
let wrong = 0;
for (const theme of ['light', 'dark']) {
  const style = module.publishedStyle(theme);
  for (const error of validateStyleMin(style)) {
    console.error(`${theme}: ${error.message}`);
    wrong += 1;
  }
  const text = `${JSON.stringify(style, null, 1)}\n`;
  const file = join(web, '../styles', `${theme}.json`);
  if (!check) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    console.error(`styles/${theme}.json is not current: run \`npm run styles\` in web/`);
    wrong += 1;
  }
}
process.exit(wrong > 0 ? 1 : 0);
