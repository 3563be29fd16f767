import { assertInteger, assertOptions, assertString, failType } from '../internal/asserts.js';
import { assertBytes, copyBytes } from '../internal/bytes.js';
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

/** Options of {@link Secret.fromBase32} and {@link Secret.fromBytes}. */
export interface ImportSecretOptions {
  /**
   * Makes codes easier to guess: takes secrets below the 128 bits that RFC 4226 section 4 demands. Only for
   * people enrolled long ago with another system; false by default.
   */
  readonly allowShort?: boolean | undefined;
}

/** The counter MAC of a secret, kept for the algorithm asked for last. Not a member: nobody else may compute with the bytes. */
export let counterMac: (secret: Secret, algorithm: Algorithm) => CounterMac;

/** Tells a Secret of this copy of the package from everything else. */
export let isSecret: (value: unknown) => value is Secret;

/**
 * The shared key of a device, opaque: it never appears in a log, an error, `JSON.stringify` or `inspect`.
 *
 * Keep one for as long as you need it: the first code prepares the hash, the following ones are twice as fast.
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
    if (token !== construction) {
      failType('token', 'left to generate, fromBase32 and fromBytes', token);
    }
    this.#bytes = bytes;
    Object.freeze(this);
  }

  static {
    counterMac = (secret, algorithm) => {
      if (secret.#mac !== undefined && secret.#algorithm === algorithm) return secret.#mac;
      secret.#algorithm = algorithm;
      return (secret.#mac = createCounterMac(algorithm, secret.#bytes));
    };
    isSecret = (value): value is Secret => typeof value === 'object' && value !== null && #bytes in value;
    // Node's `util.inspect` and `console.log` ask for this one.
    Object.defineProperty(Secret.prototype, Symbol.for('nodejs.util.inspect.custom'), {
      value(this: Secret) {
        return this.toString();
      },
    });
  }

  /**
   * Makes a new secret from the platform's cryptographic generator.
   *
   * @param options - `bytes`: length, an integer from 16 to 128; 20 by default
   * @returns a secret that nobody else has
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
    assertOptions('options', options, ['bytes']);
    const { bytes = 20 } = options;
    assertInteger('bytes', bytes, MIN_BYTES, MAX_BYTES);
    return new Secret(construction, randomBytes(bytes));
  }

  /**
   * Reads a secret from Base32 text as a person may type it (RFC 4648 section 6).
   *
   * @param text - upper or lower case; spaces and dashes are skipped; padding is optional, but right
   * @param options - `allowShort`: take fewer than 16 bytes; false by default
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
  static fromBase32(text: string, options: ImportSecretOptions = {}): Secret {
    assertString('text', text);
    const allowShort = shortAllowed(options);
    assertInteger('text.length', text.length, 0, MAX_TEXT);
    return new Secret(construction, checked(decodeBase32('text', text), allowShort));
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
    assertBytes('bytes', bytes);
    return new Secret(construction, copyBytes(checked(bytes, shortAllowed(options))));
  }

  /** Length in bytes. */
  get byteLength(): number {
    return this.#bytes.length;
  }

  /** The secret as Base32 in upper case without padding, as an authenticator app wants it: handle it as the secret it is. */
  toBase32(): string {
    return encodeBase32(this.#bytes);
  }

  /** A copy of the bytes. */
  toBytes(): Uint8Array {
    return copyBytes(this.#bytes);
  }

  /** Prints the length and nothing else. */
  toString(): string {
    return `[Secret ${this.#bytes.length * 8} bits]`;
  }

  /** Prints the length and nothing else. */
  toJSON(): string {
    return this.toString();
  }
}

/** Asserts that `value` is a Secret, which a string from a database is not. */
export function assertSecret(value: unknown): asserts value is Secret {
  if (!isSecret(value)) failType('secret', 'a Secret', value);
}

const MIN_BYTES = 16;
const MAX_BYTES = 128;
/** Room for 128 bytes in groups of four with a separator each. */
const MAX_TEXT = 512;

const construction = /* @__PURE__ */ Symbol('construction');

function shortAllowed(options: ImportSecretOptions): boolean {
  assertOptions('options', options, ['allowShort']);
  const { allowShort = false } = options;
  if (typeof allowShort !== 'boolean') failType('allowShort', 'a boolean', allowShort);
  return allowShort;
}

function checked(bytes: Uint8Array, allowShort: boolean): Uint8Array {
  const min = allowShort ? 1 : MIN_BYTES;
  if (bytes.length < min) {
    const message = `a secret needs ${min} bytes or more (RFC 4226 section 4; older ones: allowShort)`;
    throw new CountersignError('ERR_SECRET_TOO_SHORT', message);
  }
  assertInteger('byteLength', bytes.length, min, MAX_BYTES);
  return bytes;
}
