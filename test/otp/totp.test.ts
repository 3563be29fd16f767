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
import { ascii, readVectors } from '../support/vectors.js';
import { nameOf, noCodes } from '../support/wrong-values.js';

interface AppendixB {
  secretsAscii: Record<Algorithm, string>;
  values: { unixSeconds: number; utc: string; timeStepHex: string; algorithm: Algorithm; code: string }[];
}
const appendixB = readVectors('rfc6238-appendix-b') as AppendixB;
const secret = Secret.fromBytes(ascii(appendixB.secretsAscii.SHA1));
const stepAt = (timeStep: number, period = 30): number => timeStep * period * 1000;

describe('TOTP, against RFC 6238 appendix B', () => {
  it.each(appendixB.values)(
    'generates $code at $utc with $algorithm',
    ({ unixSeconds, utc, timeStepHex, algorithm, code }) => {
      const device = Secret.fromBytes(ascii(appendixB.secretsAscii[algorithm]));
      expect(generateTotp(device, { at: new Date(utc), algorithm, digits: 8 })).toBe(code);
      expect(generateTotp(device, { at: unixSeconds * 1000, algorithm, digits: 8 })).toBe(code);
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
    const at = (milliseconds: number): string => generateTotp(secret, { at: milliseconds });
    expect(at(59_999)).toBe(at(30_000));
    expect(at(60_000)).not.toBe(at(59_999));
  });

  it('counts from t0', () => {
    expect(generateTotp(secret, { at: 1_030_000, t0: 1000 })).toBe(generateHotp(secret, { counter: 1 }));
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
        if (match === null) return;
        expect(match.drift).toBeGreaterThanOrEqual(-past);
        expect(match.drift).toBeLessThanOrEqual(future);
        expect(generateTotp(secret, { at: stepAt(match.timeStep) })).toBe(code);
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

  it('moves the centre by the learned drift without widening the window', () => {
    const at = stepAt(1000);
    const driftOf = (offset: number): number | null => {
      const code = generateTotp(secret, { at: stepAt(1000 + offset) });
      return verifyTotp(secret, code, { lastTimeStep: null, drift: -3, at })?.drift ?? null;
    };
    expect([-5, -4, -3, -2, -1, 0].map(driftOf)).toEqual([null, -4, -3, -2, null, null]);
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
    expect(verifyTotp(secret, '755224', { lastTimeStep: null, at: 0, window })).toEqual({
      timeStep: 0,
      drift: 0,
    });
    expect(verifyTotp(secret, '755224', { lastTimeStep: null, at: 0, drift: -1000 })).toBeNull();
  });

  it('refuses the step 0 a second time', () => {
    expect(verifyTotp(secret, '755224', { lastTimeStep: 0, at: 0 })).toBeNull();
  });

  it('returns a frozen match', () => {
    expect(Object.isFrozen(verifyTotp(secret, '755224', { lastTimeStep: null, at: 0 }))).toBe(true);
  });

  it.each(noCodes.map((code) => [nameOf(code), code]))('answers null to %s', (_, code) => {
    expect(verifyTotp(secret, code, { lastTimeStep: null, at: 59_000 })).toBeNull();
  });

  it('answers any JavaScript value with a match or null, and never throws', () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withMap: true, withSet: true, withSparseArray: true }),
        (code) => {
          expect(verifyTotp(secret, code, { lastTimeStep: null, at: 59_000 })).toBeNull();
        },
      ),
    );
  });
});

describe('totpValidity', () => {
  it('tells step, first and last instant and the whole seconds that remain', () => {
    expect(totpValidity({ at: 59_000 })).toEqual({
      timeStep: 1,
      validFrom: new Date(30_000),
      validUntil: new Date(60_000),
      remainingSeconds: 1,
    });
  });

  it('counts the remaining seconds from the period down to 1', () => {
    const remaining = [30_000, 30_001, 31_000, 59_000, 59_001, 59_999].map(
      (at) => totpValidity({ at }).remainingSeconds,
    );
    expect(remaining).toEqual([30, 30, 29, 1, 1, 1]);
  });

  it('agrees with generateTotp at both ends of a step', () => {
    fc.assert(
      fc.property(fc.nat(4e12), fc.integer({ min: 1, max: 86_400 }), fc.nat(1e6), (at, period, t0) => {
        if (at < t0 * 1000) return;
        const { timeStep, validFrom, validUntil } = totpValidity({ at, period, t0 });
        const code = generateHotp(secret, { counter: timeStep });
        expect(generateTotp(secret, { at: validFrom, period, t0 })).toBe(code);
        expect(generateTotp(secret, { at: validUntil.getTime() - 1, period, t0 })).toBe(code);
        expect(validUntil.getTime()).toBeGreaterThan(at);
      }),
    );
  });
});
