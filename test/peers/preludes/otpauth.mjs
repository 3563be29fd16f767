import { readFileSync } from 'node:fs';
import * as OTPAuth from 'otpauth';
import { namesOf } from './names.mjs';

export { missingInBrowsers } from './bundles.mjs';
export { codeOf, secret, shortSecret } from './names.mjs';
export { OTPAuth };
export const names = namesOf(OTPAuth);
export const manifest = JSON.parse(
  readFileSync(new URL('../node_modules/otpauth/package.json', import.meta.url), 'utf8'),
);
const key = OTPAuth.Secret.fromBase32('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
export const totp = new OTPAuth.TOTP({ issuer: 'Example', label: 'a', secret: key });
export const hotp = new OTPAuth.HOTP({ issuer: 'Example', label: 'a', secret: key });
/** The offset of the code at 59 seconds in steps, or null. */
export const validate = (token, options) => totp.validate({ token, timestamp: 59_000, ...options });
