/**
 * The compression function of SHA-1 (FIPS 180-4 section 6.1.2), which nearly every code is made with.
 *
 * SHA-1 is broken where an attacker chooses both messages of a collision; under HMAC, as here, it is not. Why it is
 * our own and not noble's, as SHA-256 and SHA-512 are: docs/decisions/0009.
 *
 * Every sum is cut to 32 bits at once: where V8 knows that, it adds integers instead of doubles. The helpers are
 * constants since V8 takes a function declaration for something that may be replaced.
 */

/** The state before the first block (section 5.3.1). */
export const sha1Initial: readonly number[] = [
  0x67452301,
  0xefcdab89 | 0,
  0x98badcfe | 0,
  0x10325476,
  0xc3d2e1f0 | 0,
];

/** The state after a block of 64 bytes. */
export function compressSha1(state: readonly number[], block: DataView): number[] {
  expand(block);
  return eightyRounds(state);
}

function eightyRounds(state: readonly number[]): number[] {
  let a = state[0] ?? 0;
  let b = state[1] ?? 0;
  let c = state[2] ?? 0;
  let d = state[3] ?? 0;
  let e = state[4] ?? 0;
  // The four spans of section 4.1.1, in loops of their own: to ask in each round which span it is in takes a tenth longer.
  for (let t = 0; t < 20; t++) {
    const next = sum(a, choose(b, c, d), e, word(t), 0x5a827999);
    e = d;
    d = c;
    c = rotate(b, 30);
    b = a;
    a = next;
  }
  for (let t = 20; t < 40; t++) {
    const next = sum(a, parity(b, c, d), e, word(t), 0x6ed9eba1);
    e = d;
    d = c;
    c = rotate(b, 30);
    b = a;
    a = next;
  }
  for (let t = 40; t < 60; t++) {
    const next = sum(a, majority(b, c, d), e, word(t), 0x8f1bbcdc);
    e = d;
    d = c;
    c = rotate(b, 30);
    b = a;
    a = next;
  }
  for (let t = 60; t < 80; t++) {
    const next = sum(a, parity(b, c, d), e, word(t), 0xca62c1d6);
    e = d;
    d = c;
    c = rotate(b, 30);
    b = a;
    a = next;
  }
  return add(state, a, b, c, d, e);
}

/** Shared by all, since nothing yields while a block is compressed. */
const schedule = /* @__PURE__ */ new Int32Array(80);

const expand = (block: DataView): void => {
  for (let t = 0; t < 16; t++) schedule[t] = block.getInt32(4 * t);
  for (let t = 16; t < 80; t++) {
    schedule[t] = rotate(word(t - 3) ^ word(t - 8) ^ word(t - 14) ^ word(t - 16), 1);
  }
};

const word = (t: number): number => schedule[t] ?? 0;

const sum = (a: number, f: number, e: number, w: number, k: number): number =>
  (((rotate(a, 5) + f) | 0) + ((((e + k) | 0) + w) | 0)) | 0;

const add = (state: readonly number[], a: number, b: number, c: number, d: number, e: number): number[] => [
  (a + (state[0] ?? 0)) | 0,
  (b + (state[1] ?? 0)) | 0,
  (c + (state[2] ?? 0)) | 0,
  (d + (state[3] ?? 0)) | 0,
  (e + (state[4] ?? 0)) | 0,
];

const choose = (x: number, y: number, z: number): number => z ^ (x & (y ^ z));
const parity = (x: number, y: number, z: number): number => x ^ y ^ z;
const majority = (x: number, y: number, z: number): number => (x & y) | (z & (x | y));

const rotate = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits));
