import { engines } from './engines.mjs';
import { createIssuer } from './issuer.mjs';
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
    const tasks = acts[act](count);
    process.send({ seconds: await run(tasks, concurrency) });
  });
  process.send({ ready: true });
});

// Without the parent there is nobody left to answer.
process.once('disconnect', () => process.exit());

async function createActs(engine, client, room) {
  const { issue, redeem } = createIssuer(engine.storeOf(client, room));
  const pairs = await recordPairs(engine, client, room);
  const guesses = [];
  const keep = (guess) => void guesses.push(guess);
  const keys = [];
  let serial = 0;
  const names = (count) => Array.from({ length: count }, () => `${process.pid}-${serial++}`);
  return {
    issue: (count) => names(count).map((name) => () => issue(name).then(keep)),
    redeem: (count) => guesses.splice(0, count).map((guess) => () => redeem(guess)),
    bareIssue(count) {
      const fresh = names(count).map(pairs.keyed);
      keys.push(...fresh);
      return fresh.map(pairs.issue);
    },
    bareRedeem: (count) => keys.splice(0, count).map(pairs.redeem),
  };
}

async function run(tasks, concurrency) {
  let next = 0;
  const work = async () => {
    while (next < tasks.length) await tasks[next++]();
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: concurrency }, work));
  return (performance.now() - start) / 1000;
}

async function leave(engine, client) {
  await engine.close(client);
  process.disconnect();
}
