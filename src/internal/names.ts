import { assertString, failType, failValue } from './asserts.js';
import { hasControl } from './characters.js';
import { CountersignError } from './errors.js';

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

const MAX_NAME = 512;
/** RFC 5321 section 4.5.3.1: 64 octets, an at sign, 255 octets. */
const MAX_ADDRESS = 320;
const ADDRESS_FORM = 'one e-mail address such as customer@example.com, as stored with the customer, or null';
/**
 * The specials of RFC 5322 section 3.2.3 but for the dot, white space, the percent sign of a source route, and the
 * characters that normalise to a second at sign.
 */
const FORBIDDEN = /[\s()<>[\]:;,\\"%\uff20\ufe6b]/;
/** What no font draws (Default_Ignorable_Code_Point), other format characters, and white space of every script. */
const INVISIBLE = /[\p{DI}\p{Cf}\p{Zs}\p{Zl}\p{Zp}]/u;
