import speakeasyModule from 'speakeasy';
import { account, bytes, issuer, text } from './subject.mjs';

const encoding = 'base32';

/** Its functions need their `this`, and its default encoding is ASCII. */
/** @type {import('./subject.mjs').Contender} */
export const speakeasy = {
  name: 'speakeasy',
  algorithms: ['SHA1', 'SHA256', 'SHA512'],
  generateFromText: (job) => generator({ secret: text, encoding }, job),
  generateKept: (job) => generator({ secret: bytes }, job),
  verifyFromText: (job) => verifier({ secret: text, encoding }, job),
  verifyKept: (job) => verifier({ secret: bytes }, job),
  buildUri: () => () =>
    speakeasyModule.otpauthURL({ secret: text, encoding, issuer, label: account, type: 'totp' }),
};

function generator(key, job) {
  const algorithm = job.algorithm.toLowerCase();
  return () => speakeasyModule.totp({ ...key, algorithm });
}

function verifier(key, { algorithm: name, window }) {
  const algorithm = name.toLowerCase();
  return (token) => speakeasyModule.totp.verify({ ...key, token, algorithm, window });
}
