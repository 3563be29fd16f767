/**
 * The store for Redis, Valkey and their clusters.
 *
 * @module countersign/redis
 */
import { assertFunction, assertString, readOptions, readStoreClock } from '../internal/asserts.js';
import { CountersignError } from '../internal/errors.js';
import { failReply, failUnsuitable, hasMethod, refuseMistaken } from './client.js';
import type { NextRecord, Store, StoredRecord } from './store.js';

/** What {@link redisStore} uses of node-redis: a client, a pool or a cluster. */
export interface NodeRedisClient {
  get(key: string): Promise<unknown>;
  eval(script: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  /** Where it is missing, each write sends the whole script. */
  evalSha?(sha1: string, options: { keys: string[]; arguments: string[] }): Promise<unknown>;
  /** Where it is missing, the store cannot warn of a server that evicts. */
  info?(section: 'memory'): Promise<unknown>;
}

/** What {@link redisStore} uses of ioredis: a client or a cluster. */
export interface IoredisClient {
  defineCommand(name: string, definition: { lua: string }): void;
  get(key: string): Promise<string | null>;
  eval(script: string, keyCount: number, ...args: string[]): Promise<unknown>;
  /** Where it is missing, each write sends the whole script. */
  evalsha?(sha1: string, keyCount: number, ...args: string[]): Promise<unknown>;
  /** Reports broken connections, after which ioredis repeats the commands that had no answer. */
  on?(event: 'close', listener: () => void): unknown;
  /** Where it is missing, the store cannot warn of a server that evicts. */
  info?(section: 'memory'): Promise<unknown>;
}

/** Options of {@link redisStore}. */
export interface RedisStoreOptions {
  /** What every key begins with. Default: `countersign:`. */
  prefix?: string;
  /** The clock that `expiresAt` is compared with, in ms since 1970. Default: `Date.now`. */
  now?: () => number;
  /** Is called once if the server evicts records when its memory is full. Default: `console.warn`. */
  onWarning?: (message: string) => void;
}

/**
 * A store in Redis (2.6.12 or later), Valkey, or a cluster of either: one string and one key a record, so a cluster
 * never has to look at two nodes.
 *
 * Redis replicates asynchronously: a fail-over may lose the newest writes, and with them the fact that a code was used;
 * see `docs/guides/stores.md`. The store's first call also asks the server with `INFO` whether it evicts keys. A server
 * that does may forget an active app, so the store then calls `onWarning`.
 *
 * @param client - a connected client of node-redis 5 or later, or of ioredis 5 or later (also iovalkey); reads must go
 *   to the primary
 * @param options - `prefix`: default `countersign:`; `now`: the clock in ms, default `Date.now`; `onWarning`: default
 *   `console.warn`
 * @returns the store
 * @throws CountersignError `ERR_STORE_UNSUITABLE` if `client` has another shape; `ERR_UNKNOWN_OPTION` or
 *   `ERR_INVALID_ARGUMENT` for options that are not as described
 * @example
 * ```ts
 * import { redisStore } from 'countersign/redis';
 * import { createClient } from 'redis';
 *
 * const store = redisStore(await createClient().connect());
 * ```
 */
export function redisStore(client: NodeRedisClient | IoredisClient, options: RedisStoreOptions = {}): Store {
  const commands = commandsOf(client);
  const own = readOptions('options', options, ['prefix', 'now', 'onWarning']);
  const { prefix = 'countersign:', now: clock = Date.now, onWarning = warn } = own;
  assertString('options.prefix', prefix);
  assertFunction('options.onWarning', onWarning);
  const now = readStoreClock('options.now', clock);
  const lookForEviction = once(() => void warnOfEviction(client, onWarning));

  async function read(key: string): Promise<StoredRecord | undefined> {
    lookForEviction();
    try {
      return parseRecord(await client.get(prefix + key));
    } catch (error) {
      throw ofThisStore(error);
    }
  }

  async function write(key: string, next: NextRecord | null, expected: string | null): Promise<boolean> {
    lookForEviction();
    const args = scriptArguments(next, expected, now());
    let reply: unknown;
    try {
      reply = await commands.bySha1(prefix + key, args);
    } catch (error) {
      if (!isUnknownScript(error)) throw ofThisStore(error);
      // A server forgets its scripts when it restarts, and each node of a cluster knows its own: EVAL teaches it.
      reply = await commands.byText(prefix + key, args);
    }
    return reply === 1 || (reply === 0 ? false : failReply('a reply that is not the script’s'));
  }

  return { read, write };
}

/**
 * Compares the etag, which is the text before the first space, and sets or deletes; ARGV is the expected etag, the new
 * text and its life in ms, each empty for none. `SET … IFEQ` of newer servers compares whole values, and a writer knows
 * the etag only.
 */
const script = `
local current = redis.call('GET', KEYS[1])
local etag = current and string.match(current, '^[^ ]*') or ''
if etag ~= ARGV[1] then return 0 end
if ARGV[2] == '' then redis.call('DEL', KEYS[1])
elseif ARGV[3] == '' then redis.call('SET', KEYS[1], ARGV[2])
else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
return 1
`;
/**
 * The SHA-1 of the script's exact text: sending it in place of the text spares the server hashing and the client
 * writing.
 */
const scriptSha1 = '7228b20d1bd958e2a511c069e3bbd26934a9cadf';

type Evaluate = (key: string, args: string[]) => Promise<unknown>;

interface Commands {
  readonly bySha1: Evaluate;
  readonly byText: Evaluate;
}

/** The two clients call the same command differently, and each type-checks against its own shape only. */
function commandsOf(client: NodeRedisClient | IoredisClient): Commands {
  refuseMistaken('redis', client);
  if (!hasMethod(client, 'get') || !hasMethod(client, 'eval'))
    return failUnsuitable('redisStore', 'a client of node-redis or ioredis');
  return 'defineCommand' in client ? ioredisCommands(client) : nodeRedisCommands(client);
}

function nodeRedisCommands(client: NodeRedisClient): Commands {
  const byText: Evaluate = (key, args) => client.eval(script, { keys: [key], arguments: args });
  const bySha1: Evaluate = (key, args) =>
    client.evalSha?.(scriptSha1, { keys: [key], arguments: args }) ?? byText(key, args);
  return { bySha1, byText };
}

function ioredisCommands(client: IoredisClient): Commands {
  const truthfully = sentOnce(client);
  const byText: Evaluate = (key, args) => truthfully(() => client.eval(script, 1, key, ...args));
  const bySha1: Evaluate = (key, args) =>
    truthfully(() => client.evalsha?.(scriptSha1, 1, key, ...args) ?? client.eval(script, 1, key, ...args));
  return { bySha1, byText };
}

/**
 * Treats a refusal as an unknown fate if the connection broke meanwhile: ioredis repeats a command whose answer was
 * lost, and the repeat finds what the first one wrote.
 */
function sentOnce(client: IoredisClient): (evaluate: () => Promise<unknown>) => Promise<unknown> {
  const breaks = breaksOf(client);
  return async (evaluate) => {
    const before = breaks.count;
    const reply = await evaluate();
    if (reply !== 0 || breaks.count === before) return reply;
    throw new CountersignError('ERR_STORE_FAILED', 'the connection to Redis broke during a write');
  };
}

interface Breaks {
  count: number;
}

const breaksOfClients = new WeakMap<IoredisClient, Breaks>();

/** How often a client's connection broke. All its stores share one listener: Node warns of a leak at the eleventh. */
function breaksOf(client: IoredisClient): Breaks {
  const known = breaksOfClients.get(client);
  if (known !== undefined) return known;
  const breaks = { count: 0 };
  breaksOfClients.set(client, breaks);
  client.on?.('close', () => {
    breaks.count++;
  });
  return breaks;
}

/** Redis says so before it runs anything, so that trying again cannot write twice. */
function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}

