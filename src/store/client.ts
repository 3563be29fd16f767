import { CountersignError } from '../internal/errors.js';

/** Tells whether `client` has a method of that name; never throws. */
export function hasMethod(client: unknown, name: string): boolean {
  const isObject = (typeof client === 'object' && client !== null) || typeof client === 'function';
  return isObject && typeof (client as Record<string, unknown>)[name] === 'function';
}

/** Throws the one error of an adapter that was given the wrong thing. */
export function failUnsuitable(store: string, needs: string): never {
  throw new CountersignError('ERR_STORE_UNSUITABLE', `${store} needs ${needs}`);
}

/** Tells whether a driver's error carries one of `codes` in its property `property`. */
export function hasErrorCode(error: unknown, property: string, codes: readonly unknown[]): boolean {
  if (typeof error !== 'object' || error === null) return false;
  return codes.includes((error as Record<string, unknown>)[property]);
}
