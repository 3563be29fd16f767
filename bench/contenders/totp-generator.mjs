import { TOTP } from 'totp-generator';
import { text } from './subject.mjs';

/** Generates only, from text, asynchronously; codes keep their leading zeros on demand. */
/** @type {import('./subject.mjs').Contender} */
export const totpGenerator = {
  name: 'totp-generator',
  isAsync: true,
  algorithms: ['SHA1', 'SHA256', 'SHA512'],
  generateFromText(job) {
    const algorithm = job.algorithm.replace('SHA', 'SHA-');
    return async () => (await TOTP.generate(text, { algorithm, explicitZeroPad: true })).otp;
  },
};
