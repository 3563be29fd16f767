import { type ChildProcess, spawn } from 'node:child_process';
import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { redisStore } from '../../src/store/redis.js';
import { testStore } from '../../src/testing/test-store.js';
import { describeWith, hasCommand } from '../support/engines/external.js';
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
    await expect(store.read('list')).rejects.toMatchObject({ code: 'ERR_STORE_FAILED' });
    const write = store.write('list', { value: 'a', etag: 'a1', expiresAt: null }, null);
    await expect(write).rejects.toMatchObject({ code: 'ERR_STORE_FAILED' });
  });

  it('tells a key that holds something else from an absent one among reads of one turn', async () => {
    const store = redisStore(client, { prefix });
    await store.write('beside', { value: 'a', etag: 'a1', expiresAt: null }, null);
    await client.lPush(`${prefix}other-list`, 'x');
    const reads = await Promise.allSettled(['beside', 'other-list', 'absent'].map((key) => store.read(key)));
    expect(reads).toMatchObject([
      { value: { value: 'a', etag: 'a1' } },
      { status: 'rejected', reason: { code: 'ERR_STORE_FAILED' } },
      { status: 'fulfilled' },
    ]);
  });

  it('serves a user who may run GET and the script alone, and warns them of nothing', async () => {
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
    const warnings: string[] = [];
    const store = redisStore(limited, { prefix, onWarning: (message) => warnings.push(message) });
    await store.write('limited', { value: 'a', etag: 'a1', expiresAt: null }, null);
    for (let turn = 0; turn < 2; turn++) {
      const reads = await Promise.all([store.read('limited'), store.read('absent')]);
      expect(reads).toEqual([{ value: 'a', etag: 'a1' }, undefined]);
    }
    expect(warnings).toEqual([]);
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
});

describeWith('redis-server', hasCommand('redis-server'), 'redisStore on a server that evicts', () => {
  const port = 17011;
  let server: ChildProcess;

  beforeAll(async () => {
    const options = {
      '--port': String(port),
      '--maxmemory': '4mb',
      '--maxmemory-policy': 'allkeys-lru',
      '--save': '',
    };
    server = spawn('redis-server', Object.entries(options).flat());
    while (!(await isListening(port))) await new Promise((resolve) => setTimeout(resolve, 20));
  });
  afterAll(() => {
    server.kill('SIGKILL');
  });

  it.each(['node-redis', 'ioredis'])('says so once through %s', async (name) => {
    const ioredis = new Redis(port, { lazyConnect: true });
    const nodeRedis = createClient({ socket: { port } });
    const warnings: string[] = [];
    const options = { onWarning: (message: string) => warnings.push(message) };
    if (name === 'node-redis') await nodeRedis.connect();
    const store = name === 'node-redis' ? redisStore(nodeRedis, options) : redisStore(ioredis, options);
    for (let turn = 0; turn < 3; turn++) await store.read('key');
    ioredis.disconnect();
    if (name === 'node-redis') await nodeRedis.close();
    expect(warnings).toEqual([expect.stringContaining('maxmemory-policy allkeys-lru')]);
  });
});
