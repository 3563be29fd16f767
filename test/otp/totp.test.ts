import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  allowReplay,
  generateHotp,
  generateTotp,
  Secret,
  totpValidity,
  verifyTotp,
} from '../../src/index.js';
import type { Algorithm } from '../../src/index.js';
import { seeded } from '../support/faults/seeded.js';
import { ascii, readVectors } from '../support/vectors.js';
import { nameOf, noCodes } from '../support/wrong-values.js';

interface AppendixB {
  secretsAscii: Record<Algorithm, string>;
  values: { unixSeconds: number; utc: string; timeStepHex: string; algorithm: Algorithm; code: string }[];
}
const appendixB = readVectors('rfc6238-appendix-b') as AppendixB;
const secret = Secret.fromBytes(ascii(appendixB.secretsAscii.SHA1));
const epoch = new Date(0);
const stepAt = (timeStep: number): Date => new Date(timeStep * 30_000);

describe('TOTP, against RFC 6238 appendix B', () => {
  it.each(appendixB.values)(
    'generates $code at $utc with $algorithm',
    ({ unixSeconds, utc, timeStepHex, algorithm, code }) => {
      const device = Secret.fromBytes(ascii(appendixB.secretsAscii[algorithm]));
      expect(generateTotp(device, { at: new Date(utc), algorithm, digits: 8 })).toBe(code);
      expect(generateTotp(device, { at: new Date(unixSeconds * 1000), algorithm, digits: 8 })).toBe(code);
      const timeStep = Number(`0x${timeStepHex}`);
      expect(totpValidity({ at: new Date(utc) }).timeStep).toBe(timeStep);
      const options = { at: new Date(utc), algorithm, digits: 8, lastTimeStep: null } as const;
      expect(verifyTotp(device, code, options)).toEqual({ timeStep, drift: 0 });
    },
  );
});

describe('generateTotp', () => {
  it('takes the current time if none is given', () => {
    const before = generateTotp(secret, { at: Date.now() });
    const code = generateTotp(secret);
    expect([before, generateTotp(secret, { at: Date.now() })]).toContain(code);
  });

  it('is right beyond 2038, beyond 2106 and to the last instant of a Date', () => {
    for (const at of ['2038-01-19T03:14:08Z', '2106-02-07T06:28:16Z', '9999-12-31T23:59:59Z', 8.64e15]) {
      const instant = new Date(at);
      const counter = Math.floor(instant.getTime() / 30_000);
      expect(generateTotp(secret, { at: instant })).toBe(generateHotp(secret, { counter }));
    }
  });

  it('keeps a code for the whole step and changes it with the next', () => {
    const at = (milliseconds: number): string => generateTotp(secret, { at: new Date(milliseconds) });
    expect(at(59_999)).toBe(at(30_000));
    expect(at(60_000)).not.toBe(at(59_999));
  });

  it('counts from t0', () => {
    expect(generateTotp(secret, { at: new Date(1_030_000), t0: 1000 })).toBe(
      generateHotp(secret, { counter: 1 }),
    );
  });
});

