import { type Feature, lacks, no, partly, yes } from './cell.js';

/** What happens to a code: generating it, verifying it, and refusing it. */
export const codes: readonly Feature[] = [
  {
    name: 'TOTP (RFC 6238)',
    cells: {
      countersign: yes("verify('287082')", '{ timeStep: 1, drift: 0 }'),
      otplib: yes("verify('287082').valid", 'true'),
      otpauth: yes("validate('287082')", '0'),
      'better-auth': yes(
        'enrolled().then(async ({ code, logIn }) => verify(await logIn(), await code()))',
        '200',
      ),
      speakeasy: yes("verify('287082')", 'true'),
      'node-2fa': yes("at(59_000, () => twofactor.verifyToken(secret, '287082'))", '{ delta: 0 }'),
    },
  },
  {
    name: 'HOTP (RFC 4226)',
    cells: {
      countersign: yes(
        "verifyHotp(key, '287082', { counter: 1 })",
        '{ counter: 1, nextCounter: 2, drift: 0 }',
      ),
      otplib: yes(
        "otplib.verifySync({ strategy: 'hotp', secret, token: '287082', counter: 1 }).valid",
        'true',
      ),
      otpauth: partly('accepts the code before', "hotp.validate({ token: '755224', counter: 1 })", '-1'),
      'better-auth': lacks(/hotp/i),
      speakeasy: yes(
        "speakeasy.hotp.verify({ secret, encoding: 'base32', token: '287082', counter: 1 })",
        'true',
      ),
      'node-2fa': lacks(/hotp|counter/i),
    },
  },
  {
    name: 'Right codes for every counter',
    cells: {
      countersign: yes('generateHotp(key, { counter: 2 ** 31 })', "'197202'"),
      otplib: yes("otplib.generateSync({ strategy: 'hotp', secret, counter: 2 ** 31 })", "'197202'"),
      otpauth: yes('hotp.generate({ counter: 2 ** 31 })', "'197202'"),
      'better-auth': yes("createOTP('12345678901234567890').hotp(2 ** 31)", "'197202'"),
      speakeasy: no(
        'wrong from 2^31',
        "speakeasy.hotp({ secret, encoding: 'base32', counter: 2 ** 31 })",
        "'084320'",
      ),
      'node-2fa': no('30-second steps only', 'twofactor.generateToken.length', '1'),
    },
  },
  {
    name: 'SHA-256 and SHA-512',
    cells: {
      countersign: yes("generateTotp(key, { at: new Date(59_000), algorithm: 'SHA256' })", "'247374'"),
      otplib: yes("otplib.generateSync({ secret, epoch: 59, algorithm: 'sha256' })", "'247374'"),
      otpauth: yes(
        "OTPAuth.TOTP.generate({ secret: OTPAuth.Secret.fromBase32(secret), timestamp: 59_000, algorithm: 'SHA3-256' })",
        "'902588'",
        'SHA-3 as well',
      ),
      'better-auth': no(
        'SHA-1 only',
        "createOTP('12345678901234567890', { algorithm: 'SHA-256' }).hotp(1)",
        "'287082'",
      ),
      speakeasy: yes(
        "speakeasy.totp({ secret, encoding: 'base32', time: 59, algorithm: 'sha256' })",
        "'247374'",
      ),
      'node-2fa': no('SHA-1 only', 'twofactor.generateToken.length', '1'),
    },
  },
  {
    name: 'Refuses a code that was used before',
    cells: {
      countersign: yes("verify('287082', { lastTimeStep: 1 })", 'null', 'cannot be forgotten'),
      otplib: partly(
        'if you pass and store the step',
        "[verify('287082').valid, verify('287082', { afterTimeStep: 1 }).valid]",
        '[ true, false ]',
      ),
      otpauth: no('', "[validate('287082'), validate('287082')]", '[ 0, 0 ]'),
      'better-auth': no(
        '',
        'enrolled().then(async ({ code, logIn }) => { const used = await code(); return [await verify(await logIn(), used), await verify(await logIn(), used)]; })',
        '[ 200, 200 ]',
      ),
      speakeasy: no('', "[verify('287082'), verify('287082')]", '[ true, true ]'),
      'node-2fa': no(
        '',
        "at(59_000, () => [twofactor.verifyToken(secret, '287082'), twofactor.verifyToken(secret, '287082')])",
        '[ { delta: 0 }, { delta: 0 } ]',
      ),
    },
  },
  {
    name: 'Two requests with one code: one gets in',
    cells: {
      countersign: yes(
        'enrolled().then(async ({ complete, code }) => (await Promise.all([complete(code()), complete(code())])).map(outcome).sort())',
        "[ 'authenticator', 'replayed' ]",
      ),
      otplib: lacks(/store|adapter|claim|consume/i),
      otpauth: lacks(/store|adapter|claim|consume/i),
      'better-auth': no(
        'both get in',
        'enrolled().then(async ({ code, logIn }) => { const used = await code(); const browsers = [await logIn(), await logIn()]; return Promise.all(browsers.map((browser) => verify(browser, used))); })',
        '[ 200, 200 ]',
      ),
      speakeasy: lacks(/store|adapter|claim|consume/i),
      'node-2fa': lacks(/store|adapter|claim|consume/i),
    },
  },
  {
    name: 'A window of its own for past and future',
    cells: {
      countersign: yes("verify('287082', { at: new Date(29_999), window: { past: 1, future: 0 } })", 'null'),
      otplib: yes("verify('287082', { epoch: 29, epochTolerance: [30, 0] }).valid", 'false', 'in seconds'),
      otpauth: no('', "validate('287082', { timestamp: 29_000, window: 1 })", '1'),
      'better-auth': no('one step each way', "createOTP('key').verify.length", '2'),
      speakeasy: no('', "verify('287082', { time: 29, window: 1 })", 'true'),
      'node-2fa': no('', "at(29_000, () => twofactor.verifyToken(secret, '287082', 1))", '{ delta: 1 }'),
    },
  },
  {
    name: 'The window has an upper bound',
    cells: {
      countersign: yes("verify('000000', { window: { past: 11, future: 0 } })", 'throws CountersignError'),
      otplib: yes("verify('000000', { epochTolerance: 1e6 })", 'throws EpochToleranceTooLargeError'),
      otpauth: no('', "typeof validate('000000', { window: 2e6 })", "'number'"),
      'better-auth': yes("createOTP('key').verify('abcdef', { window: 1 })", 'false', 'fixed'),
      speakeasy: no('', "verify('000000', { window: 2e6 })", 'true'),
      'node-2fa': no(
        '0 means 50',
        "at(59_000 + 50 * 30_000, () => twofactor.verifyToken(secret, '287082', 0))",
        '{ delta: -50 }',
      ),
    },
  },
  {
    name: 'Takes a code with a space, as apps show it',
    cells: {
      countersign: yes("verify('287 082')", '{ timeStep: 1, drift: 0 }'),
      otplib: no('', "verify('287 082')", 'throws TokenLengthError'),
      otpauth: no('', "validate('287 082')", 'null'),
      'better-auth': no(
        'counts it as a failure',
        "enrolled().then(async ({ code, logIn }) => verify(await logIn(), (await code()).replace(/.../, '$& ')))",
        "'INVALID_CODE'",
      ),
      speakeasy: no('', "verify('287 082')", 'false'),
      'node-2fa': yes("at(59_000, () => twofactor.verifyToken(secret, '287 082'))", '{ delta: 0 }'),
    },
  },
  {
    name: 'A typing error is a result, never an exception',
    cells: {
      countersign: yes("[verify('12345'), verify('éééééé'), verify(null)]", '[ null, null, null ]'),
      otplib: no('', "verify('12345')", 'throws TokenLengthError'),
      otpauth: no('', "validate('éééééé')", 'throws RangeError'),
      'better-auth': yes(
        "enrolled().then(async ({ logIn }) => verify(await logIn(), 'éééééé'))",
        "'INVALID_CODE'",
      ),
      speakeasy: yes("[verify('12345'), verify('éééééé'), verify(null)]", '[ false, false, false ]'),
      'node-2fa': yes(
        "['12345', 'éééééé', null].map((code) => twofactor.verifyToken(secret, code))",
        '[ null, null, null ]',
      ),
    },
  },
  {
    name: 'Junk beside a code is refused',
    cells: {
      countersign: yes("verify('37211x', { at: new Date(1_050_000) })", 'null'),
      otplib: yes("verify('37211x', { epoch: 1050 })", 'throws TokenFormatError'),
      otpauth: yes("validate('37211x', { timestamp: 1_050_000 })", 'null'),
      'better-auth': yes(
        "enrolled().then(async ({ logIn }) => verify(await logIn(), '28708x'))",
        "'INVALID_CODE'",
      ),
      speakeasy: no('', "verify('37211x', { time: 1050 })", 'true'),
      'node-2fa': no('', "at(59_000, () => twofactor.verifyToken(secret, '(287)🙂082!'))", '{ delta: 0 }'),
    },
  },
  {
    name: 'Tells how far the phone’s clock is off',
    cells: {
      countersign: yes("verify('755224')", '{ timeStep: 0, drift: -1 }', 'and takes it back'),
      otplib: yes("verify('755224', { epochTolerance: 30 }).delta", '-1'),
      otpauth: yes("validate('755224')", '-1'),
      'better-auth': no('', "createOTP('key').verify('000000').then((result) => typeof result)", "'boolean'"),
      speakeasy: yes(
        "speakeasy.totp.verifyDelta({ secret, encoding: 'base32', token: '755224', time: 59, window: 1 })",
        '{ delta: -1 }',
      ),
      'node-2fa': yes("at(59_000, () => twofactor.verifyToken(secret, '755224'))", '{ delta: -1 }'),
    },
  },
  {
    name: 'Finds a lost counter by two codes (RFC 4226 7.4)',
    cells: {
      countersign: yes("resynchronizeHotp(key, ['254676', '287922'], { counter: 0 })?.nextCounter", '7'),
      otplib: lacks(/resync|twoCodes/i),
      otpauth: lacks(/resync|twoCodes/i),
      'better-auth': lacks(/resync|hotp/i),
      speakeasy: lacks(/resync|twoCodes/i),
      'node-2fa': lacks(/resync|hotp/i),
    },
  },
  {
    name: 'A clock of your own, for tests',
    cells: {
      countersign: yes('generateTotp(key, { at: new Date(59_000) })', "'287082'"),
      otplib: yes('otplib.generateSync({ secret, epoch: 59 })', "'287082'"),
      otpauth: yes('totp.generate({ timestamp: 59_000 })', "'287082'"),
      'better-auth': no('', "createOTP('key').totp.length", '0'),
      speakeasy: yes("speakeasy.totp({ secret, encoding: 'base32', time: 59 })", "'287082'"),
      'node-2fa': no('', 'twofactor.generateToken.length', '1'),
    },
  },
  {
    name: 'Codes of other alphabets (Steam)',
    cells: {
      countersign: no('', 'generateHotp(key, { counter: 1, hooks: {} })', 'throws CountersignError'),
      otplib: partly(
        'not in `generateSync`',
        "otplib.generateSync({ secret, epoch: 59, hooks: { encodeToken: () => 'STEAM' } })",
        "'287082'",
      ),
      otpauth: lacks(/steam|alphabet|hook/i),
      'better-auth': lacks(/steam|alphabet|hook/i),
      speakeasy: lacks(/steam|alphabet|hook/i),
      'node-2fa': lacks(/steam|alphabet|hook/i),
    },
  },
];
