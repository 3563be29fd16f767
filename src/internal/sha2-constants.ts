/**
 * The round constants of SHA-2, by their definition: the first bits of the fractional parts of the cube roots of the
 * first primes (FIPS 180-4 sections 4.2.2 and 4.2.3). As text, which does not compress, they would be an eighth of
 * what a browser loads.
 */

/** Fills the table of SHA-512: eighty constants, of two words each. */
export function fillSha512Constants(table: Int32Array): void {
  for (const [index, constant] of cubeRootFractions(80).entries()) {
    table[2 * index] = Number(constant >> 32n);
    table[2 * index + 1] = Number(constant & 0xffffffffn);
  }
}

/** Fills the table of SHA-256: the upper halves of the first sixty-four. */
export function fillSha256Constants(table: Int32Array): void {
  for (const [index, constant] of cubeRootFractions(64).entries()) table[index] = Number(constant >> 32n);
}

/** The first 64 bits behind the point. */
function cubeRootFractions(count: number): bigint[] {
  const primes: number[] = [];
  for (let n = 2; primes.length < count; n++) {
    if (primes.every((prime) => n % prime > 0)) primes.push(n);
  }
  return primes.map((prime) => BigInt.asUintN(64, cubeRoot(BigInt(prime) << 192n)));
}

/** The integer below: Newton's method from above falls until it is there. */
function cubeRoot(cube: bigint): bigint {
  for (let root = 1n << 67n; ;) {
    const next = (2n * root + cube / (root * root)) / 3n;
    if (next >= root) return root;
    root = next;
  }
}
