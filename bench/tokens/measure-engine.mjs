import { randomBytes } from 'node:crypto';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { engines } from './engines.mjs';

const worker = fileURLToPath(new URL('token-worker.mjs', import.meta.url));

/**
 * Acts and bare commands in turns, each round on records of its own.
 *
 * @param {{ engine: string, processes: number, concurrency: number }} task `concurrency` is that of each process
 * @param {{ rounds: number, phaseMs: number }} pace
 * @returns {Promise<Record<string, number[]>>} acts a second over all processes, a number a round
 */
export async function measureEngine({ engine: name, processes, concurrency }, { rounds, phaseMs }) {
  const engine = engines[name];
  const room = `cs_bench_${randomBytes(6).toString('hex')}`;
  const client = await engine.open(room);
  await engine.prepare(client, room);
  const team = await hire({ engine: name, room, concurrency }, processes);
  try {
    return await takeTurns(team, rounds, await countFor(team, phaseMs, concurrency));
  } finally {
    await dismiss(team);
    await engine.clean(client, room);
    await engine.close(client);
  }
}

/** The redeeming act needs what the issuing one left, so only the order within the two pairs changes. */
async function takeTurns(team, rounds, count) {
  const rates = { issue: [], bareIssue: [], redeem: [], bareRedeem: [] };
  for (let round = -1; round < rounds; round++) {
    for (const pair of [
      ['issue', 'bareIssue'],
      ['redeem', 'bareRedeem'],
    ]) {
      for (const act of round % 2 === 0 ? pair : pair.toReversed()) {
        const rate = await rateOf(team, act, count);
        if (round >= 0) rates[act].push(rate);
      }
    }
  }
  return rates;
}

/** How many acts fill a phase, by the slower of the two; also warms everything. */
async function countFor(team, phaseMs, concurrency) {
  for (let count = 4 * concurrency; ; count *= 2) {
    const rates = [];
    for (const act of ['bareIssue', 'issue', 'redeem', 'bareRedeem'])
      rates.push(await rateOf(team, act, count));
    const milliseconds = (1000 * count * team.length) / Math.min(...rates);
    if (milliseconds > phaseMs / 2) return Math.ceil((count * phaseMs) / milliseconds);
  }
}

async function rateOf(team, act, count) {
  const rates = team.map(async (member) => count / (await ask(member, { act, count })).seconds);
  return (await Promise.all(rates)).reduce((sum, rate) => sum + rate);
}

async function ask(member, message) {
  member.send(message);
  const [reply] = await once(member, 'message');
  return reply;
}

async function hire(task, processes) {
  const team = Array.from({ length: processes }, () => fork(worker));
  for (const member of team) {
    member.once('exit', (code) => {
      if (code !== 0) throw new Error(`a worker of ${task.engine} ended with code ${code}`);
    });
  }
  await Promise.all(team.map((member) => ask(member, task)));
  return team;
}

async function dismiss(team) {
  await Promise.all(
    team.map(async (member) => {
      if (!member.connected) return;
      member.send({});
      await once(member, 'exit');
    }),
  );
}
