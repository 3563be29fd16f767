import {
  assertInteger,
  assertOptionalBoolean,
  assertString,
  failRange,
  failType,
  failValue,
  readOptions,
} from '../internal/asserts.js';
import { readBytes } from '../internal/bytes.js';
import { CountersignError } from '../internal/errors.js';
import { randomBytes } from '../internal/random.js';
import { decodeBase32, encodeBase32 } from './base32.js';
import { createCounterMac, type CounterMac } from './counter-mac.js';
import type { Algorithm } from './parameters.js';

/** Options of {@link Secret.generate}. */
export interface GenerateSecretOptions {
  /** Length in bytes: an integer from 16 to 128; 20 by default, as RFC 4226 section 4 recommends. */
  readonly bytes?: number | undefined;
}

/** Options of {@link Secret.fromBytes}. */
export interface ImportSecretOptions {
  /**
   * Takes secrets below the 128 bits that RFC 4226 section 4 demands, for people who were enrolled long ago with another
   * system; false by default. Their codes are easier to guess.
   */
  readonly allowShort?: boolean | undefined;
}

/** Options of {@link Secret.fromBase32} and {@link parseOtpauthUri}. */
export interface ImportBase32Options extends ImportSecretOptions {
  /**
   * Drops non-zero bits behind the last byte, as most apps do, for secrets of systems that cut their Base32 text
   * anywhere; false by default. Some typos then go unnoticed.
   */
  readonly allowTailBits?: boolean | undefined;
}

const construction: unique symbol = /* @__PURE__ */ Symbol('construction');

let isInspectable = false;

/**
 * The shared key of a device, opaque: it never appears in a log, an error, `JSON.stringify` or `inspect`.
 *
 * Keep one for as long as you need it: the first code prepares the hash, and the following ones take half the time.
 *
 * @example
 * ```ts
 * import { Secret } from 'countersign';
 *
 * const secret = Secret.generate();
 * console.log(String(secret)); // [Secret 160 bits]
 * console.log(Secret.fromBase32(secret.toBase32()).byteLength); // 20
 * ```
 */
export class Secret {
  readonly #bytes: Uint8Array;
  #algorithm: Algorithm | undefined;
  #mac: CounterMac | undefined;

  private constructor(token: symbol, bytes: Uint8Array) {
    if (token !== construction)
      failValue('a Secret', 'made by Secret.generate, Secret.fromBase32 or Secret.fromBytes');
    this.#bytes = bytes;
    Object.freeze(this);
    if (!isInspectable) makeInspectable(Secret.prototype);
  }

  /**
   * Makes a new secret from the platform's cryptographic generator.
   *
   * @param options - `bytes`: length, an integer from 16 to 128; 20 by default
   * @returns a random secret
   * @throws {@link CountersignError} `ERR_INVALID_ARGUMENT`, `ERR_OUT_OF_RANGE`, `ERR_UNKNOWN_OPTION`
   * @example
   * ```ts
   * import { Secret } from 'countersign';
   *
   * console.log(Secret.generate().byteLength); // 20
   * console.log(Secret.generate({ bytes: 40 }).toBase32().length); // 64
   * ```
   */
  static generate(options: GenerateSecretOptions = {}): Secret {
    const { bytes = 20 } = readOptions('options', options, ['bytes']);
    assertInteger('bytes', bytes, MIN_BYTES, MAX_BYTES);
    return new Secret(construction, randomBytes(bytes));
  }

  /**
   * Reads a secret from Base32 text as people type and paste it (RFC 4648 section 6).
   *
   * @param text - upper or lower case; spaces of every kind, line breaks and dashes are skipped; padding is optional,
   *   but must be right if it is there
   * @param options - `allowShort`: take fewer than 16 bytes; `allowTailBits`: drop non-zero bits behind the last byte;
   *   both false by default
   * @returns the secret
   * @throws {@link CountersignError} `ERR_INVALID_BASE32` (the message names the index, never the text),
   *   `ERR_SECRET_TOO_SHORT`, `ERR_OUT_OF_RANGE`, `ERR_INVALID_ARGUMENT`, `ERR_UNKNOWN_OPTION`
   * @example
   * ```ts
   * import { Secret } from 'countersign';
   *
   * const secret = Secret.fromBase32('gezd gnbv gy3t qojq gezd gnbv gy3t qojq');
   * console.log(secret.toBase32()); // GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ
   * ```
   */
  static fromBase32(text: string, options: ImportBase32Options = {}): Secret {
    assertString('text', text);
    return Secret.read('text', text, options);
  }

