import { decodeBase32IgnorePadding } from '@oslojs/encoding';
import { createTOTPKeyURI, generateTOTP, verifyTOTPWithGracePeriod } from '@oslojs/otp';
import { account, bytes, issuer, text } from './subject.mjs';

/** SHA-1 only; its grace period is in seconds. */
/** @type {import('./subject.mjs').Contender} */
export const oslo = {
  name: '@oslojs/otp',
  algorithms: ['SHA1'],
  generateFromText: () => () => generateTOTP(decodeBase32IgnorePadding(text), 30, 6),
  generateKept() {
    const key = new Uint8Array(bytes);
    return () => generateTOTP(key, 30, 6);
  },
  verifyFromText({ window }) {
    return (code) => verifyTOTPWithGracePeriod(decodeBase32IgnorePadding(text), 30, 6, code, window * 30);
  },
  verifyKept({ window }) {
    const key = new Uint8Array(bytes);
    return (code) => verifyTOTPWithGracePeriod(key, 30, 6, code, window * 30);
  },
  buildUri() {
    const key = new Uint8Array(bytes);
    return () => createTOTPKeyURI(issuer, account, key, 30, 6);
  },
};
