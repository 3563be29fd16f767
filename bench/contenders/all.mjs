import { countersign } from './countersign.mjs';
import { blockLimit, opensslLimit } from './limits.mjs';
import { notp } from './notp.mjs';
import { oslo } from './oslo.mjs';
import { otpauth } from './otpauth.mjs';
import { otplib } from './otplib.mjs';
import { speakeasy } from './speakeasy.mjs';
import { time2fa } from './time2fa.mjs';
import { totpGenerator } from './totp-generator.mjs';

/** In the order of the tables. @type {readonly import('./subject.mjs').Contender[]} */
export const contenders = [
  countersign,
  otpauth,
  otplib,
  oslo,
  notp,
  speakeasy,
  time2fa,
  totpGenerator,
  blockLimit,
  opensslLimit,
];
