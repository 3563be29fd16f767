import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Connection,
  type Engine,
  engineNamed,
  isListening,
  uniqueName,
} from '../support/engines/engines.js';
import { describeWith } from '../support/engines/external.js';
import { type Redeemer, startRedeemer } from '../support/redeemer.js';
import { tokenHarness } from '../support/token-harness.js';

for (const engine of ['Redis through node-redis', 'PostgreSQL through pg'].map(engineNamed)) {
  const isAvailable = await isListening(engine.port ?? 0);
  describeWith(engine.name, isAvailable, `promise 1: two processes on ${engine.name}`, () => {
    race(engine);
    crash(engine);
  });
}

interface Guess {
  readonly subject: string;
  readonly purpose: string;
  readonly challenge: string;
  readonly code: string;
}

/** Opens a shared store for the enclosing describe, and issues tokens on it. */
function issuerOn(engine: Engine, name: string): (subject: string) => Promise<Guess> {
  let connection: Connection | undefined;
  beforeAll(async () => {
    connection = await engine.connect(name);
  });
  afterAll(() => connection?.remove());
  return async (subject) => {
    if (connection === undefined) throw new Error('the store is not open');
    const { issue, login } = tokenHarness({ store: connection.openStore(), now: Date.now, subject });
    const { challenge, code } = await issue();
    return { ...login, challenge, code };
  };
}

function race(engine: Engine): void {
  describe('that race for one code', () => {
    const name = uniqueName();
    const issueTo = issuerOn(engine, name);
    const redeemers: Redeemer[] = [];
    beforeAll(async () => {
      redeemers.push(
        ...(await Promise.all([startRedeemer(engine.name, name), startRedeemer(engine.name, name)])),
      );
    });
    afterAll(() => Promise.all(redeemers.map(({ kill }) => kill())));

    it('get in once, in each of 20 rounds', async () => {
      for (let round = 0; round < 20; round++) {
        const guess = await issueTo(`round ${round}`);
        const at = Date.now() + 20;
        const answers = await Promise.all(redeemers.map(({ redeem }) => redeem(guess, at)));
        expect(answers.map(({ ok }) => ok).sort()).toEqual([false, true]);
        expect(answers).toContainEqual({ ok: false, reason: 'unknown' });
      }
    });
  });
}

function crash(engine: Engine): void {
  describe('of which one is killed', () => {
    const name = uniqueName();
    const issueTo = issuerOn(engine, name);
    const started: Redeemer[] = [];
    afterAll(() => started.at(0)?.kill());

    it.each([
      ['before the write', { ok: true }],
      ['after the write', { ok: false, reason: 'unknown' }],
    ] as const)('%s: the other answers a right code as it must, and once', async (stall, answer) => {
      const [survivor, victim] = await Promise.all([
        started[0] ?? startRedeemer(engine.name, name),
        startRedeemer(engine.name, name, stall),
      ]);
      started[0] = survivor;
      const guess = await issueTo(stall);
      await victim.stall(guess);
      await victim.kill();
      expect(await survivor.redeem(guess)).toMatchObject(answer);
      expect(await survivor.redeem(guess)).toEqual({ ok: false, reason: 'unknown' });
    });
  });
}
