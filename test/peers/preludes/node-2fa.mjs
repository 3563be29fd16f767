import { createRequire } from 'node:module';
import twofactor from 'node-2fa';
import { namesOf } from './names.mjs';

export { missingInBrowsers } from './bundles.mjs';
export { codeOf, secret, shortSecret } from './names.mjs';
export { twofactor };
export const names = namesOf(twofactor);
const require = createRequire(import.meta.url);
export const manifest = require('node-2fa/package.json');

/** What `call` returns at an instant: the package reads no other clock than the machine's. */
export function at(milliseconds, call) {
  const machine = globalThis.Date;
  globalThis.Date = class extends machine {
    constructor() {
      super(milliseconds);
    }
  };
  try {
    return call();
  } finally {
    globalThis.Date = machine;
  }
}
