import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import * as countersign from '../../src/index.js';
import { whilePolluted } from '../support/harness/polluted.js';

const text = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const secret = countersign.Secret.fromBase32(text);
const label = { issuer: 'Example', account: 'bob' };

type Call = (...values: unknown[]) => unknown;
const { generateHotp, verifyHotp, resynchronizeHotp, generateTotp, verifyTotp, totpValidity } =
  countersign as unknown as Record<string, Call> &
    Record<
      'generateHotp' | 'verifyHotp' | 'resynchronizeHotp' | 'generateTotp' | 'verifyTotp' | 'totpValidity',
      Call
    >;
const { formatOtpauthUri, parseOtpauthUri, checkCompatibility } = countersign as unknown as Record<
  'formatOtpauthUri' | 'parseOtpauthUri' | 'checkCompatibility',
  Call
>;
const Secret = countersign.Secret as unknown as Record<'generate' | 'fromBase32' | 'fromBytes', Call>;

/** Every option of every function, with a call that is right but for that option. */
const options: [option: string, call: (value: unknown) => unknown][] = [
  ['counter of generateHotp', (counter) => generateHotp(secret, { counter })],
  ['counter of verifyHotp', (counter) => verifyHotp(secret, '287082', { counter })],
  ['counter of resynchronizeHotp', (counter) => resynchronizeHotp(secret, ['287082', '359152'], { counter })],
  ['lastTimeStep', (lastTimeStep) => verifyTotp(secret, '287082', { lastTimeStep })],
];
const optional: [option: string, call: (value: unknown) => unknown][] = [
  ['lookAhead', (lookAhead) => verifyHotp(secret, '287082', { counter: 1, lookAhead })],
  [
    'lookAhead of resynchronizeHotp',
    (lookAhead) => resynchronizeHotp(secret, ['1', '2'], { counter: 1, lookAhead }),
  ],
  ['digits', (digits) => generateTotp(secret, { digits })],
  ['digits of verifyTotp', (digits) => verifyTotp(secret, '287082', { lastTimeStep: null, digits })],
  ['digits of formatOtpauthUri', (digits) => formatOtpauthUri(secret, { ...label, digits })],
  ['algorithm', (algorithm) => generateTotp(secret, { algorithm })],
  ['algorithm of verifyTotp', (algorithm) => verifyTotp(secret, '287082', { lastTimeStep: null, algorithm })],
  ['period', (period) => generateTotp(secret, { period })],
  ['period of totpValidity', (period) => totpValidity({ period })],
  ['at of generateTotp', (at) => generateTotp(secret, { at })],
  ['at of verifyTotp', (at) => verifyTotp(secret, '287082', { lastTimeStep: null, at })],
  ['at of totpValidity', (at) => totpValidity({ at })],
  ['period of formatOtpauthUri', (period) => formatOtpauthUri(secret, { ...label, period })],
  ['counter of formatOtpauthUri', (counter) => formatOtpauthUri(secret, { ...label, type: 'hotp', counter })],
  ['window', (window) => verifyTotp(secret, '287082', { lastTimeStep: null, window })],
  ['type', (type) => formatOtpauthUri(secret, { ...label, type })],
  ['image', (image) => formatOtpauthUri(secret, { ...label, image })],
  ['allowShort', (allowShort) => Secret.fromBase32(text, { allowShort })],
  [
    'allowShort of parseOtpauthUri',
    (allowShort) => parseOtpauthUri(`otpauth://totp/b?secret=${text}`, { allowShort }),
  ],
  ['allowTailBits', (allowTailBits) => Secret.fromBase32(text, { allowTailBits })],
  [
    'allowTailBits of parseOtpauthUri',
    (allowTailBits) => parseOtpauthUri(`otpauth://totp/b?secret=${text}`, { allowTailBits }),
  ],
  ['bytes', (bytes) => Secret.generate({ bytes })],
];
/** Options that may be 0. */
const fromZero: [option: string, call: (value: unknown) => unknown][] = [
  ['t0', (t0) => generateTotp(secret, { t0 })],
  ['drift', (drift) => verifyTotp(secret, '287082', { lastTimeStep: null, drift })],
  [
    'window.past',
    (past) => verifyTotp(secret, '287082', { lastTimeStep: null, window: { past, future: 0 } }),
  ],
  [
    'window.future',
    (future) => verifyTotp(secret, '287082', { lastTimeStep: null, window: { past: 0, future } }),
  ],
];

