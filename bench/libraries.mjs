import { decodeBase32IgnorePadding } from '@oslojs/encoding';
import { generateTOTP, verifyTOTPWithGracePeriod } from '@oslojs/otp';
import notp from 'notp';
import * as otpauth from 'otpauth';
import { generateSync, verifySync } from 'otplib';
import speakeasy from 'speakeasy';
import { Totp } from 'time2fa';
import * as countersign from '../dist/index.js';

/** The 20-byte key of RFC 4226, which every library works on. */
export const text = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
export const bytes = Buffer.from('12345678901234567890');

/**
 * What is measured, library by library. A function takes the hash and returns the act to be timed: `generate` gives the
 * current code; `verify` takes a code and tells whether it is right within one step each way. `FromText` starts from the
 * Base32 text each time, `Kept` keeps what the library lets a caller keep. A function that is missing is not supported.
 */
export const libraries = {
  countersign: {
    hashes: ['SHA1', 'SHA256', 'SHA512'],
    generateFromText: (algorithm) => () =>
      countersign.generateTotp(countersign.Secret.fromBase32(text), { algorithm }),
    generateKept(algorithm) {
      const secret = countersign.Secret.fromBytes(bytes);
      return () => countersign.generateTotp(secret, { algorithm });
    },
    verifyFromText: (algorithm) => (code) =>
      countersign.verifyTotp(countersign.Secret.fromBase32(text), code, { algorithm, lastTimeStep: null }) !==
      null,
    verifyKept(algorithm) {
      const secret = countersign.Secret.fromBytes(bytes);
      return (code) => countersign.verifyTotp(secret, code, { algorithm, lastTimeStep: null }) !== null;
    },
  },

  otpauth: {
    hashes: ['SHA1', 'SHA256', 'SHA512'],
    generateFromText: (algorithm) => () => otpauthTotp(algorithm).generate(),
    generateKept(algorithm) {
      const totp = otpauthTotp(algorithm);
      return () => totp.generate();
    },
    verifyFromText: (algorithm) => (token) => otpauthTotp(algorithm).validate({ token, window: 1 }) !== null,
    verifyKept(algorithm) {
      const totp = otpauthTotp(algorithm);
      return (token) => totp.validate({ token, window: 1 }) !== null;
    },
  },

  // The synchronous functions are its fastest. Its tolerance is in seconds.
  otplib: {
    hashes: ['SHA1', 'SHA256', 'SHA512'],
    generateFromText: (hash) => otplibGenerate(text, hash),
    generateKept: (hash) => otplibGenerate(new Uint8Array(bytes), hash),
    verifyFromText: (hash) => otplibVerify(text, hash),
    verifyKept: (hash) => otplibVerify(new Uint8Array(bytes), hash),
  },

  '@oslojs/otp': {
    hashes: ['SHA1'],
    generateFromText: () => () => generateTOTP(decodeBase32IgnorePadding(text), 30, 6),
    generateKept() {
      const key = new Uint8Array(bytes);
      return () => generateTOTP(key, 30, 6);
    },
    verifyFromText: () => (code) =>
      verifyTOTPWithGracePeriod(decodeBase32IgnorePadding(text), 30, 6, code, 30),
    verifyKept() {
      const key = new Uint8Array(bytes);
      return (code) => verifyTOTPWithGracePeriod(key, 30, 6, code, 30);
    },
  },

  // It writes into the options that it is given, so each call gets its own.
  notp: {
    hashes: ['SHA1'],
    generateKept: () => () => notp.totp.gen(bytes, {}),
    verifyKept: () => (code) => notp.totp.verify(code, bytes, { window: 1 }) !== null,
  },

  speakeasy: {
    hashes: ['SHA1', 'SHA256', 'SHA512'],
    generateFromText: (hash) => speakeasyGenerate({ secret: text, encoding: 'base32' }, hash),
    generateKept: (hash) => speakeasyGenerate({ secret: bytes }, hash),
    verifyFromText: (hash) => speakeasyVerify({ secret: text, encoding: 'base32' }, hash),
    verifyKept: (hash) => speakeasyVerify({ secret: bytes }, hash),
  },

  time2fa: {
    hashes: ['SHA1', 'SHA256', 'SHA512'],
    generateFromText(hash) {
      const config = time2faConfig(hash);
      return () => Totp.generatePasscodes({ secret: text }, config)[0];
    },
    verifyFromText(hash) {
      const config = time2faConfig(hash);
      return (passcode) => Totp.validate({ passcode, secret: text, drift: 1 }, config);
    },
  },
};

function otpauthTotp(algorithm) {
  return new otpauth.TOTP({ algorithm, secret: otpauth.Secret.fromBase32(text) });
}

function otplibGenerate(secret, hash) {
  const algorithm = hash.toLowerCase();
  return () => generateSync({ secret, algorithm });
}

function otplibVerify(secret, hash) {
  const algorithm = hash.toLowerCase();
  return (token) => verifySync({ secret, token, algorithm, epochTolerance: 30 }).valid;
}

function speakeasyGenerate(key, hash) {
  const algorithm = hash.toLowerCase();
  return () => speakeasy.totp({ ...key, algorithm });
}

function speakeasyVerify(key, hash) {
  const algorithm = hash.toLowerCase();
  return (token) => speakeasy.totp.verify({ ...key, token, algorithm, window: 1 });
}

function time2faConfig(hash) {
  return { algo: hash.toLowerCase(), digits: 6, period: 30, secretSize: 20 };
}
