import { Secret, TOTP, URI } from 'otpauth';
import { account, issuer, text, uri } from './subject.mjs';

/** @type {import('./subject.mjs').Contender} */
export const otpauth = {
  name: 'otpauth',
  algorithms: ['SHA1', 'SHA256', 'SHA512'],
  generateFromText({ algorithm }) {
    return () => create(algorithm).generate();
  },
  generateKept({ algorithm }) {
    const totp = create(algorithm);
    return () => totp.generate();
  },
  verifyFromText({ algorithm, window }) {
    return (token) => create(algorithm).validate({ token, window }) !== null;
  },
  verifyKept({ algorithm, window }) {
    const totp = create(algorithm);
    return (token) => totp.validate({ token, window }) !== null;
  },
  buildUri() {
    const totp = create('SHA1');
    return () => totp.toString();
  },
  parseUri() {
    return () => URI.parse(uri);
  },
  secretOf: ({ secret }) => secret.base32,
};

function create(algorithm) {
  return new TOTP({ issuer, label: account, algorithm, secret: Secret.fromBase32(text) });
}
