/** Every name that a package offers: its exports, and the static and instance members of its classes. */
export function namesOf(library) {
  return Object.entries(library).flatMap(([name, value]) => [
    name,
    ...(typeof value === 'function' ? [...membersOf(value), ...membersOf(value.prototype)] : []),
  ]);
}

function membersOf(value) {
  return value === undefined || value === null ? [] : Object.getOwnPropertyNames(value);
}

/** The key of RFC 4226 and RFC 6238 as Base32; its code at 59 seconds is 287082, and that of counter 0 is 755224. */
export const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

/** The same key's first half: 80 bits. */
export const shortSecret = 'GEZDGNBVGY3TQOJQ';

/** The `code` of what a call throws. */
export function codeOf(call) {
  try {
    call();
    return null;
  } catch (error) {
    return error.code;
  }
}
