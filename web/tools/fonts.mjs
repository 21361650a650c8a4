// Cuts Noto Sans CJK SC into woff2 slices, so that Chinese is drawn with no network and no system font.
//
// Usage: npm run fonts [-- FOLDER_OF_FONTS_NOTO_CJK]
// Writes public/fonts/*.woff2 and src/map/fonts.gen.ts, the table that both the map and the page read.
//
// Frequent characters come first, a view then needs few files; the others follow by code point in wide ranges.
// The range of a wide slice names characters that an earlier slice holds: MapLibre takes the first face that covers
// a character, the page the last one added, which is why the page adds them backwards.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import subsetFont from 'subset-font';

const web = join(dirname(fileURLToPath(import.meta.url)), '..');
const source = process.argv[2] ?? '/usr/share/fonts/opentype/noto';
const target = join(web, 'public/fonts');
const SC_FACE = 2;
const FREQUENT_SLICE = 128;
const WIDE_SLICE = 512;
const BASIC_HAN = [0x4e00, 0x9fa5];
const GB2312_LEVEL_1 = 3755;

/** Takes one face out of a TrueType collection: its table directory and copies of its tables. */
function faceOfCollection(collection, index) {
  const directory = collection.readUInt32BE(12 + 4 * index);
  const tables = collection.readUInt16BE(directory + 4);
  const header = Buffer.from(collection.subarray(directory, directory + 12 + 16 * tables));
  const parts = [header];
  let at = header.length;
  for (let i = 0; i < tables; i++) {
    const record = 12 + 16 * i;
    const offset = header.readUInt32BE(record + 8);
    const length = header.readUInt32BE(record + 12);
    header.writeUInt32BE(at, record + 8);
    const padded = Buffer.alloc((length + 3) & ~3);
    collection.copy(padded, 0, offset, offset + length);
    parts.push(padded);
    at += padded.length;
  }
  return Buffer.concat(parts);
}

/** The 6,763 characters of GB 2312, level 1 (by sound) before level 2 (by radical). */
function gb2312() {
  const decoder = new TextDecoder('gb2312');
  const chars = [];
  for (let row = 0xb0; row <= 0xf7; row++) {
    for (let cell = 0xa1; cell <= 0xfe; cell++) {
      const char = decoder.decode(Uint8Array.of(row, cell));
      if (/^\p{Script=Han}$/u.test(char)) chars.push(char);
    }
  }
  return chars;
}

function chunks(list, size) {
  const out = [];
  for (let i = 0; i < list.length; i += size) out.push(list.slice(i, i + size));
  return out;
}

const hex = (code) => code.toString(16).toUpperCase();

/** Exact `unicode-range` entries, neighbours joined. */
function exactRanges(chars) {
  const codes = chars.map((char) => char.codePointAt(0)).sort((a, b) => a - b);
  const ranges = [];
  for (const code of codes) {
    const last = ranges.at(-1);
    if (last && last[1] === code - 1) last[1] = code;
    else ranges.push([code, code]);
  }
  return ranges.map(([a, b]) => (a === b ? `U+${hex(a)}` : `U+${hex(a)}-${hex(b)}`));
}

const LATIN =
  Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('') +
  '°±²³·×÷–—‘’“”…‰′″→←↑↓≤≥≈①②③④⑤⑥⑦⑧⑨⑩○●▲◆■□△、。〈〉《》「」『』【】〔〕！（），－．／：；？～％＋＝０１２３４５６７８９㎡℃';

/** The slices of both weights; the bold one stops after the frequent characters and falls back to the regular one. */
function plan() {
  const counted = readFileSync(join(web, 'tools/frequent.txt'), 'utf8').replace(/\s/g, '');
  const first = [...new Set([...counted, ...gb2312().slice(0, GB2312_LEVEL_1)])];
  const seen = new Set(first);
  const rest = [];
  for (let code = BASIC_HAN[0]; code <= BASIC_HAN[1]; code++) {
    const char = String.fromCodePoint(code);
    if (!seen.has(char)) rest.push(char);
  }
  return [
    { chars: [...LATIN], ranges: exactRanges([...LATIN]), bold: true },
    ...chunks(first, FREQUENT_SLICE).map((chars) => ({ chars, ranges: exactRanges(chars), bold: true })),
    ...chunks(rest, WIDE_SLICE).map((chars) => ({
      chars,
      ranges: [`U+${hex(chars[0].codePointAt(0))}-${hex(chars.at(-1).codePointAt(0))}`],
      bold: false,
    })),
  ];
}

/** Writes one slice and returns its file name, which is its content hash: it may be cached for ever. */
async function cut(font, tag, chars) {
  const woff2 = await subsetFont(font, chars.join(''), {
    targetFormat: 'woff2',
    noLayoutClosure: true,
    noHinting: true,
    keepFeatures: [],
  });
  const name = `${tag}-${createHash('sha256').update(woff2).digest('hex').slice(0, 10)}.woff2`;
  writeFileSync(join(target, name), woff2);
  total += woff2.length;
  return name;
}

let total = 0;
mkdirSync(target, { recursive: true });
for (const old of readdirSync(target)) if (old.endsWith('.woff2')) rmSync(join(target, old));
const regular = faceOfCollection(readFileSync(join(source, 'NotoSansCJK-Regular.ttc')), SC_FACE);
const bold = faceOfCollection(readFileSync(join(source, 'NotoSansCJK-Bold.ttc')), SC_FACE);
const rows = [];
for (const slice of plan()) {
  rows.push([
    slice.ranges.join(','),
    await cut(regular, 'r', slice.chars),
    slice.bold ? await cut(bold, 'b', slice.chars) : null,
  ]);
}
writeFileSync(
  join(web, 'src/map/fonts.gen.ts'),
  `// Written by tools/fonts.mjs: code points, regular file, bold file; the most frequent characters first.\n` +
    `export const FONT_SLICES: readonly (readonly [string, string, string | null])[] = ${JSON.stringify(rows, null, 1)};\n`,
);
console.log(`${rows.length} slices, ${(total / 1e6).toFixed(2)} MB in public/fonts`);
