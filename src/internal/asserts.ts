import { CountersignError } from './errors.js';

/** Throws `ERR_INVALID_ARGUMENT` saying what `name` should have been and what kind of value it was. */
export function failType(name: string, expected: string, value: unknown): never {
  throw new CountersignError('ERR_INVALID_ARGUMENT', `${name} must be ${expected}; it is ${kindOf(value)}`);
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
  if (typeof value !== 'number') failType(name, `an integer from ${min} to ${max}`, value);
  if (!Number.isInteger(value) || value < min || value > max) failRange(name, min, max, value);
}

/** Asserts that `value` is a boolean or absent. */
export function assertOptionalBoolean(name: string, value: unknown): asserts value is boolean | undefined {
  if (value !== undefined && typeof value !== 'boolean') failType(name, 'a boolean', value);
}

/** Asserts that `value` is a string. */
export function assertString(name: string, value: unknown): asserts value is string {
  if (typeof value !== 'string') failType(name, 'a string', value);
}

/** The kind of a value, in words that can stand in a message: a value itself could be a secret. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (Number.isNaN(value)) return 'NaN';
  if (Array.isArray(value)) return 'an array';
  if (value instanceof Uint8Array) return 'a Uint8Array';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid Date' : 'a Date';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function failRange(name: string, min: number, max: number, value: number): never {
  const kind = Number.isNaN(value) ? 'NaN' : Number.isInteger(value) ? 'out of range' : 'not an integer';
  throw new CountersignError(
    'ERR_OUT_OF_RANGE',
    `${name} must be an integer from ${min} to ${max}; it is ${kind}`,
  );
}

function failOption(name: string, option: string, known: readonly string[]): never {
  // Only what looks like an option is repeated: whoever passes things in the wrong place may have made a secret a key.
  const shown = /^[a-z][A-Za-z0-9]{0,24}$/.test(option) ? ` '${option}'` : '';
  const message = `${name} has an unknown option${shown}; known are: ${known.join(', ')}`;
  throw new CountersignError('ERR_UNKNOWN_OPTION', message);
}