describe('verifyTotp', () => {
  it('finds every step of the window and never one beyond', () => {
    const steps = fc.integer({ min: 1000, max: 1e9 });
    const offsets = fc.integer({ min: -15, max: 15 });
    fc.assert(
      fc.property(steps, fc.nat(10), fc.nat(10), offsets, (now, past, future, offset) => {
        const code = generateTotp(secret, { at: stepAt(now + offset) });
        const match = verifyTotp(secret, code, {
          lastTimeStep: null,
          window: { past, future },
          at: stepAt(now),
        });
        const isInside = offset >= -past && offset <= future;
        // Two steps in a window may share a code; whatever matches must be inside and have that code.
        if (isInside) expect(match).not.toBeNull();
        const { drift, timeStep } = match ?? { drift: 0, timeStep: now + offset };
        expect(drift).toBeGreaterThanOrEqual(-past);
        expect(drift).toBeLessThanOrEqual(future);
        expect(generateTotp(secret, { at: stepAt(timeStep) })).toBe(code);
      }),
    );
  });

  it('accepts one step each way by default', () => {
    const offsets = [-2, -1, 0, 1, 2].map((offset) => {
      const code = generateTotp(secret, { at: stepAt(1000 + offset) });
      return verifyTotp(secret, code, { lastTimeStep: null, at: stepAt(1000) })?.drift ?? null;
    });
    expect(offsets).toEqual([null, -1, 0, 1, null]);
  });

  it('accepts a step once: only steps after lastTimeStep', () => {
    const code = generateTotp(secret, { at: stepAt(1000) });
    const at = stepAt(1000);
    expect(verifyTotp(secret, code, { lastTimeStep: 999, at })?.timeStep).toBe(1000);
    expect(verifyTotp(secret, code, { lastTimeStep: 1000, at })).toBeNull();
    expect(verifyTotp(secret, code, { lastTimeStep: 1001, at })).toBeNull();
  });

  it('answers null, not an error, when the clock has stepped back behind lastTimeStep', () => {
    const code = generateTotp(secret, { at: stepAt(1000) });
    expect(verifyTotp(secret, code, { lastTimeStep: 5_000_000, at: stepAt(1000) })).toBeNull();
  });

  it('accepts strictly increasing steps, whatever the order of codes and clock', () => {
    const events = fc.array(fc.tuple(fc.integer({ min: 95, max: 115 }), fc.integer({ min: 95, max: 115 })), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(events, (attempts) => {
        let lastTimeStep: number | null = null;
        for (const [codeStep, clockStep] of attempts) {
          const code = generateTotp(secret, { at: stepAt(codeStep) });
          const match = verifyTotp(secret, code, { lastTimeStep, at: stepAt(clockStep) });
          if (match === null) continue;
          expect(match.timeStep).toBeGreaterThan(lastTimeStep ?? -1);
          lastTimeStep = match.timeStep;
        }
      }),
    );
  });

  it('lets a used code through only with allowReplay', () => {
    const code = generateTotp(secret, { at: stepAt(1000) });
    expect(verifyTotp(secret, code, { lastTimeStep: allowReplay, at: stepAt(1000) })?.timeStep).toBe(1000);
  });

  it('looks around its own clock and around the learned drift, and nowhere else', () => {
    const at = stepAt(1000);
    const driftOf = (offset: number): number | null => {
      const code = generateTotp(secret, { at: stepAt(1000 + offset) });
      return verifyTotp(secret, code, { lastTimeStep: null, drift: -3, at })?.drift ?? null;
    };
    const offsets = [-6, -5, -4, -3, -2, -1, 0, 1, 2];
    expect(offsets.map(driftOf)).toEqual([null, null, -4, -3, -2, -1, 0, 1, null]);
  });

  it('returns a drift that can be passed back', () => {
    let drift = 0;
    for (const [now, offset] of [
      [1000, 1],
      [2000, 2],
      [3000, 3],
    ] as const) {
      const code = generateTotp(secret, { at: stepAt(now + offset) });
      drift = verifyTotp(secret, code, { lastTimeStep: null, drift, at: stepAt(now) })?.drift ?? NaN;
    }
    expect(drift).toBe(3);
  });

  it('does not look below step 0', () => {
    const window = { past: 10, future: 0 };
    const match = { timeStep: 0, drift: 0 };
    for (const drift of [0, -5, -1000]) {
      expect(verifyTotp(secret, '755224', { lastTimeStep: null, at: epoch, window, drift })).toEqual(match);
    }
  });

  it('refuses the step 0 a second time', () => {
    expect(verifyTotp(secret, '755224', { lastTimeStep: 0, at: epoch })).toBeNull();
  });

  it('returns a frozen match', () => {
    expect(Object.isFrozen(verifyTotp(secret, '755224', { lastTimeStep: null, at: epoch }))).toBe(true);
  });

  it.each(noCodes.map((code) => [nameOf(code), code]))('answers null to %s', (_, code) => {
    expect(verifyTotp(secret, code, { lastTimeStep: null, at: new Date(59_000) })).toBeNull();
  });

  it('answers any JavaScript value with a match or null, and never throws', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withMap: true, withSet: true, withSparseArray: true }),
        (code) => {
          expect(verifyTotp(secret, code, { lastTimeStep: null, at: new Date(59_000) })).toBeNull();
        },
      ),
    );
  });
});

