/**
 * Times acts in turns: one short sample each a round, in an order that changes, so that whatever else the machine
 * does meets all of them alike.
 *
 * @param {readonly { name: string, act: (input: any) => unknown, isAsync?: boolean }[]} entries
 * @param {{ rounds: number, sampleMs: number, warmUpMs: number, input: () => unknown }} settings `input` is asked
 *   once a round
 * @returns {Promise<Record<string, number[]>>} nanoseconds an act, a number a round
 */
export async function interleave(entries, { rounds, sampleMs, warmUpMs, input }) {
  const samples = Object.fromEntries(entries.map(({ name }) => [name, []]));
  const counts = await calibrate(entries, { sampleMs, warmUpMs, input });
  const warmUp = Math.ceil(rounds / 5);
  for (let round = -warmUp; round < rounds; round++) {
    const value = input();
    for (const { name, act, isAsync } of orderOf(round + warmUp, entries)) {
      const nanoseconds = await time(act, isAsync, value, counts[name]);
      if (round >= 0) samples[name].push(nanoseconds);
    }
  }
  return samples;
}

/** Runs each act until it is compiled, and finds how many fill a sample. */
async function calibrate(entries, { sampleMs, warmUpMs, input }) {
  const counts = {};
  for (const { name, act, isAsync } of entries) {
    const start = performance.now();
    let count = 1;
    let nanoseconds = 0;
    while (performance.now() - start < warmUpMs || nanoseconds * count < sampleMs * 5e5) {
      nanoseconds = await time(act, isAsync, input(), count);
      if (nanoseconds * count < sampleMs * 5e5) count *= 2;
    }
    counts[name] = Math.max(1, Math.round((sampleMs * 1e6) / nanoseconds));
  }
  return counts;
}

/** The order of a round: it rotates, and every other one runs backwards, so that nobody always follows the same one. */
export function orderOf(round, entries) {
  const first = round % entries.length;
  const order = [...entries.slice(first), ...entries.slice(0, first)];
  return round % 2 === 0 ? order : order.toReversed();
}

async function time(act, isAsync, input, count) {
  const start = process.hrtime.bigint();
  if (isAsync) await repeatAsync(act, input, count);
  else repeat(act, input, count);
  return Number(process.hrtime.bigint() - start) / count;
}

/** Kept where the compiler cannot prove that nobody looks. */
export let last;

function repeat(act, input, count) {
  for (let i = 0; i < count; i++) last = act(input);
}

async function repeatAsync(act, input, count) {
  for (let i = 0; i < count; i++) last = await act(input);
}
