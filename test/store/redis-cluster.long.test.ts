import { Cluster } from 'ioredis';
import { createCluster } from 'redis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { recordKey } from '../../src/store/record.js';
import { redisStore } from '../../src/store/redis.js';
import { testStore } from '../../src/testing/test-store.js';
import { describeWith, hasCommand } from '../support/engines/external.js';
import { itPasses } from '../support/harness/it-passes.js';
import { startRedisCluster } from './redis-cluster.js';
import type { RedisCluster } from './redis-cluster.js';

describeWith('redis-server', hasCommand('redis-server'), 'redisStore on a cluster of three', () => {
  let servers: RedisCluster;
  let ioredis: Cluster;
  const nodeRedis = createCluster({ rootNodes: [17001, 17002, 17003].map((port) => ({ socket: { port } })) });

  beforeAll(async () => {
    servers = await startRedisCluster([17001, 17002, 17003]);
    ioredis = new Cluster(servers.nodes);
    await nodeRedis.connect();
  });
  afterAll(async () => {
    ioredis.disconnect();
    await nodeRedis.close();
    await servers.stop();
  });

  testStore({
    create: () => redisStore(ioredis),
    it: (title, body) => {
      itPasses(`${title} (ioredis)`, body);
    },
  });
  testStore({
    create: () => redisStore(nodeRedis),
    it: (title, body) => {
      itPasses(`${title} (node-redis)`, body);
    },
  });

  it('spreads the records over all three nodes', async () => {
    const store = redisStore(ioredis, { prefix: 'spread:' });
    const record = { value: 'a', etag: 'a1', expiresAt: null };
    for (let i = 0; i < 60; i++) await store.write(recordKey('test', String(i)), record, null);
    const sizes = await Promise.all(ioredis.nodes('master').map((node) => node.dbsize()));
    expect(sizes).toHaveLength(3);
    expect(Math.min(...sizes)).toBeGreaterThan(0);
  });

  it.each(['ioredis', 'node-redis'])(
    'reads records that live on different nodes in one turn (%s)',
    async (name) => {
      const prefix = `${name}-turn:`;
      const store = name === 'ioredis' ? redisStore(ioredis, { prefix }) : redisStore(nodeRedis, { prefix });
      const keys = Array.from({ length: 60 }, (_, i) => recordKey('test', String(i)));
      for (const key of keys) await store.write(key, { value: key, etag: 'a1', expiresAt: null }, null);
      for (let turn = 0; turn < 2; turn++) {
        const records = await Promise.all(keys.map((key) => store.read(key)));
        expect(records).toEqual(keys.map((value) => ({ value, etag: 'a1' })));
      }
    },
  );
});