function scriptArguments(next: NextRecord | null, expected: string | null, time: number): string[] {
  if (next === null) return [expected ?? '', '', ''];
  return [expected ?? '', `${next.etag} ${next.value}`, lifeOf(next.expiresAt, time)];
}

/** A life and not an instant: the server's clock is not the application's, and the application's decides. */
function lifeOf(expiresAt: Date | null, time: number): string {
  // Redis refuses a life of zero; a record that has expired already may stay for its last millisecond.
  return expiresAt === null ? '' : String(Math.max(1, Math.ceil(expiresAt.getTime() - time)));
}

function parseRecord(reply: unknown): StoredRecord | undefined {
  if (reply === null) return undefined;
  const text = typeof reply === 'string' ? reply : '';
  const space = text.indexOf(' ');
  if (space < 1) return failReply('a value that is not a record');
  return { etag: text.slice(0, space), value: text.slice(space + 1) };
}

/** A list, a hash or the like under a record's key belongs to another program: never "no record". */
function ofThisStore(error: unknown): unknown {
  if (!(error instanceof Error && /\bWRONGTYPE\b/.test(error.message))) return error;
  return new CountersignError('ERR_STORE_FAILED', 'a key in Redis holds something that is not a record');
}

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    act();
  };
}

/** Warns if the server evicts. If the user may not ask, or the client cannot, it says nothing. */
async function warnOfEviction(
  client: NodeRedisClient | IoredisClient,
  onWarning: (message: string) => void,
): Promise<void> {
  try {
    const policy = /^maxmemory_policy:(\S+)/m.exec(String(await client.info?.('memory')))?.[1];
    if (policy !== undefined && policy !== 'noeviction') onWarning(evictionWarning(policy));
  } catch {
    return;
  }
}

function evictionWarning(policy: string): string {
  return (
    `countersign: this Redis evicts keys when its memory is full (maxmemory-policy ${policy}). An evicted record takes ` +
    "a customer's authenticator apps, recovery codes and failed attempts with it. Set maxmemory-policy to noeviction, " +
    'or give countersign a Redis of its own.'
  );
}

function warn(message: string): void {
  globalThis.console.warn(message);
}