  /**
   * Takes a secret from raw bytes, copying them.
   *
   * @param bytes - 16 to 128 bytes
   * @param options - `allowShort`: take fewer than 16 bytes; false by default
   * @returns the secret
   * @throws {@link CountersignError} `ERR_SECRET_TOO_SHORT`, `ERR_OUT_OF_RANGE`, `ERR_INVALID_ARGUMENT`,
   *   `ERR_UNKNOWN_OPTION`
   * @example
   * ```ts
   * import { Secret } from 'countersign';
   *
   * const secret = Secret.fromBytes(new TextEncoder().encode('12345678901234567890'));
   * console.log(secret.toBase32()); // GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ
   * ```
   */
  static fromBytes(bytes: Uint8Array, options: ImportSecretOptions = {}): Secret {
    const copy = readBytes('bytes', bytes);
    const { allowShort } = readOptions('options', options, ['allowShort']);
    assertOptionalBoolean('allowShort', allowShort);
    assertLength('bytes', copy.length, allowShort);
    return new Secret(construction, copy);
  }

  /**
   * Does what {@link Secret.fromBase32} does, for a text that errors call `name`.
   *
   * @internal
   */
  static read(name: string, text: string, options: ImportBase32Options): Secret {
    const { allowShort, allowTailBits } = readOptions('options', options, importNames);
    assertOptionalBoolean('allowShort', allowShort);
    assertOptionalBoolean('allowTailBits', allowTailBits);
    if (text.length > MAX_TEXT) failRange(name, `Base32 text of at most ${MAX_TEXT} characters`);
    const bytes = decodeBase32(name, text, allowTailBits);
    assertLength(name, bytes.length, allowShort);
    return new Secret(construction, bytes);
  }

  /**
   * Tells whether a value is a Secret of this copy of the package.
   *
   * @internal
   */
  static isSecret(value: unknown): value is Secret {
    return typeof value === 'object' && value !== null && #bytes in value;
  }

  /**
   * The counter MAC of this secret, kept for the algorithm asked for last.
   *
   * @internal
   */
  counterMac(algorithm: Algorithm): CounterMac {
    if (this.#mac !== undefined && this.#algorithm === algorithm) return this.#mac;
    this.#algorithm = algorithm;
    return (this.#mac = createCounterMac(algorithm, this.#bytes));
  }

  /** The length in bytes. */
  get byteLength(): number {
    return this.#bytes.length;
  }

  /**
   * The secret as Base32, as an authenticator app wants it. Treat the text as the secret it is.
   *
   * @returns upper case without padding
   */
  toBase32(): string {
    return encodeBase32(this.#bytes);
  }

  /**
   * The secret as bytes. Treat them as the secret they are.
   *
   * @returns a copy
   */
  toBytes(): Uint8Array {
    return this.#bytes.slice();
  }

  /**
   * The secret's length, so that no log shows the secret.
   *
   * @returns for example `[Secret 160 bits]`
   */
  toString(): string {
    return `[Secret ${this.#bytes.length * 8} bits]`;
  }

  /**
   * The secret's length, so that `JSON.stringify` does not show the secret.
   *
   * @returns what {@link Secret.toString} returns
   */
  toJSON(): string {
    return this.toString();
  }
}

/** Asserts that `value` is a Secret, which the text from a database is not. */
export function assertSecret(value: unknown): asserts value is Secret {
  if (!Secret.isSecret(value)) failType('secret', 'a Secret', value);
}

const importNames = ['allowShort', 'allowTailBits'];

const MIN_BYTES = 16;
const MAX_BYTES = 128;
/** Room for 128 bytes in groups of four with a separator each. */
const MAX_TEXT = 512;

/**
 * Has Node's `util.inspect` and `console.log` print what `toString` returns. Done with the first secret: bundlers keep a
 * class with a computed name, and all that it uses, in applications that have no use for it.
 */
function makeInspectable(prototype: Secret): void {
  isInspectable = true;
  Object.defineProperty(prototype, Symbol.for('nodejs.util.inspect.custom'), {
    value(this: Secret) {
      return this.toString();
    },
  });
}

function assertLength(name: string, length: number, allowShort = false): void {
  if (length === 0) failLength(`${name} is empty`);
  if (length < MIN_BYTES && !allowShort) {
    failLength(`${name} has ${length} bytes; RFC 4226 section 4 demands 16, and allowShort takes fewer`);
  }
  if (length > MAX_BYTES) failRange(name, `at most ${MAX_BYTES} bytes long`);
}

function failLength(message: string): never {
  throw new CountersignError('ERR_SECRET_TOO_SHORT', message);
}
