/**
 * The compression function of SHA-512 (FIPS 180-4 section 6.4.2), in words of 32 bits, of which two make one of 64: the
 * higher first, in names that end with h and l. Lower words are added as doubles, whose upper bits are the carry: the
 * seven that one sum has at most are far from where doubles round.
 */
import type { Hash, State } from './hash.js';
import { fillSha512Constants } from './sha2-constants.js';

/** SHA-512. */
export const sha512: Hash = {
  blockWords: 32,
  // Section 5.3.5.
  initial: [
    0x6a09e667,
    0xf3bcc908 | 0,
    0xbb67ae85 | 0,
    0x84caa73b | 0,
    0x3c6ef372,
    0xfe94f82b | 0,
    0xa54ff53a | 0,
    0x5f1d36f1,
    0x510e527f,
    0xade682d1 | 0,
    0x9b05688c | 0,
    0x2b3e6c1f,
    0x1f83d9ab,
    0xfb41bd6b | 0,
    0x5be0cd19,
    0x137e2179,
  ],
  compress,
};

/** The state after a block of thirty-two words. */
// eslint-disable-next-line max-lines-per-function -- with a list for the sixteen variables it is shorter, and takes a sixth longer
function compress(state: State, block: Int32Array): State {
  if (constants[0] === 0) fillSha512Constants(constants);
  const k = constants;
  const w = schedule;
  expand(block);
  let ah = (state[0] ?? 0) | 0;
  let al = (state[1] ?? 0) | 0;
  let bh = (state[2] ?? 0) | 0;
  let bl = (state[3] ?? 0) | 0;
  let ch = (state[4] ?? 0) | 0;
  let cl = (state[5] ?? 0) | 0;
  let dh = (state[6] ?? 0) | 0;
  let dl = (state[7] ?? 0) | 0;
  let eh = (state[8] ?? 0) | 0;
  let el = (state[9] ?? 0) | 0;
  let fh = (state[10] ?? 0) | 0;
  let fl = (state[11] ?? 0) | 0;
  let gh = (state[12] ?? 0) | 0;
  let gl = (state[13] ?? 0) | 0;
  let hh = (state[14] ?? 0) | 0;
  let hl = (state[15] ?? 0) | 0;
  for (let i = 0; i < LENGTH; i += 2) {
    const s1h = ((eh >>> 14) | (el << 18)) ^ ((eh >>> 18) | (el << 14)) ^ ((el >>> 9) | (eh << 23));
    const s1l = ((el >>> 14) | (eh << 18)) ^ ((el >>> 18) | (eh << 14)) ^ ((eh >>> 9) | (el << 23));
    const s0h = ((ah >>> 28) | (al << 4)) ^ ((al >>> 2) | (ah << 30)) ^ ((al >>> 7) | (ah << 25));
    const s0l = ((al >>> 28) | (ah << 4)) ^ ((ah >>> 2) | (al << 30)) ^ ((ah >>> 7) | (al << 25));
    const choiceH = gh ^ (eh & (fh ^ gh));
    const choiceL = gl ^ (el & (fl ^ gl));
    const majorityH = (ah & bh) ^ (ch & (ah ^ bh));
    const majorityL = (al & bl) ^ (cl & (al ^ bl));
    const ownH = ((k[i] ?? 0) + (w[i] ?? 0)) | 0;
    const ownL = ((k[i + 1] ?? 0) >>> 0) + ((w[i + 1] ?? 0) >>> 0);
    const high = (((hh + s1h) | 0) + ((choiceH + ownH) | 0)) | 0;
    const low = (hl >>> 0) + (s1l >>> 0) + (choiceL >>> 0) + ownL;
    const lowE = (dl >>> 0) + low;
    const lowA = low + (s0l >>> 0) + (majorityL >>> 0);
    hh = gh;
    hl = gl;
    gh = fh;
    gl = fl;
    fh = eh;
    fl = el;
    eh = (((dh + high) | 0) + carry(lowE)) | 0;
    el = lowE | 0;
    dh = ch;
    dl = cl;
    ch = bh;
    cl = bl;
    bh = ah;
    bl = al;
    ah = (((high + s0h) | 0) + ((majorityH + carry(lowA)) | 0)) | 0;
    al = lowA | 0;
  }
  return sum(state, [ah, al, bh, bl, ch, cl, dh, dl, eh, el, fh, fl, gh, gl, hh, hl]);
}

const LENGTH = 160;
const constants = new Int32Array(LENGTH);
const schedule = new Int32Array(LENGTH);

/** Sixteen words of a block, and sixty-four made of them. */
function expand(block: Int32Array): void {
  const w = schedule;
  for (let i = 0; i < 32; i++) w[i] = block[i] ?? 0;
  for (let i = 32; i < LENGTH; i += 2) {
    const xh = w[i - 30] ?? 0;
    const xl = w[i - 29] ?? 0;
    const yh = w[i - 4] ?? 0;
    const yl = w[i - 3] ?? 0;
    const s0h = ((xh >>> 1) | (xl << 31)) ^ ((xh >>> 8) | (xl << 24)) ^ (xh >>> 7);
    const s0l = ((xl >>> 1) | (xh << 31)) ^ ((xl >>> 8) | (xh << 24)) ^ ((xl >>> 7) | (xh << 25));
    const s1h = ((yh >>> 19) | (yl << 13)) ^ ((yl >>> 29) | (yh << 3)) ^ (yh >>> 6);
    const s1l = ((yl >>> 19) | (yh << 13)) ^ ((yh >>> 29) | (yl << 3)) ^ ((yl >>> 6) | (yh << 26));
    const low = (s0l >>> 0) + (s1l >>> 0) + ((w[i - 13] ?? 0) >>> 0) + ((w[i - 31] ?? 0) >>> 0);
    w[i] = ((s0h + s1h) | 0) + (((w[i - 14] ?? 0) + (w[i - 32] ?? 0)) | 0) + carry(low);
    w[i + 1] = low;
  }
}

function sum(state: State, words: number[]): State {
  for (let i = 0; i < 16; i += 2) {
    const low = ((words[i + 1] ?? 0) >>> 0) + ((state[i + 1] ?? 0) >>> 0);
    words[i] = ((words[i] ?? 0) + (state[i] ?? 0) + carry(low)) | 0;
    words[i + 1] = low | 0;
  }
  return words;
}

/** What a sum of lower words has above its 32 bits. Not a declared function, which could be assigned to: V8 would look. */
const carry = (low: number): number => (low / 2 ** 32) | 0;
