import { execFile } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import {
  createTwoFactor,
  generateTotp,
  isCountersignError,
  Secret,
  type TwoFactor,
} from '../../../src/index.js';
import { seeded } from '../../support/faults/seeded.js';
import { clientKind, type EngineClient, prepareEngine } from './engine-clients.js';
import { FaultProxy } from './fault-proxy.js';
import { ownServer, type OwnServer, type ServerKind } from './own-servers.js';

/** What a lost write came to: codes that were accepted right before a disaster and sent once more after it. */
export interface LostWrites {
  readonly accepted: number;
  /** Codes that the application got an error for before the disaster. */
  readonly refused: number;
  /** Codes that were accepted a second time. */
  readonly again: number;
  /** Codes that were accepted a third time. */
  readonly thrice: number;
  /** Customers whose app was brought along right before the disaster, and who are unknown after it. */
  readonly appsLost: number;
  /** … to whom `begin` with `expect: 'authenticator'` answered something else than `lost`. */
  readonly weaker: number;
}

/** A disaster: where the application was, what happens, and where it is afterwards. */
export interface Disaster {
  readonly server: ServerKind;
  readonly portBefore: number;
  /** Called when the apps are there, and before the codes are typed. */
  readonly prepare: () => Promise<void>;
  /** Called right after the last answer; resolves to the port to go on with. */
  readonly strike: () => Promise<number>;
  readonly close: () => Promise<void>;
}

/** An engine with the given settings that is killed and started again. */
export async function killed(
  server: ServerKind,
  settings: Readonly<Record<string, string>>,
): Promise<Disaster> {
  const own = await ownServer(server, settings);
  await own.start();
  await prepareEngine(server, own.port);
  return {
    server,
    portBefore: own.port,
    prepare: () => Promise.resolve(),
    strike: async () => {
      await own.kill();
      await own.start();
      return own.port;
    },
    close: own.remove,
  };
}

/** How a primary and its replica are connected when the primary dies. */
export interface FailOver {
  readonly settings?: Readonly<Record<string, string>>;
  /** Whether the connection between them breaks before the codes are typed. */
  readonly isLinkBroken: boolean;
}

/** A Redis whose primary dies and whose replica takes over. */
export async function failedOver({ settings = {}, isLinkBroken }: FailOver): Promise<Disaster> {
  const [primary, replica] = [await ownServer('redis', settings), await ownServer('redis')];
  const link = await FaultProxy.open(() => primary.port, seeded(1));
  await Promise.all([primary.start(), replica.start()]);
  await command(replica, 'replicaof', '127.0.0.1', String(link.port));
  await until(async () => (await command(primary, 'wait', '1', '100')).startsWith('1'));
  return {
    server: 'redis',
    portBefore: primary.port,
    prepare: async () => {
      await until(async () => (await command(primary, 'wait', '1', '100')).startsWith('1'));
      if (isLinkBroken) link.close();
    },
    strike: async () => {
      await primary.kill();
      await command(replica, 'replicaof', 'no', 'one');
      return replica.port;
    },
    close: async () => {
      link.close();
      await Promise.all([primary.remove(), replica.remove()]);
    },
  };
}

/**
 * Has customers type a code each, lets the disaster strike after the last answer, and types the same codes again.
 *
 * @param count - customers with an app, and as many again who bring one along right before the disaster
 * @param everyMs - how long each of eight customers at a time waits before the code
 */
export async function countLostWrites(disaster: Disaster, count: number, everyMs = 0): Promise<LostWrites> {
  try {
    return await measure(disaster, count, everyMs);
  } finally {
    await disaster.close();
  }
}

/** Frozen, so that the same code stays right for as long as an engine takes to start. */
const frozen = Date.now();
const now = (): number => frozen;
const clientOf = { postgres: 'PostgreSQL, pg', mariadb: 'MariaDB, mysql2', redis: 'Redis, node-redis' };

async function measure(disaster: Disaster, count: number, everyMs: number): Promise<LostWrites> {
  const owners = Array.from({ length: count }, (_, i) => ({ userId: `old-${i}`, secret: Secret.generate() }));
  const newcomers = owners.map(({ secret }, i) => ({ userId: `new-${i}`, secret }));
  const before = await connect(disaster, disaster.portBefore);
  await inTurns(owners, (owner) => before.flow.adopt(owner));
  // What is written in the background is written within a second or two.
  await pause(3000);
  await disaster.prepare();
  const [ends, arrivals] = await Promise.all([
    inTurns(owners, (owner) => pause(everyMs).then(() => logIn(before.flow, owner))),
    inTurns(newcomers, (newcomer) => pause(everyMs).then(() => adopts(before.flow, newcomer))),
  ]);
  const port = await disaster.strike();
  await before.client.close();
  const after = await connect(disaster, port);
  const acceptedOnce = owners.filter((_, i) => ends[i] === 'yes');
  const again = await inTurns(acceptedOnce, (owner) => logIn(after.flow, owner));
  const thrice = await inTurns(acceptedOnce, (owner) => logIn(after.flow, owner));
  const arrived = newcomers.filter((_, i) => arrivals[i] === true);
  const methods = await inTurns(arrived, ({ userId }) => methodOf(after.flow, userId));
  await after.client.close();
  return {
    accepted: acceptedOnce.length,
    refused: ends.filter((end) => end === 'error').length,
    again: again.filter((end) => end === 'yes').length,
    thrice: thrice.filter((end) => end === 'yes').length,
    appsLost: methods.filter((method) => method !== 'authenticator').length,
    weaker: methods.filter((method) => method !== 'authenticator' && method !== 'lost').length,
  };
}

interface Owner {
  readonly userId: string;
  readonly secret: Secret;
}

/** Does the same for every item, a few at a time. */
async function inTurns<Item, Result>(
  items: readonly Item[],
  act: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const left = [...items.entries()];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift())
      results[next[0]] = await act(next[1]);
  };
  await Promise.all(Array.from({ length: 8 }, work));
  return results;
}

interface Connected {
  readonly client: EngineClient;
  readonly flow: TwoFactor;
}

async function connect({ server }: Disaster, port: number): Promise<Connected> {
  const client = await clientKind(clientOf[server]).open(port, now);
  const send = (): Promise<void> => Promise.resolve();
  const keys = [new Uint8Array(32).fill(7)];
  return {
    client,
    flow: createTwoFactor({ store: client.store, keys, issuer: 'Example Hosting', send, now }),
  };
}

async function logIn(flow: TwoFactor, { userId, secret }: Owner): Promise<'yes' | 'no' | 'error'> {
  try {
    const begun = await flow.begin({ userId, email: 'customer@example.com' });
    const challenge = 'challenge' in begun ? begun.challenge : null;
    const code = generateTotp(secret, { at: now() });
    return (await flow.complete({ userId, challenge, code })).ok ? 'yes' : 'no';
  } catch (error) {
    if (!isCountersignError(error)) throw error;
    return 'error';
  }
}

async function adopts(flow: TwoFactor, newcomer: Owner): Promise<boolean> {
  try {
    return (await flow.adopt(newcomer)).ok;
  } catch (error) {
    if (!isCountersignError(error)) throw error;
    return false;
  }
}

async function methodOf(flow: TwoFactor, userId: string): Promise<string> {
  const begun = await flow.begin({ userId, email: 'customer@example.com', expect: 'authenticator' });
  return begun.ok ? begun.method : begun.reason;
}

async function command({ port }: OwnServer, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('redis-cli', ['-p', String(port), ...args]);
  return stdout;
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if (await condition()) return;
    await pause(100);
  }
  throw new Error('the replica did not catch up within ten seconds');
}
