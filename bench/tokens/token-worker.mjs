import { engines } from './engines.mjs';
import { assertRedeemed, challengeOf, createIssuer } from './issuer.mjs';
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
    const { tasks, keep, finish } = acts[act](count);
    const { seconds, kept } = await run(tasks, keep, concurrency);
    finish?.(kept);
    process.send({ seconds });
  });
  process.send({ ready: true });
});

// Without the parent there is nobody left to answer.
process.once('disconnect', () => process.exit());

/**
 * Each act as tasks to be timed, made ready beforehand. `keep` fails if a result is not the wanted one, and gives what
 * of it is needed for later: an application keeps no result, and thousands of them would have the collector copy them.
 */
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
      const finish = (challenges) => void guesses.push(...guessesAt(subjects, challenges));
      return { tasks: subjects.map((subject) => () => issue(subject)), keep: challengeOf, finish };
    },
    redeem: (count) => ({
      tasks: guesses.splice(0, count).map((guess) => () => redeem(guess)),
      keep: assertRedeemed,
    }),
    bareIssue(count) {
      const fresh = names(count).map(pairs.keyed);
      keys.push(...fresh);
      return { tasks: fresh.map(pairs.issue), keep: assertWritten };
    },
    bareRedeem: (count) => ({ tasks: keys.splice(0, count).map(pairs.redeem), keep: assertWritten }),
  };

  function assertWritten(reply) {
    if (!engine.wrote(reply)) throw new Error(`${engine.title}: the bare commands write`);
  }
}

async function run(tasks, keep, concurrency) {
  const kept = new Array(tasks.length);
  let next = 0;
  const work = async () => {
    while (next < tasks.length) {
      const place = next++;
      kept[place] = keep(await tasks[place]());
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: concurrency }, work));
  return { seconds: (performance.now() - start) / 1000, kept };
}

async function leave(engine, client) {
  await engine.close(client);
  process.disconnect();
}
