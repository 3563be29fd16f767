import { CountersignError } from './errors.js';

/** Throws `ERR_INVALID_ARGUMENT` saying what `name` should have been and what kind of value it was. */
export function failType(name: string, expected: string, value: unknown): never {
  // The kind and not the value, which could be a secret.
  const kind = Object.prototype.toString.call(value).slice(8, -1);
  throw new CountersignError('ERR_INVALID_ARGUMENT', `${name} must be ${expected}; it is ${kind}`);
}

/**
 * Asserts that `value` is an object with no option but the `known` ones: a misspelt safety option must not be
 * dropped in silence.
 */
export function assertOptions(
  name: string,
  value: unknown,
  known: readonly string[],
): asserts value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) failType(name, 'an object', value);
  for (const key in value) {
    if (!known.includes(key)) failOption(name, key, known);
  }
}

/** Asserts that `value` is an integer from `min` to `max`. Strings and bigints are refused, not converted. */
export function assertInteger(
  name: string,
  value: unknown,
  min: number,
  max: number,
): asserts value is number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return;
  failInteger(name, value, min, max);
}

/** Asserts that `value` is a boolean or absent. */
export function assertOptionalBoolean(name: string, value: unknown): asserts value is boolean | undefined {
  if (value !== undefined && typeof value !== 'boolean') failType(name, 'a boolean', value);
}

/** Asserts that `value` is a string. */
export function assertString(name: string, value: unknown): asserts value is string {
  if (typeof value !== 'string') failType(name, 'a string', value);
}

/** Apart from the check, which runs with every code, so that no message is built but for an error. */
function failInteger(name: string, value: unknown, min: number, max: number): never {
  const expected = `an integer from ${min} to ${max}`;
  if (typeof value !== 'number') failType(name, expected, value);
  throw new CountersignError('ERR_OUT_OF_RANGE', `${name} must be ${expected}`);
}

function failOption(name: string, option: string, known: readonly string[]): never {
  // Only what is too short for a secret is repeated: whoever passes things in the wrong place may have made one a key.
  const shown = option.length < 16 ? ` '${option}'` : '';
  const message = `${name} has an unknown option${shown}; known are ${known.join(', ')}`;
  throw new CountersignError('ERR_UNKNOWN_OPTION', message);
}

/** Reads an object of options: a copy of its own properties without a prototype. */
export function readOptions<Options extends object>(
  name: string,
  value: Options,
  known: readonly string[],
): Options {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) failType(name, 'an object', value);
  const own = Object.assign(Object.create(null), value) as Options;
  for (const key of Object.keys(own)) if (!known.includes(key)) failOption(name, key, known);
  return own;
}

export function failValue(name: string, expected: string): never {
  throw new CountersignError('ERR_INVALID_ARGUMENT', `${name} must be ${expected}`);
}

export function assertFunction(name: string, value: unknown): void {
  if (typeof value !== 'function') failType(name, 'a function', value);
}