const wrongKinds: unknown[] = [
  NaN,
  Infinity,
  -Infinity,
  -1e9,
  1e300,
  '1',
  '',
  ' ',
  1n,
  true,
  [],
  [1],
  {},
  Symbol('1'),
  () => 1,
  text,
];

/** What a call throws must be our error, coded, and must not repeat what it was given. */
function failureOf(call: () => unknown): countersign.CountersignError {
  try {
    call();
  } catch (error) {
    expect(countersign.isCountersignError(error), inspect(error)).toBe(true);
    const failure = error as countersign.CountersignError;
    expect(failure.code).toMatch(/^ERR_[A-Z0-9_]+$/);
    expect(inspect(failure, { showHidden: true })).not.toMatch(/GEZD|12345678901234567890/);
    return failure;
  }
  throw new Error('nothing was thrown');
}

/** The result of a call, or the code of its error. */
function outcomeOf(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    return countersign.isCountersignError(error) ? error.code : error;
  }
}

describe.each([...options, ...optional, ...fromZero])('%s', (option, call) => {
  const isRight = (value: unknown): boolean =>
    (option.startsWith('algorithm') && value === 'SHA1') || (option.startsWith('allow') && value === true);

  it.each(wrongKinds.filter((value) => !isRight(value)).map((value) => [inspect(value).slice(0, 30), value]))(
    'refuses %s with a coded error',
    (_, value) => {
      expect(['ERR_INVALID_ARGUMENT', 'ERR_OUT_OF_RANGE', 'ERR_UNKNOWN_OPTION']).toContain(
        failureOf(() => call(value)).code,
      );
    },
  );
});

describe.each([...optional, ...fromZero].filter(([option]) => !option.startsWith('window.')))(
  '%s',
  (option, call) => {
    it('takes undefined as absent, and null not', () => {
      expect(() => call(undefined)).not.toThrow();
      expect(failureOf(() => call(null)).code, option).toBe('ERR_INVALID_ARGUMENT');
    });
  },
);

describe('limits', () => {
  it.each<[string, () => unknown]>([
    [
      'a window of 11 steps',
      () => verifyTotp(secret, '1', { lastTimeStep: null, window: { past: 11, future: 0 } }),
    ],
    ['a look-ahead of 1,001', () => verifyHotp(secret, '1', { counter: 0, lookAhead: 1001 })],
    ['a drift of 1,001', () => verifyTotp(secret, '1', { lastTimeStep: null, drift: 1001 })],
    ['5 digits', () => generateTotp(secret, { digits: 5 })],
    ['9 digits', () => generateTotp(secret, { digits: 9 })],
    ['a period of 0', () => generateTotp(secret, { period: 0 })],
    ['a period of more than a day', () => generateTotp(secret, { period: 86_401 })],
    ['a counter of 2^53', () => generateHotp(secret, { counter: 2 ** 53 })],
    ['a negative counter', () => generateHotp(secret, { counter: -1 })],
    ['a time before t0', () => generateTotp(secret, { at: new Date(5000), t0: 6 })],
    ['a Date before 1970', () => generateTotp(secret, { at: new Date(-1) })],
    ['a negative time', () => generateTotp(secret, { at: -1 })],
    ['a time in seconds', () => generateTotp(secret, { at: 1_700_000_000 })],
    ['an issuer of 201 characters', () => formatOtpauthUri(secret, { ...label, issuer: 'x'.repeat(201) })],
    ['an account without end', () => formatOtpauthUri(secret, { ...label, account: 'x'.repeat(5_000_000) })],
    [
      'labels whose URI no QR code holds',
      () => formatOtpauthUri(secret, { issuer: '山'.repeat(100), account: '川'.repeat(100) }),
    ],
    ['15 random bytes', () => Secret.generate({ bytes: 15 })],
    ['129 bytes', () => Secret.fromBytes(new Uint8Array(129))],
    ['a Base32 text without end', () => Secret.fromBase32('A'.repeat(10_000_000))],
  ])('refuses %s', (_, call) => {
    expect(failureOf(call).code).toBe('ERR_OUT_OF_RANGE');
  });

  it.each<[string, () => unknown]>([
    ['an invalid Date', () => generateTotp(secret, { at: new Date(NaN) })],
    [
      'a Date that claims a text for its time',
      () => generateTotp(secret, { at: Object.assign(new Date(0), { getTime: () => '0' }) }),
    ],
    [
      "the name 'sha1', which some apps take for another hash",
      () => generateTotp(secret, { algorithm: 'sha1' }),
    ],
    ["the name 'SHA-1'", () => generateTotp(secret, { algorithm: 'SHA-1' })],
  ])('refuses %s', (_, call) => {
    expect(failureOf(call).code).toBe('ERR_INVALID_ARGUMENT');
  });
});

