import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { createClient } from 'redis';
import { createEmailTokens, memoryStore } from '../dist/index.js';
import { postgresStore } from '../dist/store/postgres.js';
import { redisStore } from '../dist/store/redis.js';
import { median } from './otp.mjs';

const host = '127.0.0.1';
const name = `cs_bench_${randomBytes(6).toString('hex')}`;

/** Each opens a client; `storeOn` makes a store of a client whose calls are counted, and `remove` takes its records away. */
const engines = {
  memoryStore: async () => ({
    client: memoryStore(),
    storeOn: (store) => store,
    remove: async () => undefined,
  }),
  'Redis, node-redis': async () => {
    const client = createClient({ socket: { host, reconnectStrategy: false } });
    await client.connect();
    const remove = async () => {
      await client.unlink(await client.keys(`${name}:*`));
      await client.close();
    };
    return { client, storeOn: (counted) => redisStore(counted, { prefix: `${name}:` }), remove };
  },
  'PostgreSQL, pg': async () => {
    const client = new pg.Pool({ host, user: 'postgres', database: 'test' });
    await postgresStore(client, { table: name }).setup();
    const remove = async () => {
      await client.query(`DROP TABLE ${name}`);
      await client.end();
    };
    return { client, storeOn: (counted) => postgresStore(counted, { table: name }), remove };
  },
};

/**
 * Issues and redeems mailed tokens, one after the other, and counts what each act asks of the engine.
 *
 * @param {number} acts how many of each
 * @returns {Promise<Record<string, Record<'issue' | 'redeem', { roundTrips: number, ms: number }> | null>>} the most round
 *   trips of an act, and the median duration; null where no engine answers
 */
export async function measureEngines(acts) {
  const results = {};
  for (const [title, open] of Object.entries(engines)) {
    const engine = await open().catch(() => null);
    results[title] = engine && (await measureEngine(engine, acts).finally(engine.remove));
  }
  return results;
}

async function measureEngine({ client, storeOn }, acts) {
  const { proxy, take } = counted(client);
  let code = '';
  const send = async (mail) => void (code = mail.code);
  const tokens = createEmailTokens({ store: storeOn(proxy), keys: [new Uint8Array(32).fill(7)], send });
  const results = { issue: [], redeem: [] };
  const timed = async (act, call) => {
    take();
    const start = performance.now();
    const answer = await call();
    results[act].push({ ms: performance.now() - start, roundTrips: take() });
    if (!answer.ok) throw new Error(`${act}: ${answer.reason}`);
    return answer;
  };
  for (let i = 0; i < acts; i++) {
    const target = { subject: `customer-${i}`, purpose: 'login' };
    const { challenge } = await timed('issue', () => tokens.issue({ ...target, to: 'customer@example.com' }));
    await timed('redeem', () => tokens.redeem({ ...target, challenge, code }));
  }
  return { issue: summary(results.issue), redeem: summary(results.redeem) };
}

/** The first acts compile the code and teach the server its script. */
function summary(results) {
  const measured = results.slice(Math.floor(results.length / 10));
  return {
    roundTrips: Math.max(...measured.map(({ roundTrips }) => roundTrips)),
    ms: median(measured.map(({ ms }) => ms)),
  };
}

/** The same client; each of its functions counts its calls. */
export function counted(client) {
  let calls = 0;
  let earlier = 0;
  const proxy = new Proxy(client, {
    get: (target, property) => {
      const member = target[property];
      if (typeof member !== 'function') return member;
      return (...args) => {
        calls++;
        return member.apply(target, args);
      };
    },
  });
  const take = () => {
    const taken = calls;
    calls = 0;
    earlier += taken;
    return taken;
  };
  return { proxy, take, total: () => earlier + calls };
}
