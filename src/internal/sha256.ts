/**
 * The compression function of SHA-256 (FIPS 180-4 section 6.2.2).
 *
 * Sums are cut to 32 bits before they outgrow an integer: V8 adds doubles otherwise.
 */
import type { Hash, State } from './hash.js';
import { fillSha256Constants } from './sha2-constants.js';

/** SHA-256. */
export const sha256: Hash = {
  blockWords: 16,
  // Section 5.3.3.
  initial: [
    0x6a09e667,
    0xbb67ae85 | 0,
    0x3c6ef372,
    0xa54ff53a | 0,
    0x510e527f,
    0x9b05688c | 0,
    0x1f83d9ab,
    0x5be0cd19,
  ],
  compress: compressSha256,
};

/** The state after a block of sixteen words. */
export function compressSha256(state: State, block: Int32Array): State {
  if (constants[0] === 0) fillSha256Constants(constants);
  const k = constants;
  const w = schedule;
  expand(block);
  let a = (state[0] ?? 0) | 0;
  let b = (state[1] ?? 0) | 0;
  let c = (state[2] ?? 0) | 0;
  let d = (state[3] ?? 0) | 0;
  let e = (state[4] ?? 0) | 0;
  let f = (state[5] ?? 0) | 0;
  let g = (state[6] ?? 0) | 0;
  let h = (state[7] ?? 0) | 0;
  // Eight rounds, after which each variable is back in its place: nothing is moved.
  // prettier-ignore
  for (let i = 0; i < 64; i += 8) {
    h = (h + (k[i] ?? 0) | 0) + ((w[i] ?? 0) + (g ^ e & (f ^ g)) | 0) + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) | 0; d = d + h | 0;
    h = h + ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ c & (a ^ b)) | 0;
    g = (g + (k[i + 1] ?? 0) | 0) + ((w[i + 1] ?? 0) + (f ^ d & (e ^ f)) | 0) + ((d >>> 6 | d << 26) ^ (d >>> 11 | d << 21) ^ (d >>> 25 | d << 7)) | 0; c = c + g | 0;
    g = g + ((h >>> 2 | h << 30) ^ (h >>> 13 | h << 19) ^ (h >>> 22 | h << 10)) + (h & a ^ b & (h ^ a)) | 0;
    f = (f + (k[i + 2] ?? 0) | 0) + ((w[i + 2] ?? 0) + (e ^ c & (d ^ e)) | 0) + ((c >>> 6 | c << 26) ^ (c >>> 11 | c << 21) ^ (c >>> 25 | c << 7)) | 0; b = b + f | 0;
    f = f + ((g >>> 2 | g << 30) ^ (g >>> 13 | g << 19) ^ (g >>> 22 | g << 10)) + (g & h ^ a & (g ^ h)) | 0;
    e = (e + (k[i + 3] ?? 0) | 0) + ((w[i + 3] ?? 0) + (d ^ b & (c ^ d)) | 0) + ((b >>> 6 | b << 26) ^ (b >>> 11 | b << 21) ^ (b >>> 25 | b << 7)) | 0; a = a + e | 0;
    e = e + ((f >>> 2 | f << 30) ^ (f >>> 13 | f << 19) ^ (f >>> 22 | f << 10)) + (f & g ^ h & (f ^ g)) | 0;
    d = (d + (k[i + 4] ?? 0) | 0) + ((w[i + 4] ?? 0) + (c ^ a & (b ^ c)) | 0) + ((a >>> 6 | a << 26) ^ (a >>> 11 | a << 21) ^ (a >>> 25 | a << 7)) | 0; h = h + d | 0;
    d = d + ((e >>> 2 | e << 30) ^ (e >>> 13 | e << 19) ^ (e >>> 22 | e << 10)) + (e & f ^ g & (e ^ f)) | 0;
    c = (c + (k[i + 5] ?? 0) | 0) + ((w[i + 5] ?? 0) + (b ^ h & (a ^ b)) | 0) + ((h >>> 6 | h << 26) ^ (h >>> 11 | h << 21) ^ (h >>> 25 | h << 7)) | 0; g = g + c | 0;
    c = c + ((d >>> 2 | d << 30) ^ (d >>> 13 | d << 19) ^ (d >>> 22 | d << 10)) + (d & e ^ f & (d ^ e)) | 0;
    b = (b + (k[i + 6] ?? 0) | 0) + ((w[i + 6] ?? 0) + (a ^ g & (h ^ a)) | 0) + ((g >>> 6 | g << 26) ^ (g >>> 11 | g << 21) ^ (g >>> 25 | g << 7)) | 0; f = f + b | 0;
    b = b + ((c >>> 2 | c << 30) ^ (c >>> 13 | c << 19) ^ (c >>> 22 | c << 10)) + (c & d ^ e & (c ^ d)) | 0;
    a = (a + (k[i + 7] ?? 0) | 0) + ((w[i + 7] ?? 0) + (h ^ f & (g ^ h)) | 0) + ((f >>> 6 | f << 26) ^ (f >>> 11 | f << 21) ^ (f >>> 25 | f << 7)) | 0; e = e + a | 0;
    a = a + ((b >>> 2 | b << 30) ^ (b >>> 13 | b << 19) ^ (b >>> 22 | b << 10)) + (b & c ^ d & (b ^ c)) | 0;
  }
  return sum(state, [a, b, c, d, e, f, g, h]);
}

const constants = new Int32Array(64);
const schedule = new Int32Array(64);

/** Sixteen words of a block, and forty-eight made of them. */
function expand(block: Int32Array): void {
  const w = schedule;
  for (let i = 0; i < 16; i++) w[i] = block[i] ?? 0;
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15] ?? 0;
    const y = w[i - 2] ?? 0;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = (((w[i - 16] ?? 0) + (w[i - 7] ?? 0)) | 0) + ((s0 + s1) | 0);
  }
}

function sum(state: State, words: number[]): State {
  for (let i = 0; i < 8; i++) words[i] = ((words[i] ?? 0) + (state[i] ?? 0)) | 0;
  return words;
}