describe('unknown options', () => {
  it.each<[string, () => unknown]>([
    ['generateHotp', () => generateHotp(secret, { counter: 0, lookAhead: 1 })],
    ['verifyHotp', () => verifyHotp(secret, '1', { counter: 0, window: 1 })],
    ['resynchronizeHotp', () => resynchronizeHotp(secret, ['1', '2'], { counter: 0, lookahead: 1 })],
    ['generateTotp', () => generateTotp(secret, { step: 30 })],
    ['verifyTotp', () => verifyTotp(secret, '1', { lastTimeStep: null, afterTimeStep: 1 })],
    ['totpValidity', () => totpValidity({ now: 1 })],
    ['formatOtpauthUri', () => formatOtpauthUri(secret, { ...label, label: 'x' })],
    ['parseOtpauthUri', () => parseOtpauthUri(`otpauth://totp/b?secret=${text}`, { strict: true })],
    ['checkCompatibility', () => checkCompatibility({ ...label, secret, label: 'x' })],
    ['Secret.generate', () => Secret.generate({ length: 20 })],
    ['Secret.fromBase32', () => Secret.fromBase32(text, { lenient: true })],
    ['Secret.fromBytes', () => Secret.fromBytes(new Uint8Array(20), { encoding: 'hex' })],
    [
      'the window',
      () => verifyTotp(secret, '1', { lastTimeStep: null, window: { past: 1, future: 1, ahead: 2 } }),
    ],
  ])('are refused by %s, so that a misspelt one is not dropped in silence', (_, call) => {
    expect(failureOf(call).code).toBe('ERR_UNKNOWN_OPTION');
  });

  it('are named, unless they could be a secret', () => {
    expect(failureOf(() => generateTotp(secret, { perid: 30 })).message).toContain("'perid'");
    expect(failureOf(() => generateTotp(secret, { [text]: 1 })).message).not.toContain('GEZD');
    expect(failureOf(() => generateTotp(secret, { [text.toLowerCase()]: 1 })).message).not.toContain('gezd');
  });
});

describe('a polluted Object.prototype', () => {
  const short = 'JBSWY3DPEHPK3PXP';
  const pollution = {
    lookAhead: 1000,
    allowShort: true,
    allowTailBits: true,
    lastTimeStep: null,
    window: { past: 10, future: 10 },
    past: 10,
    future: 10,
    digits: 8,
    algorithm: 'SHA512',
    period: 60,
    t0: 30,
    at: new Date(0),
    drift: 5,
    counter: 7,
    bytes: 16,
    type: 'hotp',
    image: 'http://example.com',
    polluted: 'data',
    from: 'x',
    to: 1,
    only: 1,
    maxLabelBytes: 1,
    periods: { only: [1], others: 'ignored' },
  };
  const answers = (): unknown[] => [
    outcomeOf(() => generateHotp(secret, { counter: 1 })),
    outcomeOf(() => generateHotp(secret, {})),
    outcomeOf(() => verifyHotp(secret, generateHotp(secret, { counter: 100 }), { counter: 1 })),
    outcomeOf(() => resynchronizeHotp(secret, ['254676', '287922'], { counter: 0 })),
    outcomeOf(() => generateTotp(secret, { at: 1_700_000_000_000 })),
    outcomeOf(() => verifyTotp(secret, '287082', { lastTimeStep: null, at: new Date(59_000) })),
    outcomeOf(() => verifyTotp(secret, '287082', { lastTimeStep: null, at: new Date(150_000) })),
    outcomeOf(() => verifyTotp(secret, '287082', { at: new Date(59_000) })),
    outcomeOf(() => verifyTotp(secret, '287082', { lastTimeStep: null, window: { past: 1 } })),
    outcomeOf(() => totpValidity({ at: 1_700_000_000_000 })),
    outcomeOf(() => formatOtpauthUri(secret, label)),
    outcomeOf(() => checkCompatibility({ ...label, secret })),
    outcomeOf(() => parseOtpauthUri(`otpauth://totp/b?secret=${short}`)),
    outcomeOf(() => Secret.fromBase32(short)),
    outcomeOf(() => Secret.fromBase32('GEZDGNBVGY3TQOJQGEZDGNBVGZ')),
    outcomeOf(() => Secret.fromBytes(new Uint8Array(10))),
    outcomeOf(() => (Secret.generate() as countersign.Secret).byteLength),
  ];

  it('changes the answer of no function', async () => {
    const before = answers();
    expect(await whilePolluted(pollution, answers)).toEqual(before);
    expect(before).toContain('ERR_REPLAY_GUARD_MISSING');
    expect(before).toContain('ERR_SECRET_TOO_SHORT');
  });
});

