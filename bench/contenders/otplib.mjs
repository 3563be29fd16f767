import { parse } from '@otplib/uri';
import { generateSync, generateURI, verifySync } from 'otplib';
import { account, bytes, issuer, text, uri } from './subject.mjs';

/** The synchronous functions, which are its fastest; its tolerance is in seconds, and bytes are what it can keep. */
/** @type {import('./subject.mjs').Contender} */
export const otplib = {
  name: 'otplib',
  algorithms: ['SHA1', 'SHA256', 'SHA512'],
  generateFromText: (job) => generator(text, job),
  generateKept: (job) => generator(new Uint8Array(bytes), job),
  verifyFromText: (job) => verifier(text, job),
  verifyKept: (job) => verifier(new Uint8Array(bytes), job),
  buildUri: () => () => generateURI({ issuer, label: account, secret: text }),
  parseUri: () => () => parse(uri),
  secretOf: ({ params }) => params.secret,
};

function generator(secret, job) {
  const algorithm = job.algorithm.toLowerCase();
  return () => generateSync({ secret, algorithm });
}

function verifier(secret, job) {
  const algorithm = job.algorithm.toLowerCase();
  const epochTolerance = job.window * 30;
  return (token) => verifySync({ secret, token, algorithm, epochTolerance }).valid;
}
