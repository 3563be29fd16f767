import { memoryStore } from '../../dist/index.js';
import { answer } from '../harness/in-fresh-process.mjs';
import { assertRedeemed, createIssuer } from './issuer.mjs';

const batch = 100;

/** Redeems in turns from stores of different size; each batch redeemed is replaced, so that the sizes stay. */
answer(async ({ sizes, rounds }) => {
  const fields = [];
  for (const size of sizes) fields.push(await fill(size));
  const microseconds = fields.map(() => []);
  for (let round = -5; round < rounds; round++) {
    for (const [place, field] of fields.entries()) {
      const time = await redeemBatch(field);
      if (round >= 0) microseconds[place].push(time);
      await issueBatch(field);
    }
  }
  return fields.map(({ size, bytesPerToken }, place) => ({
    size,
    bytesPerToken,
    microseconds: microseconds[place],
  }));
});

/** Keeps the guesses of a few tokens from all over the store: those of all would be heap of the benchmark's own. */
async function fill(size) {
  const before = heapUsed();
  const issuer = createIssuer(memoryStore());
  const guesses = [];
  const stride = Math.max(1, Math.floor(size / 4000));
  for (let i = 0; i < size; i++) {
    const guess = await issuer.issueOne(`customer-${i}`);
    if (i % stride === 0) guesses.push(guess);
  }
  return { size, issuer, guesses, serial: size, bytesPerToken: (heapUsed() - before) / size };
}

function heapUsed() {
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

async function redeemBatch({ issuer, guesses }) {
  const oldest = guesses.splice(0, batch);
  const start = performance.now();
  for (const guess of oldest) assertRedeemed(await issuer.redeem(guess));
  return ((performance.now() - start) * 1000) / batch;
}

async function issueBatch(field) {
  for (let i = 0; i < batch; i++)
    field.guesses.push(await field.issuer.issueOne(`customer-${field.serial++}`));
}
