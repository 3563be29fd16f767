import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { redisStore } from '../../src/store/redis.js';
import { testStore } from '../../src/testing/test-store.js';
import { describeWith } from '../support/engines/external.js';
import { itPasses } from '../support/harness/it-passes.js';
import { deadPort, isListening, uniqueName } from '../support/engines/engines.js';

const isUp = await isListening(6379);

describeWith('Redis on port 6379', isUp, 'redisStore through node-redis', () => {
  const client = createClient();
  const dead = createClient({
    socket: { port: deadPort, reconnectStrategy: false },
    disableOfflineQueue: true,
  });
  const prefix = `${uniqueName()}:`;

  beforeAll(async () => {
    await client.connect();
  });
  afterAll(async () => {
    const keys = await client.keys(`${prefix}*`);
    if (keys.length > 0) await client.del(keys);
    await client.close();
  });

  testStore({
    create: () => redisStore(client, { prefix }),
    it: itPasses,
    createUnreachable: () => redisStore(dead),
  });

  it('has Redis itself forget what has expired', async () => {
    const store = redisStore(client, { prefix });
    await store.write('brief', { value: 'a', etag: 'a1', expiresAt: new Date(Date.now() + 60_000) }, null);
    const ttl = await client.pTTL(`${prefix}brief`);
    expect(ttl).toBeGreaterThan(50_000);
    expect(ttl).toBeLessThanOrEqual(60_000);
  });

  it('goes by the distance to expiry on the clock of the application, not by the clock of the server', async () => {
    const past = Date.UTC(2001, 0);
    const store = redisStore(client, { prefix, now: () => past });
    await store.write('past', { value: 'a', etag: 'a1', expiresAt: new Date(past + 60_000) }, null);
    expect(await store.read('past')).toEqual({ value: 'a', etag: 'a1' });
  });

  it('rejects when the key holds something else', async () => {
    const store = redisStore(client, { prefix });
    await client.set(`${prefix}foreign`, 'no-space');
    await client.lPush(`${prefix}list`, 'x');
    await expect(store.read('foreign')).rejects.toMatchObject({ code: 'ERR_STORE_FAILED' });
    await expect(store.read('list')).rejects.toThrow();
    await expect(store.write('list', { value: 'a', etag: 'a1', expiresAt: null }, null)).rejects.toThrow();
  });

  it('does not let a key that holds something else spoil the reads that are joined with it', async () => {
    const store = redisStore(client, { prefix });
    await store.write('beside', { value: 'a', etag: 'a1', expiresAt: null }, null);
    await client.lPush(`${prefix}other-list`, 'x');
    const reads = ['beside', 'other-list', 'absent'].map((key) => store.read(key));
    expect(await Promise.all(reads)).toEqual([{ value: 'a', etag: 'a1' }, undefined, undefined]);
    const write = store.write('other-list', { value: 'a', etag: 'a1', expiresAt: null }, null);
    await expect(write).rejects.toThrow();
  });

  it('reads what is asked for in one turn by one command', async () => {
    const asked: string[][] = [];
    const counting = Object.assign(Object.create(client) as typeof client, {
      mGet: (keys: string[]) => {
        asked.push(keys);
        return client.mGet(keys);
      },
    });
    const store = redisStore(counting, { prefix });
    const keys = Array.from({ length: 64 }, (_, i) => `turn-${String(i)}`);
    for (const key of keys) await store.write(key, { value: key, etag: 'a1', expiresAt: null }, null);
    const records = await Promise.all(keys.map((key) => store.read(key)));
    expect(records).toEqual(keys.map((value) => ({ value, etag: 'a1' })));
    expect(asked).toEqual([keys.map((key) => prefix + key)]);
  });

  it('serves a user whose ACL lacks MGET', async () => {
    const username = uniqueName();
    const rules = [
      'on',
      'nopass',
      `~${prefix}*`,
      '+hello',
      '+client',
      '+get',
      '+set',
      '+del',
      '+eval',
      '+evalsha',
    ];
    await client.aclSetUser(username, rules);
    const limited = await createClient({ username, password: 'any' }).connect();
    onTestFinished(async () => {
      await limited.close();
      await client.aclDelUser(username);
    });
    const store = redisStore(limited, { prefix });
    await store.write('limited', { value: 'a', etag: 'a1', expiresAt: null }, null);
    for (let turn = 0; turn < 2; turn++) {
      const reads = await Promise.all([store.read('limited'), store.read('absent')]);
      expect(reads).toEqual([{ value: 'a', etag: 'a1' }, undefined]);
    }
  });
});

