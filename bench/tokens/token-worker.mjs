import assert from 'node:assert/strict';
import { engines } from './engines.mjs';
import { assertOk, createIssuer } from './issuer.mjs';
import { recordPairs } from './recorded-pair.mjs';

/**
 * One of the processes that share an engine. It is told an act and how often, and tells how long that took: `issue`
 * and `redeem`, and `bareIssue` and `bareRedeem`, which send the same two commands through the same client.
 */
process.once('message', async ({ engine: name, room, concurrency }) => {
  const engine = engines[name];
  const client = await engine.open(room);
  const acts = await createActs(engine, client, room);
  process.on('message', async ({ act, count }) => {
    if (act === undefined) return leave(engine, client);
    const { tasks, check } = acts[act](count);
    const { seconds, results } = await run(tasks, concurrency);
    check(results);
    process.send({ seconds });
  });
  process.send({ ready: true });
});

// Without the parent there is nobody left to answer.
process.once('disconnect', () => process.exit());

/** Each act as tasks to be timed, made ready beforehand, and what their results are for, looked at afterwards. */
async function createActs(engine, client, room) {
  const { issue, redeem, guessesAt } = createIssuer(engine.storeOf(client, room));
  const pairs = await recordPairs(engine, client, room);
  const guesses = [];
  const keys = [];
  let serial = 0;
  const names = (count) => Array.from({ length: count }, () => `${process.pid}-${serial++}`);
  return {
    issue(count) {
      const subjects = names(count);
      const check = (issued) => void guesses.push(...guessesAt(subjects, issued));
      return { tasks: subjects.map((subject) => () => issue(subject)), check };
    },
    redeem(count) {
      const tasks = guesses.splice(0, count).map((guess) => () => redeem(guess));
      return { tasks, check: (redeemed) => assertOk('redeem', redeemed) };
    },
    bareIssue(count) {
      const fresh = names(count).map(pairs.keyed);
      keys.push(...fresh);
      return { tasks: fresh.map(pairs.issue), check: assertWritten };
    },
    bareRedeem: (count) => ({ tasks: keys.splice(0, count).map(pairs.redeem), check: assertWritten }),
  };

  function assertWritten(replies) {
    assert.ok(replies.every(engine.wrote), `${engine.title}: the bare commands write`);
  }
}

async function run(tasks, concurrency) {
  const results = new Array(tasks.length);
  let next = 0;
  const work = async () => {
    while (next < tasks.length) {
      const place = next++;
      results[place] = await tasks[place]();
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: concurrency }, work));
  return { seconds: (performance.now() - start) / 1000, results };
}

async function leave(engine, client) {
  await engine.close(client);
  process.disconnect();
}
