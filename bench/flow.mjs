import { randomBytes } from 'node:crypto';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { twoFactor } from 'better-auth/plugins';
import pg from 'pg';
import { createClient } from 'redis';
import { createTwoFactor, generateTotp, Secret } from '../dist/index.js';
import { postgresStore } from '../dist/store/postgres.js';
import { redisStore } from '../dist/store/redis.js';
import { counted } from './engines.mjs';

const host = '127.0.0.1';
const name = `cs_flow_${randomBytes(6).toString('hex')}`;
const connections = 16;

/** What is measured, in the order of a login; better-auth has no call for the third. */
export const flowActs = ['begin, mail', 'complete, mail', 'begin, app', 'complete, app'];

/**
 * Measures the second step of logins: one after the other, all at a time, and as many clients that send one
 * code of one account at once. The contestants take turns, so that whatever else the machine does meets all alike.
 *
 * @param {number} rounds how often each customer logs in
 * @param {number} count how many customers there are, and how many log in at a time
 * @returns {Promise<Record<string, { acts: Record<string, object>, crowd: { accepted: number, ms: number } }>>} by title
 */
export async function measureFlow(rounds, count) {
  const customers = Array.from({ length: count }, (_, i) => i);
  const contestants = [];
  for (const open of [openPostgres, openRedis, openBetterAuth]) {
    const contestant = await open().catch((error) => void process.stderr.write(`skipped: ${error}\n`));
    if (contestant !== undefined) contestants.push(contestant);
  }
  try {
    const results = {};
    for (const contestant of contestants) {
      await eachOf(customers, 16, contestant.enrol);
      results[contestant.title] = { acts: {}, crowd: null };
    }
    for (const concurrency of [1, count]) {
      await measureAt({ contestants, customers, rounds, concurrency }, results);
    }
    for (const contestant of contestants) {
      results[contestant.title].crowd = await measureCrowd(contestant, count);
    }
    return results;
  } finally {
    for (const { remove } of contestants) await remove();
  }
}

async function measureAt({ contestants, customers, rounds, concurrency }, results) {
  // The first round compiles the code, opens connections and teaches Redis its script.
  for (let round = 0; round <= rounds; round++) {
    for (const contestant of contestants) {
      const samples = await playRound(contestant, customers, concurrency);
      if (round === 0) continue;
      for (const [act, { durations, statements }] of Object.entries(samples)) {
        const kept = (results[contestant.title].acts[act] ??= {});
        (kept[concurrency === 1 ? 'alone' : 'together'] ??= []).push(...durations);
        // Of the acts that were alone: a client may join what others ask for at the same time.
        kept.statements ??= statements;
      }
    }
  }
}

async function playRound({ acts, signIn, tick, statements }, customers, concurrency) {
  const samples = {};
  tick();
  for (const act of flowActs.filter((each) => acts[each] !== undefined)) {
    if (!act.startsWith('complete') || acts[act.replace('complete', 'begin')] === undefined) {
      await eachOf(customers, 16, signIn);
    }
    const before = statements();
    const durations = await eachOf(customers, concurrency, async (customer) => {
      const start = performance.now();
      const isRight = await acts[act](customer);
      if (!isRight) throw new Error(`${act} was refused`);
      return performance.now() - start;
    });
    samples[act] = { durations, statements: (statements() - before) / customers.length };
  }
  return samples;
}

/** Many clients of one customer send the same code at once. */
async function measureCrowd({ crowd, tick }, count) {
  tick();
  const send = await crowd(count);
  const start = performance.now();
  const answers = await Promise.all(send.map((each) => each()));
  return { accepted: answers.filter(Boolean).length, ms: performance.now() - start };
}

