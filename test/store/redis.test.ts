import { createHash } from 'node:crypto';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { redisStore } from '../../src/store/redis.js';

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

  it.each(['info', 'no info'])('warns once of a server that evicts, if the client has %s', async (has) => {
    const warnings: string[] = [];
    const info = (section: string): Promise<string> =>
      Promise.resolve(`# ${section}\r\nmaxmemory:4194304\r\nmaxmemory_policy:allkeys-lru\r\n`);
    const client = {
      get: () => Promise.resolve(null),
      eval: () => Promise.resolve(1),
      ...(has === 'info' ? { info } : {}),
    };
    const store = redisStore(client, { onWarning: (message) => warnings.push(message) });
    expect(warnings).toEqual([]);
    for (let turn = 0; turn < 3; turn++) await store.read('key');
    await store.write('key', { value: 'a', etag: 'a1', expiresAt: null }, null);
    expect(warnings).toEqual(has === 'info' ? [expect.stringMatching(/allkeys-lru.*apps.*noeviction/)] : []);
  });

  it('warns through console.warn by default, and of no server that keeps its keys', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue(undefined);
    onTestFinished(() => {
      warn.mockRestore();
    });
    const verbs = { get: () => Promise.resolve(null), eval: () => Promise.resolve(1) };
    for (const policy of ['noeviction', 'volatile-ttl']) {
      await redisStore({ ...verbs, info: () => Promise.resolve(`maxmemory_policy:${policy}\r\n`) }).read(
        'key',
      );
      await new Promise((resolve) => setTimeout(resolve));
    }
    await redisStore({ ...verbs, info: () => Promise.reject(new Error('NOPERM')) }).read('key');
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toContain('volatile-ttl');
  });

  it.each(['now', 'onWarning'])('refuses a %s that is no function', (option) => {
    const client = { get: () => Promise.resolve(null), eval: () => Promise.resolve(1) };
    expect(() => redisStore(client, { [option]: 'log' })).toThrow(
      expect.objectContaining({
        code: 'ERR_INVALID_ARGUMENT',
        message: expect.stringContaining(option) as unknown,
      }),
    );
  });

  it('does not take another line of INFO for the policy', async () => {
    const warnings: string[] = [];
    const info = (): Promise<string> => Promise.resolve('old_maxmemory_policy:allkeys-lru\r\n');
    const client = { get: () => Promise.resolve(null), eval: () => Promise.resolve(1), info };
    await redisStore(client, { onWarning: (message) => warnings.push(message) }).read('key');
    await new Promise((resolve) => setTimeout(resolve));
    expect(warnings).toEqual([]);
  });

  it.each(['node-redis', 'ioredis'])(
    'sends the script to a client of %s that knows no SHA-1',
    async (name) => {
      const sent: unknown[][] = [];
      const client = {
        ...(name === 'ioredis' ? { defineCommand: () => undefined } : {}),
        get: () => Promise.resolve(null),
        eval: (...args: unknown[]) => {
          sent.push(args);
          return Promise.resolve(1);
        },
      };
      const store = redisStore(client, { prefix: 'cs:', now: () => 1000 });
      await store.write('key', { value: 'v', etag: 'e1', expiresAt: new Date(3000) }, 'e0');
      const script = expect.stringContaining("redis.call('SET'") as unknown;
      expect(sent).toEqual([
        name === 'ioredis'
          ? [script, 1, 'cs:key', 'e0', 'e1 v', '2000']
          : [script, { keys: ['cs:key'], arguments: ['e0', 'e1 v', '2000'] }],
      ]);
    },
  );

  it('reads the etag up to the first space, and the value after it', async () => {
    const store = redisStore({ get: () => Promise.resolve('e a b '), eval: () => Promise.resolve(1) });
    expect(await store.read('key')).toEqual({ etag: 'e', value: 'a b ' });
  });

  it.each(['', 'no-space', ' no-etag', 1, undefined, ['e v'], { indexOf: () => 1, slice: () => 'e' }])(
    'rejects a value that is no record: %o',
    async (reply) => {
      const store = redisStore({ get: () => Promise.resolve(reply), eval: () => Promise.resolve(1) });
      await expect(store.read('key')).rejects.toMatchObject({ code: 'ERR_STORE_FAILED' });
    },
  );

  it('rejects when the script gives neither 0 nor 1', async () => {
    const store = redisStore({ get: () => Promise.resolve(null), eval: () => Promise.resolve('1') });
    const write = store.write('key', { value: 'a', etag: 'a1', expiresAt: null }, null);
    await expect(write).rejects.toMatchObject({ code: 'ERR_STORE_FAILED' });
  });
});

/** A client of ioredis that answers each write with `reply`, after its connection has broken so many times. */
function breakingClient(reply: number, breaks: { next: number }) {
  const listeners: (() => void)[] = [];
  const evaluate = (): Promise<number> => {
    for (; breaks.next > 0; breaks.next--) for (const listener of listeners) listener();
    return Promise.resolve(reply);
  };
  return {
    defineCommand: () => undefined,
    get: () => Promise.resolve(null),
    eval: evaluate,
    evalsha: evaluate,
    on: (_event: 'close', listener: () => void) => listeners.push(listener),
    listeners,
  };
}

describe('redisStore through ioredis, which repeats a command whose answer was lost', () => {
  const record = { value: 'a', etag: 'a1', expiresAt: null };

  it('rejects a refusal if the connection broke during the write', async () => {
    const store = redisStore(breakingClient(0, { next: 1 }));
    await expect(store.write('key', record, null)).rejects.toMatchObject({
      code: 'ERR_STORE_FAILED',
      message: expect.stringContaining('the connection to Redis broke during a write') as unknown,
    });
  });

  it('believes a refusal if the connection broke before the write', async () => {
    const store = redisStore(breakingClient(0, { next: 1 }));
    await expect(store.write('key', record, null)).rejects.toThrow();
    expect(await store.write('key', record, null)).toBe(false);
  });

  it('believes a success, however often the connection broke', async () => {
    expect(await redisStore(breakingClient(1, { next: 2 })).write('key', record, null)).toBe(true);
  });

  it('listens once for all the stores of a client, and each of them hears of the break', async () => {
    const breaks = { next: 0 };
    const client = breakingClient(0, breaks);
    const stores = Array.from({ length: 20 }, (_, tenant) => redisStore(client, { prefix: `${tenant}:` }));
    expect(client.listeners).toHaveLength(1);
    for (const store of stores) {
      breaks.next = 1;
      await expect(store.write('key', record, null)).rejects.toMatchObject({ code: 'ERR_STORE_FAILED' });
    }
  });
});
