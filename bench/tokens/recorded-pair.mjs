import assert from 'node:assert/strict';
import { assertRedeemed, createIssuer } from './issuer.mjs';

/**
 * The two commands that an act sends, recorded once and sent again for other records by the bare client: what the
 * act costs at the very least. Fails if an act takes more or fewer round trips than two.
 *
 * @param {import('./engines.mjs').Engine} engine
 * @param {any} client
 * @param {string} room
 */
export async function recordPairs(engine, client, room) {
  const { proxy, take } = recording(client, engine.methods);
  const issuer = createIssuer(engine.storeOf(proxy, room));
  // The first one teaches the server what it keeps, such as a script.
  await issuer.issueOne(`${process.pid}-before`);
  take();
  const guess = await issuer.issueOne(`${process.pid}-recorded`);
  const issue = take();
  assertRedeemed(await issuer.redeem(guess));
  const redeem = take();
  for (const calls of [issue, redeem]) assert.equal(calls.length, 2, `${engine.title}: two round trips`);
  const pairs = { issue: bare(engine, client, issue), redeem: bare(engine, client, redeem) };
  await checkReplay(engine, client, pairs, engine.keyOf(issue[0].args));
  return { ...pairs, keyed: (name) => rename(engine.keyOf(issue[0].args), name) };
}

function recording(client, methods) {
  let calls = [];
  const proxy = {};
  for (const method of methods) {
    proxy[method] = (...args) => {
      calls.push({ method, args });
      return client[method](...args);
    };
  }
  const take = () => {
    const taken = calls;
    calls = [];
    return taken;
  };
  return { proxy, take };
}

/** Made ready beforehand, so that nothing but the client is timed. */
function bare({ rekey }, client, [first, second]) {
  return (key) => {
    const reading = rekey(first.args, key);
    const writing = rekey(second.args, key);
    return async () => {
      await client[first.method](...reading);
      return client[second.method](...writing);
    };
  };
}

async function checkReplay({ wrote, title }, client, pairs, recordedKey) {
  const key = rename(recordedKey, `${process.pid}-check`);
  for (const name of ['issue', 'redeem']) {
    assert.ok(wrote(await pairs[name](key)()), `${title}: the bare commands of ${name} write`);
  }
}

/** As long as the recorded key, so that no command is shorter than the act's. */
function rename(recordedKey, name) {
  const end = `-${name}`;
  return recordedKey.slice(0, -end.length) + end;
}