describe('the replay guard', () => {
  it.each<[string, () => unknown]>([
    ['lastTimeStep is left out', () => verifyTotp(secret, '287082', {})],
    ['lastTimeStep is undefined', () => verifyTotp(secret, '287082', { lastTimeStep: undefined })],
    ['the options are left out', () => verifyTotp(secret, '287082')],
    ['the code is no code either', () => verifyTotp(secret, null, {})],
  ])('fails by name when %s', (_, call) => {
    expect(failureOf(call).code).toBe('ERR_REPLAY_GUARD_MISSING');
  });
});

describe('a secret', () => {
  it.each<[string, unknown]>([
    ['its text', text],
    ['bytes', new Uint8Array(20)],
    ['undefined', undefined],
    ['null', null],
    ['an object', { toBytes: () => new Uint8Array(20) }],
  ])('is not taken as %s', (_, value) => {
    for (const call of [
      () => generateHotp(value, { counter: 0 }),
      () => verifyHotp(value, '1', { counter: 0 }),
      () => resynchronizeHotp(value, ['1', '2'], { counter: 0 }),
      () => generateTotp(value),
      () => verifyTotp(value, '1', { lastTimeStep: null }),
      () => formatOtpauthUri(value, label),
      () => checkCompatibility({ ...label, secret: value }),
    ]) {
      expect(failureOf(call).code).toBe('ERR_INVALID_ARGUMENT');
    }
  });
});

describe('arguments of the wrong kind', () => {
  it.each<[string, () => unknown]>([
    ['options as null', () => generateTotp(secret, null)],
    ['options as a number', () => verifyHotp(secret, '1', 5)],
    ['options as an array', () => totpValidity([])],
    ['no options at all', () => generateHotp(secret)],
    ['a window as a number', () => verifyTotp(secret, '1', { lastTimeStep: null, window: 1 })],
    ['half a window', () => verifyTotp(secret, '1', { lastTimeStep: null, window: { past: 1 } })],
    ['one code to resynchronise', () => resynchronizeHotp(secret, ['287082'], { counter: 0 })],
    ['a text as two codes', () => resynchronizeHotp(secret, '28', { counter: 0 })],
    ['Base32 as bytes', () => Secret.fromBase32(new Uint8Array(20))],
    ['bytes as an array', () => Secret.fromBytes(Array.from({ length: 20 }, () => 1))],
    ['bytes as a wider array', () => Secret.fromBytes(new Uint16Array(20))],
    ['a URI object', () => parseOtpauthUri(new URL(`otpauth://totp/b?secret=${text}`))],
    ['a period for hotp', () => formatOtpauthUri(secret, { ...label, type: 'hotp', period: 30 })],
    ['a counter for totp', () => formatOtpauthUri(secret, { ...label, counter: 1 })],
    ['a t0 that a URI cannot say', () => formatOtpauthUri(secret, { ...label, t0: 1 })],
    [
      'an image without https',
      () => formatOtpauthUri(secret, { ...label, image: 'http://example.com/a.png' }),
    ],
  ])('are refused: %s', (_, call) => {
    expect(failureOf(call).code).toBe('ERR_INVALID_ARGUMENT');
  });
});
