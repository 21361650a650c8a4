// Counts how often each character occurs in text files and prints the order that `fonts.mjs` slices by.
//
// Usage: node tools/frequent.mjs FILE... > tools/frequent.txt
// The first files weigh most (the division names and our own dictionary), so that one view needs few slices.
import { readFileSync } from 'node:fs';

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error('usage: node tools/frequent.mjs FILE...');
  process.exit(2);
}
const counts = new Map();
files.forEach((file, index) => {
  const text = readFileSync(file, 'utf8');
  const weight = (1 + files.length - index) / text.length;
  for (const char of text) {
    if (/\p{Script=Han}/u.test(char)) counts.set(char, (counts.get(char) ?? 0) + weight);
  }
});
const ordered = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([char]) => char);
for (let i = 0; i < ordered.length; i += 64) console.log(ordered.slice(i, i + 64).join(''));
