import { hasControl } from './characters.js';
import { CountersignError } from './errors.js';

/** Throws `ERR_INVALID_ARGUMENT` for a value of the wrong type: what `name` must be, and the kind of value it is. */
export function failType(name: string, expected: string, value: unknown): never {
  // The kind and not the value, which could be a secret.
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  return failValue(name, `${expected}; it is ${kind}`);
}

/** Throws `ERR_INVALID_ARGUMENT` for a value of the right type that breaks a rule: what `name` must be. */
export function failValue(name: string, expected: string): never {
  throw new CountersignError('ERR_INVALID_ARGUMENT', `${name} must be ${expected}`);
}

/** Throws `ERR_OUT_OF_RANGE`: what `name` must be. */
export function failRange(name: string, expected: string): never {
  throw new CountersignError('ERR_OUT_OF_RANGE', `${name} must be ${expected}`);
}

/**
 * Copies the own properties of an options object onto an object without a prototype.
 *
 * Destructure the copy: then a polluted `Object.prototype` sets no option, and what was checked is what is used, even
 * if a getter answers differently the next time. An unknown name is refused, since a misspelt safety option must not
 * be dropped in silence.
 *
 * @param name - what to call the object in errors
 * @param value - the object as the caller passed it
 * @param known - the names it may have
 * @returns the copy
 * @throws {@link CountersignError} `ERR_INVALID_ARGUMENT`, `ERR_UNKNOWN_OPTION`
 */
export function readOptions<Options extends object>(
  name: string,
  value: Options,
  known: readonly string[],
): Options {
  assertObject(name, value);
  const copy = ownOnly(value);
  for (const key in copy) {
    if (!known.includes(key)) failOption(name, key, known);
  }
  return copy;
}

/**
 * Tells which kind of a union a value is, by a property of its own: `in` would also find one that somebody has put on
 * `Object.prototype`.
 */
export function hasOwn<Value extends object, Name extends string>(
  value: Value,
  name: Name,
): value is Extract<Value, Readonly<Record<Name, unknown>>> {
  return Object.hasOwn(value, name);
}

/** A copy without a prototype, so that what a kind of the union lacks is really absent. */
export function ownOnly<Value extends object>(value: Value): Value {
  return { ...value, __proto__: null };
}

/** Asserts that `value` is an integer from `min` to `max`. Strings and bigints are refused, not converted. */
export function assertInteger(
  name: string,
  value: unknown,
  min: number,
  max: number,
): asserts value is number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return;
  const expected = `an integer from ${min} to ${max}`;
  if (typeof value !== 'number') failType(name, expected, value);
  failRange(name, expected);
}

/** Asserts that `value` is a boolean or absent. */
export function assertOptionalBoolean(name: string, value: unknown): asserts value is boolean | undefined {
  if (value !== undefined && typeof value !== 'boolean') failType(name, 'a boolean', value);
}

/** Asserts that `value` is a string. */
export function assertString(name: string, value: unknown): asserts value is string {
  if (typeof value !== 'string') failType(name, 'a string', value);
}

/** Asserts that `value` is a function. */
export function assertFunction(
  name: string,
  value: unknown,
): asserts value is (...values: never[]) => unknown {
  if (typeof value !== 'function') failType(name, 'a function', value);
}

/**
 * Reads an instant given in milliseconds since 1970, and drops fractions of a millisecond.
 *
 * A number below 1e11 (March 1973) is refused: it is almost certainly in seconds, and would make every code wrong.
 *
 * @param name - what to call the number in errors
 * @param value - the number as the caller passed it
 * @returns whole milliseconds
 * @throws {@link CountersignError} `ERR_INVALID_ARGUMENT`, `ERR_OUT_OF_RANGE`
 */
export function readMilliseconds(name: string, value: unknown): number {
  const expected = 'milliseconds since 1970, at most 8.64e15';
  if (typeof value !== 'number') failType(name, expected, value);
  if (Number.isNaN(value)) failValue(name, `${expected}, and not NaN`);
  if (value < 0 || value > MAX_MILLISECONDS) failRange(name, expected);
  if (value < MIN_MILLISECONDS) failRange(name, SECONDS);
  return Math.floor(value);
}

