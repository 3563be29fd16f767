import { formatOtpauthUri, generateTotp, parseOtpauthUri, Secret, verifyTotp } from '../../dist/index.js';
import { account, bytes, issuer, text, uri } from './subject.mjs';

/** @type {import('./subject.mjs').Contender} */
export const countersign = {
  name: 'countersign',
  algorithms: ['SHA1', 'SHA256', 'SHA512'],
  generateFromText({ algorithm }) {
    return () => generateTotp(Secret.fromBase32(text), { algorithm });
  },
  generateKept({ algorithm }) {
    const secret = Secret.fromBytes(bytes);
    return () => generateTotp(secret, { algorithm });
  },
  verifyFromText({ algorithm, window }) {
    return (code) => verify(Secret.fromBase32(text), code, algorithm, window);
  },
  verifyKept({ algorithm, window }) {
    const secret = Secret.fromBytes(bytes);
    return (code) => verify(secret, code, algorithm, window);
  },
  buildUri() {
    const secret = Secret.fromBytes(bytes);
    return () => formatOtpauthUri(secret, { issuer, account });
  },
  parseUri() {
    return () => parseOtpauthUri(uri);
  },
  secretOf: ({ secret }) => secret.toBase32(),
};

function verify(secret, code, algorithm, window) {
  const options = { lastTimeStep: null, algorithm, window: { past: window, future: window } };
  return verifyTotp(secret, code, options) !== null;
}
