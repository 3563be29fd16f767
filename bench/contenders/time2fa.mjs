import { generateUrl, Totp } from 'time2fa';
import { account, issuer, text } from './subject.mjs';

/** Base32 text only; the length of the secret must be told. */
/** @type {import('./subject.mjs').Contender} */
export const time2fa = {
  name: 'time2fa',
  algorithms: ['SHA1', 'SHA256', 'SHA512'],
  generateFromText(job) {
    const config = configOf(job);
    return () => Totp.generatePasscodes({ secret: text }, config)[0];
  },
  verifyFromText(job) {
    const config = configOf(job);
    return (passcode) => Totp.validate({ passcode, secret: text, drift: job.window }, config);
  },
  buildUri() {
    const config = configOf({ algorithm: 'SHA1' });
    return () => generateUrl({ issuer, user: account, secret: text }, config);
  },
};

function configOf({ algorithm }) {
  return { algo: algorithm.toLowerCase(), digits: 6, period: 30, secretSize: 20 };
}