const MIN_MILLISECONDS = 1e11;
const SECONDS = 'milliseconds since 1970; it looks like seconds: pass milliseconds or a Date';
/** The last instant of a Date (ECMA-262 section 21.4.1.1). */
const MAX_MILLISECONDS = 8.64e15;

function assertObject(name: string, value: unknown): asserts value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) failType(name, 'an object', value);
}

function failOption(name: string, option: string, known: readonly string[]): never {
  // A secret passed by mistake may have become a key: repeat only names too short to be one.
  const shown = option.length < 16 ? ` '${option}'` : '';
  const message = `${name} has an unknown option${shown}; known are ${known.join(', ')}`;
  throw new CountersignError('ERR_UNKNOWN_OPTION', message);
}

/** Asserts that `value` is what names a customer or a purpose: text of 1 to 512 characters. */
export function assertName(name: string, value: unknown): asserts value is string {
  assertString(name, value);
  if (value === '' || value.length > MAX_NAME) {
    throw new CountersignError('ERR_OUT_OF_RANGE', `${name} must have from 1 to ${MAX_NAME} characters`);
  }
}

/**
 * Asserts one mail address and no more. Mail programs read `a@x,b@y` as two recipients, `<b@y>a@x` and `(x)d@e` as a
 * different address than it appears, `list:a@b` as a group and `%0a` as the end of a header; and an invisible character
 * makes two addresses look alike.
 */
export function assertAddress(name: string, value: unknown): asserts value is string {
  if (typeof value !== 'string') failType(name, ADDRESS_FORM, value);
  const at = value.lastIndexOf('@');
  const isOne = at > 0 && at < value.length - 1 && value.indexOf('@') === at && value.length <= MAX_ADDRESS;
  if (!isOne || FORBIDDEN.test(value) || INVISIBLE.test(value) || hasControl(value))
    failValue(name, ADDRESS_FORM);
}

/** The longest name of a customer or a purpose, in UTF-16 units. */
export const MAX_NAME = 512;
/** RFC 5321 section 4.5.3.1: 64 octets, an at sign, 255 octets. */
export const MAX_ADDRESS = 320;
const ADDRESS_FORM =
  'one e-mail address such as customer@example.com, as stored with the customer; null stands for one who does not exist';
/**
 * The specials of RFC 5322 section 3.2.3 but for the dot, white space, the percent sign of a source route, and the
 * characters that normalise to a second at sign.
 */
const FORBIDDEN = /[\s()<>[\]:;,\\"%\uff20\ufe6b]/;
/** What no font draws (Default_Ignorable_Code_Point), other format characters, and white space of every script. */
const INVISIBLE = /[\p{DI}\p{Cf}\p{Zs}\p{Zl}\p{Zp}]/u;

/** A clock, in whole milliseconds since 1970. */
export type Clock = () => number;

/**
 * Wraps an application's clock so that its mistakes fail loudly: seconds would make every token 1,000 times as
 * long-lived, and a fraction of a millisecond is no integer to a database.
 */
export function readClock(name: string, now: unknown): Clock {
  assertClock(name, now);
  return () => readMilliseconds(`${name}()`, now());
}

/**
 * Wraps the clock of a store: a fraction of a millisecond is no integer to a database. Small numbers pass, since the
 * tests of a store may count from zero, and a record that outlives its expiry harms nobody.
 */
export function readStoreClock(name: string, now: unknown): Clock {
  assertClock(name, now);
  return () => {
    const time = now();
    if (typeof time !== 'number' || !Number.isFinite(time)) failType(`${name}()`, 'a finite number', time);
    return Math.floor(time);
  };
}

function assertClock(name: string, now: unknown): asserts now is () => unknown {
  if (typeof now !== 'function') failType(name, 'a function that returns milliseconds since 1970', now);
}
