import { createRequire } from 'node:module';
import * as otplib from 'otplib';
import { namesOf } from './names.mjs';

export { missingInBrowsers } from './bundles.mjs';
export { codeOf, secret, shortSecret } from './names.mjs';
export { otplib };
export const names = namesOf(otplib);
export const manifest = createRequire(import.meta.url)('../node_modules/otplib/package.json');
export const uri = await import('@otplib/uri');
/** Passes at 59 seconds. */
export const verify = (token, options) =>
  otplib.verifySync({ secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', token, epoch: 59, ...options });
/** The message of what `call` throws. */
export const messageOf = (call) => {
  try {
    call();
    return null;
  } catch (error) {
    return error.message;
  }
};
