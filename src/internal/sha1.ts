/**
 * The compression function of SHA-1 (FIPS 180-4 section 6.1.2), which nearly every code is made with.
 *
 * SHA-1 is broken where an attacker chooses both messages of a collision; under HMAC, as here, it is not. Why no loop
 * is left in it: docs/decisions/0009.
 *
 * Sums are cut to 32 bits before they outgrow an integer: V8 adds doubles otherwise.
 */

import type { Hash, State } from './hash.js';

/** SHA-1. */
export const sha1: Hash = {
  blockWords: 16,
  // Section 5.3.1.
  initial: [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476, 0xc3d2e1f0 | 0],
  compress,
};

/** The state after a block of sixteen words. */
// eslint-disable-next-line max-lines-per-function -- in parts, or in loops, it takes 1.6 times as long
function compress(state: State, block: Int32Array): State {
  let a = (state[0] ?? 0) | 0;
  let b = (state[1] ?? 0) | 0;
  let c = (state[2] ?? 0) | 0;
  let d = (state[3] ?? 0) | 0;
  let e = (state[4] ?? 0) | 0;
  let w0 = block[0] ?? 0;
  let w1 = block[1] ?? 0;
  let w2 = block[2] ?? 0;
  let w3 = block[3] ?? 0;
  let w4 = block[4] ?? 0;
  let w5 = block[5] ?? 0;
  let w6 = block[6] ?? 0;
  let w7 = block[7] ?? 0;
  let w8 = block[8] ?? 0;
  let w9 = block[9] ?? 0;
  let w10 = block[10] ?? 0;
  let w11 = block[11] ?? 0;
  let w12 = block[12] ?? 0;
  let w13 = block[13] ?? 0;
  let w14 = block[14] ?? 0;
  let w15 = block[15] ?? 0;
  let t = 0;
  // A line for each round, after five of which each variable is back in its place, and one for each word of the schedule,
  // which replaces the one sixteen before it.
  // prettier-ignore
  {
    e = (a << 5 | a >>> 27) + (d ^ b & (c ^ d)) + (e + 0x5a827999 + w0 | 0) | 0; b = b << 30 | b >>> 2;
    d = (e << 5 | e >>> 27) + (c ^ a & (b ^ c)) + (d + 0x5a827999 + w1 | 0) | 0; a = a << 30 | a >>> 2;
    c = (d << 5 | d >>> 27) + (b ^ e & (a ^ b)) + (c + 0x5a827999 + w2 | 0) | 0; e = e << 30 | e >>> 2;
    b = (c << 5 | c >>> 27) + (a ^ d & (e ^ a)) + (b + 0x5a827999 + w3 | 0) | 0; d = d << 30 | d >>> 2;
    a = (b << 5 | b >>> 27) + (e ^ c & (d ^ e)) + (a + 0x5a827999 + w4 | 0) | 0; c = c << 30 | c >>> 2;
    e = (a << 5 | a >>> 27) + (d ^ b & (c ^ d)) + (e + 0x5a827999 + w5 | 0) | 0; b = b << 30 | b >>> 2;
    d = (e << 5 | e >>> 27) + (c ^ a & (b ^ c)) + (d + 0x5a827999 + w6 | 0) | 0; a = a << 30 | a >>> 2;
    c = (d << 5 | d >>> 27) + (b ^ e & (a ^ b)) + (c + 0x5a827999 + w7 | 0) | 0; e = e << 30 | e >>> 2;
    b = (c << 5 | c >>> 27) + (a ^ d & (e ^ a)) + (b + 0x5a827999 + w8 | 0) | 0; d = d << 30 | d >>> 2;
    a = (b << 5 | b >>> 27) + (e ^ c & (d ^ e)) + (a + 0x5a827999 + w9 | 0) | 0; c = c << 30 | c >>> 2;
    e = (a << 5 | a >>> 27) + (d ^ b & (c ^ d)) + (e + 0x5a827999 + w10 | 0) | 0; b = b << 30 | b >>> 2;
    d = (e << 5 | e >>> 27) + (c ^ a & (b ^ c)) + (d + 0x5a827999 + w11 | 0) | 0; a = a << 30 | a >>> 2;
    c = (d << 5 | d >>> 27) + (b ^ e & (a ^ b)) + (c + 0x5a827999 + w12 | 0) | 0; e = e << 30 | e >>> 2;
    b = (c << 5 | c >>> 27) + (a ^ d & (e ^ a)) + (b + 0x5a827999 + w13 | 0) | 0; d = d << 30 | d >>> 2;
    a = (b << 5 | b >>> 27) + (e ^ c & (d ^ e)) + (a + 0x5a827999 + w14 | 0) | 0; c = c << 30 | c >>> 2;
    e = (a << 5 | a >>> 27) + (d ^ b & (c ^ d)) + (e + 0x5a827999 + w15 | 0) | 0; b = b << 30 | b >>> 2;

    t = w0 ^ w2 ^ w8 ^ w13; w0 = t << 1 | t >>> 31;
    t = w1 ^ w3 ^ w9 ^ w14; w1 = t << 1 | t >>> 31;
    t = w2 ^ w4 ^ w10 ^ w15; w2 = t << 1 | t >>> 31;
    t = w3 ^ w5 ^ w11 ^ w0; w3 = t << 1 | t >>> 31;
    t = w4 ^ w6 ^ w12 ^ w1; w4 = t << 1 | t >>> 31;
    t = w5 ^ w7 ^ w13 ^ w2; w5 = t << 1 | t >>> 31;
    t = w6 ^ w8 ^ w14 ^ w3; w6 = t << 1 | t >>> 31;
    t = w7 ^ w9 ^ w15 ^ w4; w7 = t << 1 | t >>> 31;
    t = w8 ^ w10 ^ w0 ^ w5; w8 = t << 1 | t >>> 31;
    t = w9 ^ w11 ^ w1 ^ w6; w9 = t << 1 | t >>> 31;
    t = w10 ^ w12 ^ w2 ^ w7; w10 = t << 1 | t >>> 31;
    t = w11 ^ w13 ^ w3 ^ w8; w11 = t << 1 | t >>> 31;
    t = w12 ^ w14 ^ w4 ^ w9; w12 = t << 1 | t >>> 31;
    t = w13 ^ w15 ^ w5 ^ w10; w13 = t << 1 | t >>> 31;
    t = w14 ^ w0 ^ w6 ^ w11; w14 = t << 1 | t >>> 31;
    t = w15 ^ w1 ^ w7 ^ w12; w15 = t << 1 | t >>> 31;

    d = (e << 5 | e >>> 27) + (c ^ a & (b ^ c)) + (d + 0x5a827999 + w0 | 0) | 0; a = a << 30 | a >>> 2;
    c = (d << 5 | d >>> 27) + (b ^ e & (a ^ b)) + (c + 0x5a827999 + w1 | 0) | 0; e = e << 30 | e >>> 2;
    b = (c << 5 | c >>> 27) + (a ^ d & (e ^ a)) + (b + 0x5a827999 + w2 | 0) | 0; d = d << 30 | d >>> 2;
    a = (b << 5 | b >>> 27) + (e ^ c & (d ^ e)) + (a + 0x5a827999 + w3 | 0) | 0; c = c << 30 | c >>> 2;
    e = (a << 5 | a >>> 27) + (b ^ c ^ d) + (e + 0x6ed9eba1 + w4 | 0) | 0; b = b << 30 | b >>> 2;
    d = (e << 5 | e >>> 27) + (a ^ b ^ c) + (d + 0x6ed9eba1 + w5 | 0) | 0; a = a << 30 | a >>> 2;
    c = (d << 5 | d >>> 27) + (e ^ a ^ b) + (c + 0x6ed9eba1 + w6 | 0) | 0; e = e << 30 | e >>> 2;
    b = (c << 5 | c >>> 27) + (d ^ e ^ a) + (b + 0x6ed9eba1 + w7 | 0) | 0; d = d << 30 | d >>> 2;
    a = (b << 5 | b >>> 27) + (c ^ d ^ e) + (a + 0x6ed9eba1 + w8 | 0) | 0; c = c << 30 | c >>> 2;
    e = (a << 5 | a >>> 27) + (b ^ c ^ d) + (e + 0x6ed9eba1 + w9 | 0) | 0; b = b << 30 | b >>> 2;
    d = (e << 5 | e >>> 27) + (a ^ b ^ c) + (d + 0x6ed9eba1 + w10 | 0) | 0; a = a << 30 | a >>> 2;
    c = (d << 5 | d >>> 27) + (e ^ a ^ b) + (c + 0x6ed9eba1 + w11 | 0) | 0; e = e << 30 | e >>> 2;
    b = (c << 5 | c >>> 27) + (d ^ e ^ a) + (b + 0x6ed9eba1 + w12 | 0) | 0; d = d << 30 | d >>> 2;
    a = (b << 5 | b >>> 27) + (c ^ d ^ e) + (a + 0x6ed9eba1 + w13 | 0) | 0; c = c << 30 | c >>> 2;
    e = (a << 5 | a >>> 27) + (b ^ c ^ d) + (e + 0x6ed9eba1 + w14 | 0) | 0; b = b << 30 | b >>> 2;
    d = (e << 5 | e >>> 27) + (a ^ b ^ c) + (d + 0x6ed9eba1 + w15 | 0) | 0; a = a << 30 | a >>> 2;

    t = w0 ^ w2 ^ w8 ^ w13; w0 = t << 1 | t >>> 31;
    t = w1 ^ w3 ^ w9 ^ w14; w1 = t << 1 | t >>> 31;
    t = w2 ^ w4 ^ w10 ^ w15; w2 = t << 1 | t >>> 31;
    t = w3 ^ w5 ^ w11 ^ w0; w3 = t << 1 | t >>> 31;
    t = w4 ^ w6 ^ w12 ^ w1; w4 = t << 1 | t >>> 31;
    t = w5 ^ w7 ^ w13 ^ w2; w5 = t << 1 | t >>> 31;
    t = w6 ^ w8 ^ w14 ^ w3; w6 = t << 1 | t >>> 31;
    t = w7 ^ w9 ^ w15 ^ w4; w7 = t << 1 | t >>> 31;
    t = w8 ^ w10 ^ w0 ^ w5; w8 = t << 1 | t >>> 31;
    t = w9 ^ w11 ^ w1 ^ w6; w9 = t << 1 | t >>> 31;
    t = w10 ^ w12 ^ w2 ^ w7; w10 = t << 1 | t >>> 31;
    t = w11 ^ w13 ^ w3 ^ w8; w11 = t << 1 | t >>> 31;
    t = w12 ^ w14 ^ w4 ^ w9; w12 = t << 1 | t >>> 31;
    t = w13 ^ w15 ^ w5 ^ w10; w13 = t << 1 | t >>> 31;
    t = w14 ^ w0 ^ w6 ^ w11; w14 = t << 1 | t >>> 31;
    t = w15 ^ w1 ^ w7 ^ w12; w15 = t << 1 | t >>> 31;

    c = (d << 5 | d >>> 27) + (e ^ a ^ b) + (c + 0x6ed9eba1 + w0 | 0) | 0; e = e << 30 | e >>> 2;
    b = (c << 5 | c >>> 27) + (d ^ e ^ a) + (b + 0x6ed9eba1 + w1 | 0) | 0; d = d << 30 | d >>> 2;
    a = (b << 5 | b >>> 27) + (c ^ d ^ e) + (a + 0x6ed9eba1 + w2 | 0) | 0; c = c << 30 | c >>> 2;
    e = (a << 5 | a >>> 27) + (b ^ c ^ d) + (e + 0x6ed9eba1 + w3 | 0) | 0; b = b << 30 | b >>> 2;
    d = (e << 5 | e >>> 27) + (a ^ b ^ c) + (d + 0x6ed9eba1 + w4 | 0) | 0; a = a << 30 | a >>> 2;
    c = (d << 5 | d >>> 27) + (e ^ a ^ b) + (c + 0x6ed9eba1 + w5 | 0) | 0; e = e << 30 | e >>> 2;
    b = (c << 5 | c >>> 27) + (d ^ e ^ a) + (b + 0x6ed9eba1 + w6 | 0) | 0; d = d << 30 | d >>> 2;
    a = (b << 5 | b >>> 27) + (c ^ d ^ e) + (a + 0x6ed9eba1 + w7 | 0) | 0; c = c << 30 | c >>> 2;
    e = (a << 5 | a >>> 27) + (b & c | d & (b | c)) + (e + 0x8f1bbcdc + w8 | 0) | 0; b = b << 30 | b >>> 2;
    d = (e << 5 | e >>> 27) + (a & b | c & (a | b)) + (d + 0x8f1bbcdc + w9 | 0) | 0; a = a << 30 | a >>> 2;
    c = (d << 5 | d >>> 27) + (e & a | b & (e | a)) + (c + 0x8f1bbcdc + w10 | 0) | 0; e = e << 30 | e >>> 2;
    b = (c << 5 | c >>> 27) + (d & e | a & (d | e)) + (b + 0x8f1bbcdc + w11 | 0) | 0; d = d << 30 | d >>> 2;
    a = (b << 5 | b >>> 27) + (c & d | e & (c | d)) + (a + 0x8f1bbcdc + w12 | 0) | 0; c = c << 30 | c >>> 2;
    e = (a << 5 | a >>> 27) + (b & c | d & (b | c)) + (e + 0x8f1bbcdc + w13 | 0) | 0; b = b << 30 | b >>> 2;
    d = (e << 5 | e >>> 27) + (a & b | c & (a | b)) + (d + 0x8f1bbcdc + w14 | 0) | 0; a = a << 30 | a >>> 2;
    c = (d << 5 | d >>> 27) + (e & a | b & (e | a)) + (c + 0x8f1bbcdc + w15 | 0) | 0; e = e << 30 | e >>> 2;

    t = w0 ^ w2 ^ w8 ^ w13; w0 = t << 1 | t >>> 31;
    t = w1 ^ w3 ^ w9 ^ w14; w1 = t << 1 | t >>> 31;
    t = w2 ^ w4 ^ w10 ^ w15; w2 = t << 1 | t >>> 31;
    t = w3 ^ w5 ^ w11 ^ w0; w3 = t << 1 | t >>> 31;
    t = w4 ^ w6 ^ w12 ^ w1; w4 = t << 1 | t >>> 31;
    t = w5 ^ w7 ^ w13 ^ w2; w5 = t << 1 | t >>> 31;
    t = w6 ^ w8 ^ w14 ^ w3; w6 = t << 1 | t >>> 31;
    t = w7 ^ w9 ^ w15 ^ w4; w7 = t << 1 | t >>> 31;
    t = w8 ^ w10 ^ w0 ^ w5; w8 = t << 1 | t >>> 31;
    t = w9 ^ w11 ^ w1 ^ w6; w9 = t << 1 | t >>> 31;
    t = w10 ^ w12 ^ w2 ^ w7; w10 = t << 1 | t >>> 31;
    t = w11 ^ w13 ^ w3 ^ w8; w11 = t << 1 | t >>> 31;
    t = w12 ^ w14 ^ w4 ^ w9; w12 = t << 1 | t >>> 31;
    t = w13 ^ w15 ^ w5 ^ w10; w13 = t << 1 | t >>> 31;
    t = w14 ^ w0 ^ w6 ^ w11; w14 = t << 1 | t >>> 31;
    t = w15 ^ w1 ^ w7 ^ w12; w15 = t << 1 | t >>> 31;

    b = (c << 5 | c >>> 27) + (d & e | a & (d | e)) + (b + 0x8f1bbcdc + w0 | 0) | 0; d = d << 30 | d >>> 2;
    a = (b << 5 | b >>> 27) + (c & d | e & (c | d)) + (a + 0x8f1bbcdc + w1 | 0) | 0; c = c << 30 | c >>> 2;
    e = (a << 5 | a >>> 27) + (b & c | d & (b | c)) + (e + 0x8f1bbcdc + w2 | 0) | 0; b = b << 30 | b >>> 2;
    d = (e << 5 | e >>> 27) + (a & b | c & (a | b)) + (d + 0x8f1bbcdc + w3 | 0) | 0; a = a << 30 | a >>> 2;
    c = (d << 5 | d >>> 27) + (e & a | b & (e | a)) + (c + 0x8f1bbcdc + w4 | 0) | 0; e = e << 30 | e >>> 2;
    b = (c << 5 | c >>> 27) + (d & e | a & (d | e)) + (b + 0x8f1bbcdc + w5 | 0) | 0; d = d << 30 | d >>> 2;
    a = (b << 5 | b >>> 27) + (c & d | e & (c | d)) + (a + 0x8f1bbcdc + w6 | 0) | 0; c = c << 30 | c >>> 2;
    e = (a << 5 | a >>> 27) + (b & c | d & (b | c)) + (e + 0x8f1bbcdc + w7 | 0) | 0; b = b << 30 | b >>> 2;
    d = (e << 5 | e >>> 27) + (a & b | c & (a | b)) + (d + 0x8f1bbcdc + w8 | 0) | 0; a = a << 30 | a >>> 2;
    c = (d << 5 | d >>> 27) + (e & a | b & (e | a)) + (c + 0x8f1bbcdc + w9 | 0) | 0; e = e << 30 | e >>> 2;
    b = (c << 5 | c >>> 27) + (d & e | a & (d | e)) + (b + 0x8f1bbcdc + w10 | 0) | 0; d = d << 30 | d >>> 2;
    a = (b << 5 | b >>> 27) + (c & d | e & (c | d)) + (a + 0x8f1bbcdc + w11 | 0) | 0; c = c << 30 | c >>> 2;
    e = (a << 5 | a >>> 27) + (b ^ c ^ d) + (e + 0xca62c1d6 + w12 | 0) | 0; b = b << 30 | b >>> 2;
    d = (e << 5 | e >>> 27) + (a ^ b ^ c) + (d + 0xca62c1d6 + w13 | 0) | 0; a = a << 30 | a >>> 2;
    c = (d << 5 | d >>> 27) + (e ^ a ^ b) + (c + 0xca62c1d6 + w14 | 0) | 0; e = e << 30 | e >>> 2;
    b = (c << 5 | c >>> 27) + (d ^ e ^ a) + (b + 0xca62c1d6 + w15 | 0) | 0; d = d << 30 | d >>> 2;

    t = w0 ^ w2 ^ w8 ^ w13; w0 = t << 1 | t >>> 31;
    t = w1 ^ w3 ^ w9 ^ w14; w1 = t << 1 | t >>> 31;
    t = w2 ^ w4 ^ w10 ^ w15; w2 = t << 1 | t >>> 31;
    t = w3 ^ w5 ^ w11 ^ w0; w3 = t << 1 | t >>> 31;
    t = w4 ^ w6 ^ w12 ^ w1; w4 = t << 1 | t >>> 31;
    t = w5 ^ w7 ^ w13 ^ w2; w5 = t << 1 | t >>> 31;
    t = w6 ^ w8 ^ w14 ^ w3; w6 = t << 1 | t >>> 31;
    t = w7 ^ w9 ^ w15 ^ w4; w7 = t << 1 | t >>> 31;
    t = w8 ^ w10 ^ w0 ^ w5; w8 = t << 1 | t >>> 31;
    t = w9 ^ w11 ^ w1 ^ w6; w9 = t << 1 | t >>> 31;
    t = w10 ^ w12 ^ w2 ^ w7; w10 = t << 1 | t >>> 31;
    t = w11 ^ w13 ^ w3 ^ w8; w11 = t << 1 | t >>> 31;
    t = w12 ^ w14 ^ w4 ^ w9; w12 = t << 1 | t >>> 31;
    t = w13 ^ w15 ^ w5 ^ w10; w13 = t << 1 | t >>> 31;
    t = w14 ^ w0 ^ w6 ^ w11; w14 = t << 1 | t >>> 31;
    t = w15 ^ w1 ^ w7 ^ w12; w15 = t << 1 | t >>> 31;

    a = (b << 5 | b >>> 27) + (c ^ d ^ e) + (a + 0xca62c1d6 + w0 | 0) | 0; c = c << 30 | c >>> 2;
    e = (a << 5 | a >>> 27) + (b ^ c ^ d) + (e + 0xca62c1d6 + w1 | 0) | 0; b = b << 30 | b >>> 2;
    d = (e << 5 | e >>> 27) + (a ^ b ^ c) + (d + 0xca62c1d6 + w2 | 0) | 0; a = a << 30 | a >>> 2;
    c = (d << 5 | d >>> 27) + (e ^ a ^ b) + (c + 0xca62c1d6 + w3 | 0) | 0; e = e << 30 | e >>> 2;
    b = (c << 5 | c >>> 27) + (d ^ e ^ a) + (b + 0xca62c1d6 + w4 | 0) | 0; d = d << 30 | d >>> 2;
    a = (b << 5 | b >>> 27) + (c ^ d ^ e) + (a + 0xca62c1d6 + w5 | 0) | 0; c = c << 30 | c >>> 2;
    e = (a << 5 | a >>> 27) + (b ^ c ^ d) + (e + 0xca62c1d6 + w6 | 0) | 0; b = b << 30 | b >>> 2;
    d = (e << 5 | e >>> 27) + (a ^ b ^ c) + (d + 0xca62c1d6 + w7 | 0) | 0; a = a << 30 | a >>> 2;
    c = (d << 5 | d >>> 27) + (e ^ a ^ b) + (c + 0xca62c1d6 + w8 | 0) | 0; e = e << 30 | e >>> 2;
    b = (c << 5 | c >>> 27) + (d ^ e ^ a) + (b + 0xca62c1d6 + w9 | 0) | 0; d = d << 30 | d >>> 2;
    a = (b << 5 | b >>> 27) + (c ^ d ^ e) + (a + 0xca62c1d6 + w10 | 0) | 0; c = c << 30 | c >>> 2;
    e = (a << 5 | a >>> 27) + (b ^ c ^ d) + (e + 0xca62c1d6 + w11 | 0) | 0; b = b << 30 | b >>> 2;
    d = (e << 5 | e >>> 27) + (a ^ b ^ c) + (d + 0xca62c1d6 + w12 | 0) | 0; a = a << 30 | a >>> 2;
    c = (d << 5 | d >>> 27) + (e ^ a ^ b) + (c + 0xca62c1d6 + w13 | 0) | 0; e = e << 30 | e >>> 2;
    b = (c << 5 | c >>> 27) + (d ^ e ^ a) + (b + 0xca62c1d6 + w14 | 0) | 0; d = d << 30 | d >>> 2;
    a = (b << 5 | b >>> 27) + (c ^ d ^ e) + (a + 0xca62c1d6 + w15 | 0) | 0; c = c << 30 | c >>> 2;
  }
  return sum(state, a, b, c, d, e);
}

const sum = (state: State, a: number, b: number, c: number, d: number, e: number): State => [
  (a + (state[0] ?? 0)) | 0,
  (b + (state[1] ?? 0)) | 0,
  (c + (state[2] ?? 0)) | 0,
  (d + (state[3] ?? 0)) | 0,
  (e + (state[4] ?? 0)) | 0,
];