describe('verifyTotp, of a phone whose clock is off', () => {
  /** A verifier that stores what each match tells it to. */
  function verifier() {
    let state: { lastTimeStep: number | null; drift: number } = { lastTimeStep: null, drift: 0 };
    return (now: number, phoneIsAhead: number): boolean => {
      const code = generateTotp(secret, { at: new Date((now + phoneIsAhead) * 1000) });
      const match = verifyTotp(secret, code, { ...state, at: new Date(now * 1000) });
      if (match !== null) state = { lastTimeStep: match.timeStep, drift: match.drift };
      return match !== null;
    };
  }

  it('lets it in when its clock has been set right, as soon as its step is newer than the last one', () => {
    const login = verifier();
    const start = 1_700_000_010;
    expect(login(start, 30)).toBe(true);
    expect(login(start + 3600, 60)).toBe(true);
    expect(login(start + 3660, 0)).toBe(false);
    expect(login(start + 3690, 0)).toBe(true);
    expect(login(start + 3720, 0)).toBe(true);
  });

  it('follows a clock that wanders by a step from login to login', () => {
    const login = verifier();
    const ahead = [0, 30, 60, 90, 120, 90, 60, 30, 0, -30, -60];
    expect(ahead.map((seconds, day) => login(1_700_000_000 + 86_400 * day, seconds))).not.toContain(false);
  });

  it.each([2, 3, -1, -2, -7])('computes each step once with a drift of %i', (drift) => {
    const window = { past: 2, future: 1 };
    const isAccepted = (offset: number): boolean => {
      const code = generateTotp(secret, { at: stepAt(1000 + offset) });
      return verifyTotp(secret, code, { lastTimeStep: null, drift, window, at: stepAt(1000) }) !== null;
    };
    const expected = new Set([-2, -1, 0, 1, drift - 2, drift - 1, drift, drift + 1]);
    const offsets = Array.from({ length: 41 }, (_, index) => index - 20);
    expect(offsets.filter(isAccepted)).toEqual(offsets.filter((offset) => expected.has(offset)));
  });

  it('takes the newest of two steps with the same code, in whichever window it lies', () => {
    // 963181 is the code of both steps.
    const [older, newer] = [59_061_240, 59_061_241];
    expect(generateTotp(secret, { at: stepAt(older) })).toBe(generateTotp(secret, { at: stepAt(newer) }));
    const window = { past: 0, future: 0 };
    for (const [current, drift] of [
      [older, 1],
      [newer, -1],
    ] as const) {
      const options = { lastTimeStep: null, window, drift, at: stepAt(current) };
      expect(verifyTotp(secret, '963181', options)?.timeStep).toBe(newer);
    }
  });

  it.each([-30, -20, -10, 0, 10, 20, 30])(
    'refuses no more right codes than a fixed window does, %i s off, when people type slowly',
    (offset) => {
      const followed = verifier();
      const { below, chance } = seeded(20_261_127 + offset);
      let refused = 0;
      let refusedByFixed = 0;
      for (let login = 0; login < 4000; login++) {
        const now = 1_700_000_000 + 40_000 * login + below(30);
        const typingTakes = chance(0.3) ? 25 + below(21) : 3 + below(10);
        const code = generateTotp(secret, { at: new Date((now + offset) * 1000) });
        const at = new Date((now + typingTakes) * 1000);
        if (verifyTotp(secret, code, { lastTimeStep: null, at }) === null) refusedByFixed++;
        if (!followed(now + typingTakes, offset - typingTakes)) refused++;
      }
      expect(refused).toBeLessThanOrEqual(refusedByFixed);
    },
  );
});

describe('an instant', () => {
  const calls: [string, (at: Date | number) => unknown][] = [
    ['generateTotp', (at) => generateTotp(secret, { at })],
    ['verifyTotp', (at) => verifyTotp(secret, '287082', { lastTimeStep: null, at })],
    ['totpValidity', (at) => totpValidity({ at })],
  ];

  it.each(calls)('in seconds is refused by %s, with what to pass', (_, call) => {
    for (const at of [0, 59, 1_700_000_000, 99_999_999_999]) {
      expect(() => call(at)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }));
      expect(() => call(at)).toThrow('it looks like seconds: pass milliseconds or a Date');
    }
  });

  it.each(calls)('before 1973 is taken by %s as a Date', (_, call) => {
    expect(call(new Date(59_000))).toEqual(call(new Date(59_999)));
  });

  it('may have fractions of a millisecond, which are dropped', () => {
    const at = 1_700_000_009_999.999;
    expect(generateTotp(secret, { at })).toBe(generateTotp(secret, { at: 1_700_000_009_999 }));
    expect(totpValidity({ at })).toEqual(totpValidity({ at: 1_700_000_009_999 }));
  });
});

describe('totpValidity', () => {
  it('tells step, first and last instant and the whole seconds that remain', () => {
    expect(totpValidity({ at: new Date(59_000) })).toEqual({
      timeStep: 1,
      validFrom: new Date(30_000),
      validUntil: new Date(60_000),
      remainingSeconds: 1,
    });
  });

  it('counts the remaining seconds from the period down to 1', () => {
    const remaining = [30_000, 30_001, 31_000, 59_000, 59_001, 59_999].map(
      (at) => totpValidity({ at: new Date(at) }).remainingSeconds,
    );
    expect(remaining).toEqual([30, 30, 29, 1, 1, 1]);
  });

  it('agrees with generateTotp at both ends of a step', () => {
    fc.assert(
      fc.property(fc.nat(4e12), fc.integer({ min: 1, max: 86_400 }), fc.nat(1e6), (at, period, t0) => {
        fc.pre(at >= t0 * 1000);
        const { timeStep, validFrom, validUntil } = totpValidity({ at: new Date(at), period, t0 });
        const code = generateHotp(secret, { counter: timeStep });
        expect(generateTotp(secret, { at: validFrom, period, t0 })).toBe(code);
        expect(generateTotp(secret, { at: new Date(validUntil.getTime() - 1), period, t0 })).toBe(code);
        expect(validUntil.getTime()).toBeGreaterThan(at);
      }),
    );
  });
});
