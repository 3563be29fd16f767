import notpModule from 'notp';
import { bytes } from './subject.mjs';

const { totp } = notpModule;

/** SHA-1 and raw bytes only. It writes into the options it is given, so each call gets its own. */
/** @type {import('./subject.mjs').Contender} */
export const notp = {
  name: 'notp',
  algorithms: ['SHA1'],
  generateKept: () => () => totp.gen(bytes, {}),
  verifyKept({ window }) {
    return (code) => totp.verify(code, bytes, { window }) !== null;
  },
};
