import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sqliteStore } from '../../../src/store/sqlite.js';
import type { Seeded } from '../../support/faults/seeded.js';
import {
  accountsIn,
  type ClientKind,
  type EngineClient,
  prepareEngine,
  readRecords,
} from './engine-clients.js';
import { calm, FaultProxy, type Trouble } from './fault-proxy.js';
import { ownServer, type OwnServer } from './own-servers.js';

/** An engine, and everything that can go wrong with it. */
export interface Scene {
  readonly name: string;
  /** Opens the client of one application server. */
  readonly openClient: (now: () => number) => Promise<EngineClient>;
  /** Lets something go wrong, and waits until it is over. Resolves to true if the engine was started again. */
  readonly disturb: () => Promise<boolean>;
  /** Ends all trouble. */
  readonly calmDown: () => Promise<void>;
  /** What the engine holds, read past the stores. */
  readonly readRecords: () => Promise<ReadonlyMap<string, unknown>>;
  /** What went wrong so far. */
  readonly faults: () => Readonly<Record<string, number>>;
  readonly close: () => Promise<void>;
}

/** A server that is killed and started again, behind a proxy that delays, drops and cuts. */
export async function serverScene(kind: ClientKind, random: Seeded): Promise<Scene> {
  const server = await ownServer(kind.server);
  await server.start();
  await prepareEngine(kind.server, server.port);
  const proxy = await FaultProxy.open(() => server.port, random);
  const seen = { kills: 0, downMs: 0, cuts: 0 };
  const kill = async (): Promise<void> => {
    seen.kills++;
    seen.downMs += await killAndStart(server, random);
  };
  return {
    name: kind.name,
    openClient: (now) => kind.open(proxy.port, now),
    disturb: async () => {
      proxy.trouble = random.chance(0.5) ? drizzle : storm;
      await pause(random.below(1000));
      const isKill = random.chance(0.4);
      if (isKill) await kill();
      else {
        seen.cuts++;
        proxy.cutAll();
      }
      return isKill;
    },
    calmDown: () => {
      proxy.trouble = calm;
      return Promise.resolve();
    },
    readRecords: () => readRecords(kind.server, server.port),
    faults: () => ({ ...seen, ...proxy.counts }),
    close: async () => {
      proxy.close();
      await server.remove();
    },
  };
}

/** An SQLite file on a disk that fills up. */
export async function fullDiskScene(random: Seeded): Promise<Scene> {
  const { default: Database } = await import('libsql');
  const disk = smallDisk();
  const open = (
    now: () => number,
  ): { db: InstanceType<typeof Database>; store: ReturnType<typeof sqliteStore> } => {
    const db = new Database(join(disk.folder, 'app.db'));
    db.exec('PRAGMA journal_mode = WAL');
    db.exec('PRAGMA synchronous = FULL');
    db.exec('PRAGMA busy_timeout = 2000');
    return { db, store: sqliteStore(db, { now }) };
  };
  const reader = open(Date.now);
  await reader.store.setup();
  let fills = 0;
  const empty = (): Promise<void> => {
    rmSync(join(disk.folder, 'filler'), { force: true });
    return Promise.resolve();
  };
  return {
    name: 'SQLite, libsql',
    openClient: (now) => {
      const { db, store } = open(now);
      return Promise.resolve({ store, close: () => Promise.resolve(db.close()).then(() => undefined) });
    },
    disturb: async () => {
      fills++;
      fill(disk.folder);
      await pause(300 + random.below(700));
      await empty();
      await pause(random.below(700));
      return true;
    },
    calmDown: empty,
    readRecords: () =>
      Promise.resolve(accountsIn(reader.db.prepare('SELECT id, value FROM countersign_records').all())),
    faults: () => ({ fills }),
    close: () => {
      reader.db.close();
      disk.remove();
      return Promise.resolve();
    },
  };
}

/** Tells whether this process may make a disk of its own. */
export function canMakeDisk(): boolean {
  try {
    smallDisk().remove();
    return true;
  } catch {
    return false;
  }
}

const drizzle: Trouble = { cutBefore: 0.002, cutAfter: 0.002, late: 0.001, silence: 0.001, delayMs: 5 };
const storm: Trouble = { cutBefore: 0.015, cutAfter: 0.015, late: 0.01, silence: 0.005, delayMs: 40 };

async function killAndStart(server: OwnServer, random: Seeded): Promise<number> {
  const begun = performance.now();
  await server.kill();
  await pause(random.below(1000));
  await server.start();
  return Math.round(performance.now() - begun);
}

/** A file system of 16 megabytes in memory: the log before a checkpoint takes four. */
function smallDisk(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', folder], { stdio: 'ignore' });
  const remove = (): void => {
    // Lazily: the database's last file may be closing still.
    execFileSync('umount', ['-l', folder]);
    rmSync(folder, { recursive: true, force: true });
  };
  return { folder, remove };
}

/** Leaves not one free block. */
function fill(folder: string): void {
  const { bavail, bsize } = statfsSync(folder);
  try {
    writeFileSync(join(folder, 'filler'), Buffer.alloc(bavail * bsize));
  } catch {
    // The database took a block meanwhile: the disk is full all the same.
  }
}
