// What an authenticator on a phone shows: RFC 6238, six digits, 30 seconds, SHA-1.
import { createHmac } from 'node:crypto';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_MS = 30_000;

/** The code of a Base32 secret; `later` steps ahead, since the server takes each only once and allows for clocks. */
export function codeOf(secret, later = 0) {
  const bits = [...secret].map((char) => ALPHABET.indexOf(char).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / STEP_MS) + later));
  const digest = createHmac('sha1', key).update(step).digest();
  const picked = digest.readUInt32BE(digest[19] & 0x0f) & 0x7fff_ffff;
  return String(picked % 1_000_000).padStart(6, '0');
}