async function eachOf(items, concurrency, act) {
  const results = [];
  const left = [...items];
  const work = async () => {
    while (left.length > 0) results.push(await act(left.shift()));
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  return results;
}

async function openPostgres() {
  const pool = new pg.Pool({ host, user: 'postgres', database: 'test', max: connections });
  await postgresStore(pool, { table: name }).setup();
  const { proxy, total } = counted(pool);
  const remove = async () => {
    await pool.query(`DROP TABLE ${name}`);
    await pool.end();
  };
  return { title: 'PostgreSQL', statements: total, remove, ...flowOn(postgresStore(proxy, { table: name })) };
}

async function openRedis() {
  const client = createClient({ socket: { host, reconnectStrategy: false } });
  await client.connect();
  const { proxy, total } = counted(client);
  const remove = async () => {
    await client.unlink(await client.keys(`${name}:*`));
    await client.close();
  };
  return { title: 'Redis', statements: total, remove, ...flowOn(redisStore(proxy, { prefix: `${name}:` })) };
}

/** A flow whose clock moves on by a time step each round, so that each app shows a new code. */
function flowOn(store) {
  const mails = new Map();
  const challenges = new Map();
  const secret = Secret.generate();
  let time = Date.now();
  const flow = createTwoFactor({
    store,
    keys: [new Uint8Array(32).fill(7)],
    issuer: 'Example Hosting',
    now: () => time,
    send: async ({ subject, code }) => void mails.set(subject, code),
  });
  const begin = async (userId) => {
    const begun = await flow.begin({ userId, email: 'customer@example.com' });
    challenges.set(userId, begun.challenge);
    return begun.ok;
  };
  const complete = async (userId, code) =>
    (await flow.complete({ userId, challenge: challenges.get(userId), code })).ok;
  const appCode = () => generateTotp(secret, { at: time });
  return {
    enrol: (i) => flow.adopt({ userId: `app ${i}`, secret }),
    signIn: async () => undefined,
    tick: () => void (time += 30_000),
    acts: {
      'begin, mail': (i) => begin(`mail ${i}`),
      'complete, mail': (i) => complete(`mail ${i}`, mails.get(`mail ${i}`)),
      'begin, app': (i) => begin(`app ${i}`),
      'complete, app': (i) => complete(`app ${i}`, appCode()),
    },
    crowd: async (count) => {
      await begin('app 0');
      return Array.from({ length: count }, () => () => complete('app 0', appCode()));
    },
  };
}

/** On the same PostgreSQL, in a schema of its own. Passwords are not hashed: the password step is not what is measured. */
async function openBetterAuth() {
  const pool = new pg.Pool({
    ...{ host, user: 'postgres', database: 'test', max: connections },
    options: `-c search_path=${name}`,
  });
  let count = 0;
  pool.on('connect', (client) => {
    const query = client.query.bind(client);
    client.query = (...args) => {
      count++;
      return query(...args);
    };
  });
  await pool.query(`CREATE SCHEMA ${name}`);
  const mails = new Map();
  const auth = betterAuth({
    secret: 'a secret of 32 characters or more',
    baseURL: 'http://localhost:3000',
    database: pool,
    emailAndPassword: {
      enabled: true,
      password: {
        hash: async (password) => password,
        verify: async ({ hash, password }) => hash === password,
      },
    },
    rateLimit: { enabled: false },
    logger: { disabled: true },
    telemetry: { enabled: false },
    plugins: [
      twoFactor({ otpOptions: { sendOTP: async ({ user, otp }) => void mails.set(user.email, otp) } }),
    ],
  });
  const { runMigrations } = await getMigrations(auth.options);
  await runMigrations();
  const remove = async () => {
    await pool.query(`DROP SCHEMA ${name} CASCADE`);
    await pool.end();
  };
  return { title: 'better-auth', statements: () => count, remove, ...flowOfBetterAuth(auth, mails) };
}

function flowOfBetterAuth(auth, mails) {
  const password = 'correct horse battery staple';
  const emailOf = (i) => `customer-${i}@example.com`;
  const secrets = new Map();
  const browsers = new Map();
  const signIn = async (i) => {
    const browser = browserOf(auth);
    await browser('/sign-in/email', { email: emailOf(i), password });
    browsers.set(i, browser);
  };
  const codeOf = (i) => generateTotp(secrets.get(i));
  const verify = async (browser, how, code) =>
    (await browser(`/two-factor/verify-${how}`, { code })).status === 200;
  return {
    enrol: async (i) => {
      const browser = browserOf(auth);
      await browser('/sign-up/email', { email: emailOf(i), password, name: 'Customer' });
      const { totpURI } = await (await browser('/two-factor/enable', { password })).json();
      secrets.set(i, Secret.fromBase32(new URL(totpURI).searchParams.get('secret')));
      await verify(browser, 'totp', codeOf(i));
    },
    signIn,
    tick: () => undefined,
    acts: {
      'begin, mail': async (i) => (await browsers.get(i)('/two-factor/send-otp', {})).status === 200,
      'complete, mail': (i) => verify(browsers.get(i), 'otp', mails.get(emailOf(i))),
      'complete, app': (i) => verify(browsers.get(i), 'totp', codeOf(i)),
    },
    crowd: async (count) => {
      const clients = [];
      for (let client = 0; client < count; client++) {
        await signIn(0);
        clients.push(browsers.get(0));
      }
      const code = codeOf(0);
      return clients.map((browser) => () => verify(browser, 'totp', code));
    },
  };
}

/** Posts, and keeps the cookies. */
function browserOf(auth) {
  const cookies = new Map();
  const origin = 'http://localhost:3000';
  return async (path, body) => {
    const cookie = Array.from(cookies, ([key, value]) => `${key}=${value}`).join('; ');
    const headers = { 'content-type': 'application/json', origin, cookie };
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    const response = await auth.handler(new Request(`${origin}/api/auth${path}`, init));
    for (const line of response.headers.getSetCookie()) {
      const [, key, value] = /^([^=]+)=([^;]*)/.exec(line);
      if (value === '') cookies.delete(key);
      else cookies.set(key, value);
    }
    return response;
  };
}