describeWith('Redis on port 6379', isUp, 'redisStore through ioredis', () => {
  const client = new Redis({ lazyConnect: true });
  const dead = new Redis(deadPort, {
    lazyConnect: true,
    retryStrategy: () => null,
    enableOfflineQueue: false,
  });
  const prefix = `${uniqueName()}:`;

  afterAll(async () => {
    const keys = await client.keys(`${prefix}*`);
    if (keys.length > 0) await client.del(...keys);
    client.disconnect();
    dead.disconnect();
  });

  testStore({
    create: () => redisStore(client, { prefix }),
    it: itPasses,
    createUnreachable: () => redisStore(dead),
  });

  it('reads what is asked for in one turn by one command', async () => {
    const asked: string[][] = [];
    const counting = Object.assign(Object.create(client) as Redis, {
      mget: (keys: string[]) => {
        asked.push(keys);
        return client.mget(keys);
      },
    });
    const store = redisStore(counting, { prefix });
    await store.write('turn', { value: 'a', etag: 'a1', expiresAt: null }, null);
    const records = await Promise.all([store.read('turn'), store.read('absent')]);
    expect(records).toEqual([{ value: 'a', etag: 'a1' }, undefined]);
    expect(asked).toEqual([[`${prefix}turn`, `${prefix}absent`]]);
  });
});

describe('redisStore', () => {
  it.each([null, undefined, 'redis://localhost', {}, { get: () => null }])(
    'refuses %o as a client',
    (client) => {
      // @ts-expect-error: not a client
      expect(() => redisStore(client)).toThrow(expect.objectContaining({ code: 'ERR_STORE_UNSUITABLE' }));
    },
  );

  it('refuses the Upstash client, whose eval takes its arguments in another order', () => {
    const verb = (): Promise<null> => Promise.resolve(null);
    const upstash = { get: verb, eval: verb, createScript: verb };
    expect(() => redisStore(upstash)).toThrow(expect.objectContaining({ code: 'ERR_STORE_UNSUITABLE' }));
  });

  it.each(['evalSha', 'evalsha'])(
    'sends the SHA-1 of its script by %s, and the script itself to a server that does not know it',
    async (name) => {
      const sent: unknown[] = [];
      const client = {
        ...(name === 'evalsha' ? { defineCommand: () => undefined } : {}),
        get: () => Promise.resolve(null),
        [name]: (sha1: string) => {
          const isKnown = sent.push(sha1) > 1;
          return isKnown ? Promise.resolve(1) : Promise.reject(new Error('NOSCRIPT No matching script.'));
        },
        eval: (script: string) => {
          sent.push(createHash('sha1').update(script).digest('hex'));
          return Promise.resolve(1);
        },
      };
      const store = redisStore(client);
      const record = { value: 'a', etag: 'a1', expiresAt: null };
      expect(await store.write('key', record, null)).toBe(true);
      expect(await store.write('key', record, null)).toBe(true);
      expect(sent).toHaveLength(3);
      // A digest of another text would cost every call a round trip more.
      expect(new Set(sent).size).toBe(1);
    },
  );

  it('runs nothing a second time for any other error', async () => {
    const failed = new Error('READONLY You can’t write against a read only replica.');
    const client = {
      get: () => Promise.resolve(null),
      evalSha: () => Promise.reject(failed),
      eval: () => Promise.resolve(1),
    };
    const write = redisStore(client).write('key', { value: 'a', etag: 'a1', expiresAt: null }, null);
    await expect(write).rejects.toBe(failed);
  });

  it('rejects when the script gives neither 0 nor 1', async () => {
    const store = redisStore({ get: () => Promise.resolve(null), eval: () => Promise.resolve('1') });
    const write = store.write('key', { value: 'a', etag: 'a1', expiresAt: null }, null);
    await expect(write).rejects.toMatchObject({ code: 'ERR_STORE_FAILED' });
  });
});
