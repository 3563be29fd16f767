import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWith } from '../support/engines/external.js';
import { tokenHarness } from '../support/tokens/harness.js';
import {
  type Connection,
  type Engine,
  isListening,
  serverEngines,
  uniqueName,
} from '../support/engines/engines.js';
import { type Redeemer, startRedeemer } from '../support/tokens/redeemer.js';

for (const engine of serverEngines) {
  const isUp = await isListening(engine.port);
  describeWith(engine.name, isUp, `promise 1: two processes on ${engine.name}`, () => {
    describe('that race for one code', () => {
      race(engine);
    });
    describe('of which one is killed', () => {
      crash(engine);
    });
  });
}

interface Guess {
  readonly subject: string;
  readonly purpose: string;
  readonly challenge: string;
  readonly code: string;
}

/** Opens a store for the enclosing describe, and issues tokens on it. */
function issuerOn(engine: Engine, name: string): (subject: string) => Promise<Guess> {
  let connection: Connection | undefined;
  beforeAll(async () => {
    connection = await engine.connect(name);
  });
  afterAll(() => connection?.remove());
  return async (subject) => {
    if (connection === undefined) throw new Error('the store is not open');
    const { ask, login } = tokenHarness({ store: connection.openStore(), now: Date.now, subject });
    const { challenge, code } = await ask();
    return { ...login, challenge, code };
  };
}

function race(engine: Engine): void {
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
      expect(answers).toContainEqual({ ok: false, reason: 'replayed' });
    }
  });
}

function crash(engine: Engine): void {
  const name = uniqueName();
  const issueTo = issuerOn(engine, name);
  const started: Redeemer[] = [];
  afterAll(() => started.at(0)?.kill());

  it.each([
    ['before the write', { ok: true }],
    ['after the write', { ok: false, reason: 'replayed' }],
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
    expect(await survivor.redeem(guess)).toEqual({ ok: false, reason: 'replayed' });
  });
}
