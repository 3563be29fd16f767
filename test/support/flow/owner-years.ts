import { describe, expect, it } from 'vitest';
import { explainPolicy } from '../../../src/two-factor/explain-policy.js';
import {
  byMailOnly,
  byRecoveryCode,
  fromKnownBrowserByApp,
  fromKnownBrowserByMail,
  type Siege,
  type Worst,
} from './owner-year.js';
import { HOUR, MINUTE } from './time.js';

/** Registers the tests. */
export function describeOwnerYears(siege: Siege): void {
  const { days, instants } = siege;
  describe(`promise 13: in ${days} days of a stranger with the password, at ${instants} random instants, the owner gets in`, () => {
    it('with a recovery code, at once', async () => {
      const worst = await report('with a recovery code', byRecoveryCode(siege));
      expect(worst.letIn).toBe(worst.tried);
      expect(worst.longestWaitMs).toBe(0);
      expect(worst.evaluated).toBeLessThanOrEqual(explainPolicy().app.alone.guessesPerYear);
    });

    it('from a known browser with the app, within two minutes', async () => {
      const worst = await report('from a known browser with the app', fromKnownBrowserByApp(siege));
      expect(worst.letIn).toBe(worst.tried);
      expect(worst.longestWaitMs).toBeLessThanOrEqual(2 * MINUTE);
      expect(worst.evaluated).toBeLessThanOrEqual(explainPolicy().app.guessesPerYear);
    });

    it('from a known browser by mail, within two minutes', async () => {
      const worst = await report('from a known browser by mail', fromKnownBrowserByMail(siege));
      expect(worst.letIn).toBe(worst.tried);
      expect(worst.longestWaitMs).toBeLessThanOrEqual(2 * MINUTE);
      expect(worst.evaluated).toBeLessThanOrEqual(explainPolicy().email.guessesPerYear);
    });

    it('with mail only from an unknown browser, at the latest by the long code, and a day later once more', async () => {
      const worst = await report('with mail only from an unknown browser', byMailOnly(siege));
      expect(worst.letIn).toBe(worst.tried);
      expect(worst.byLongCode).toBeGreaterThan(worst.tried / 4);
      // A success clears the delay, and it takes 64 minutes of failures until it is beyond an hour again.
      expect(worst.longestWaitMs).toBeLessThanOrEqual(HOUR + 5 * MINUTE);
      expect(worst.evaluated).toBeLessThanOrEqual(explainPolicy().email.alone.guessesPerYear);
    });
  });
}

async function report(title: string, running: Promise<Worst>): Promise<Worst> {
  const worst = await running;
  const { letIn, tried, longestWaitMs, byLongCode, evaluated } = worst;
  process.stderr.write(
    `${title}: in at ${letIn} of ${tried} instants, the longest wait ${longestWaitMs / 1000} s, ` +
      `${byLongCode} by the long code; ${evaluated} guesses evaluated\n`,
  );
  return worst;
}
