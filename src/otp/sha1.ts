/**
 * The compression function of SHA-1 (FIPS 180-4 section 6.1.2), which nearly every code is made with.
 *
 * SHA-1 is broken where an attacker chooses both messages of a collision; under HMAC, as here, it is not. Why it is
 * our own and not noble's, as SHA-256 and SHA-512 are: docs/decisions/0009.
 *
 * Every sum is cut to 32 bits at once: where V8 knows that, it adds integers instead of doubles. Rotations and the
 * three functions of section 4.1.1 are written out where they are used: a call, even one that V8 inlines, looks up
 * its callee first, eighty times over.
 */

/** The state before the first block (section 5.3.1). */
export const sha1Initial: readonly number[] = [
  0x67452301,
  0xefcdab89 | 0,
  0x98badcfe | 0,
  0x10325476,
  0xc3d2e1f0 | 0,
];

/** The state after a block of sixteen words. */
// eslint-disable-next-line max-lines-per-function -- apart, V8 would not know that the variables are integers
export function compressSha1(state: readonly number[], block: Int32Array): number[] {
  const words = expand(block);
  let a = (state[0] ?? 0) | 0;
  let b = (state[1] ?? 0) | 0;
  let c = (state[2] ?? 0) | 0;
  let d = (state[3] ?? 0) | 0;
  let e = (state[4] ?? 0) | 0;
  // A loop for each function of section 4.1.1: to ask in each round which one it takes costs a tenth more.
  for (let t = 0; t < 20; t++) {
    const f = d ^ (b & (c ^ d));
    const next = (((((a << 5) | (a >>> 27)) + f) | 0) + ((((e + 0x5a827999) | 0) + (words[t] ?? 0)) | 0)) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  for (let t = 20; t < 40; t++) {
    const f = b ^ c ^ d;
    const next = (((((a << 5) | (a >>> 27)) + f) | 0) + ((((e + 0x6ed9eba1) | 0) + (words[t] ?? 0)) | 0)) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  for (let t = 40; t < 60; t++) {
    const f = (b & c) | (d & (b | c));
    const next = (((((a << 5) | (a >>> 27)) + f) | 0) + ((((e + 0x8f1bbcdc) | 0) + (words[t] ?? 0)) | 0)) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  for (let t = 60; t < 80; t++) {
    const f = b ^ c ^ d;
    const next = (((((a << 5) | (a >>> 27)) + f) | 0) + ((((e + 0xca62c1d6) | 0) + (words[t] ?? 0)) | 0)) | 0;
    e = d;
    d = c;
    c = (b << 30) | (b >>> 2);
    b = a;
    a = next;
  }
  return sum(state, a, b, c, d, e);
}

const sum = (state: readonly number[], a: number, b: number, c: number, d: number, e: number): number[] => [
  (a + (state[0] ?? 0)) | 0,
  (b + (state[1] ?? 0)) | 0,
  (c + (state[2] ?? 0)) | 0,
  (d + (state[3] ?? 0)) | 0,
  (e + (state[4] ?? 0)) | 0,
];

/** Shared by all, since nothing yields while a block is compressed. */
const schedule = /* @__PURE__ */ new Int32Array(80);

/**
 * The message schedule. A word depends on the sixteen before it: held in variables, and not read back from memory
 * four at a time, it takes a third of the time.
 */
function expand(block: Int32Array): Int32Array {
  const words = schedule;
  let w0 = (words[0] = block[0] ?? 0);
  let w1 = (words[1] = block[1] ?? 0);
  let w2 = (words[2] = block[2] ?? 0);
  let w3 = (words[3] = block[3] ?? 0);
  let w4 = (words[4] = block[4] ?? 0);
  let w5 = (words[5] = block[5] ?? 0);
  let w6 = (words[6] = block[6] ?? 0);
  let w7 = (words[7] = block[7] ?? 0);
  let w8 = (words[8] = block[8] ?? 0);
  let w9 = (words[9] = block[9] ?? 0);
  let w10 = (words[10] = block[10] ?? 0);
  let w11 = (words[11] = block[11] ?? 0);
  let w12 = (words[12] = block[12] ?? 0);
  let w13 = (words[13] = block[13] ?? 0);
  let w14 = (words[14] = block[14] ?? 0);
  let w15 = (words[15] = block[15] ?? 0);
  for (let t = 16; t < 80; t += 16) {
    w0 = words[t] = rotate(w0 ^ w2 ^ w8 ^ w13);
    w1 = words[t + 1] = rotate(w1 ^ w3 ^ w9 ^ w14);
    w2 = words[t + 2] = rotate(w2 ^ w4 ^ w10 ^ w15);
    w3 = words[t + 3] = rotate(w3 ^ w5 ^ w11 ^ w0);
    w4 = words[t + 4] = rotate(w4 ^ w6 ^ w12 ^ w1);
    w5 = words[t + 5] = rotate(w5 ^ w7 ^ w13 ^ w2);
    w6 = words[t + 6] = rotate(w6 ^ w8 ^ w14 ^ w3);
    w7 = words[t + 7] = rotate(w7 ^ w9 ^ w15 ^ w4);
    w8 = words[t + 8] = rotate(w8 ^ w10 ^ w0 ^ w5);
    w9 = words[t + 9] = rotate(w9 ^ w11 ^ w1 ^ w6);
    w10 = words[t + 10] = rotate(w10 ^ w12 ^ w2 ^ w7);
    w11 = words[t + 11] = rotate(w11 ^ w13 ^ w3 ^ w8);
    w12 = words[t + 12] = rotate(w12 ^ w14 ^ w4 ^ w9);
    w13 = words[t + 13] = rotate(w13 ^ w15 ^ w5 ^ w10);
    w14 = words[t + 14] = rotate(w14 ^ w0 ^ w6 ^ w11);
    w15 = words[t + 15] = rotate(w15 ^ w1 ^ w7 ^ w12);
  }
  return words;
}

/** By one bit to the left. */
const rotate = (word: number): number => (word << 1) | (word >>> 31);
