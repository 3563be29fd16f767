import { createRequire } from 'node:module';
import speakeasy from 'speakeasy';
import { namesOf } from './names.mjs';

export { missingInBrowsers } from './bundles.mjs';
export { codeOf, secret, shortSecret } from './names.mjs';
export { speakeasy };
export const names = namesOf(speakeasy);
const require = createRequire(import.meta.url);
export const manifest = require('speakeasy/package.json');
/** Whether the code passes at 59 seconds. */
export const verify = (token, options) =>
  speakeasy.totp.verify({
    secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
    encoding: 'base32',
    token,
    time: 59,
    ...options,
  });
