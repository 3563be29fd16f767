import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { hasCommand } from '../../support/engines/external.js';

/** The engines that a proof starts for itself. */
export type ServerKind = 'postgres' | 'mariadb' | 'redis';

/** An engine with a data folder and a port of its own: to be killed, which the machine's own must not be. */
export interface OwnServer {
  readonly kind: ServerKind;
  readonly port: number;
  /** Starts it on the data there are, and waits until it answers. */
  readonly start: () => Promise<void>;
  /** Kills every process of it at once (SIGKILL). */
  readonly kill: () => Promise<void>;
  /** Kills it and deletes its data. */
  readonly remove: () => Promise<void>;
}

/** Tells whether this machine has the programs of an engine. */
export function hasServer(kind: ServerKind): boolean {
  if (kind === 'redis') return hasCommand('redis-server');
  return kind === 'mariadb' ? hasCommand('mariadbd') : postgresFolder() !== null;
}

/**
 * Makes an engine, not started yet.
 *
 * @param kind - which one
 * @param settings - the engine's own settings in place of the durable ones
 */
export async function ownServer(
  kind: ServerKind,
  settings: Readonly<Record<string, string>> = {},
): Promise<OwnServer> {
  const user = kind === 'redis' ? {} : unprivileged(kind === 'postgres' ? 'postgres' : 'mysql');
  const home = mkdtempSync(join(tmpdir(), `countersign-${kind}-`));
  if (user.uid !== undefined && user.gid !== undefined) chownSync(home, user.uid, user.gid);
  const place: Place = { home, port: await freePort(), user };
  const engine = engines[kind];
  engine.create(place);
  return new SpawnedServer(kind, place, { ...engine.durable, ...settings });
}

interface Place {
  readonly home: string;
  readonly port: number;
  readonly user: User;
}

interface User {
  readonly uid?: number;
  readonly gid?: number;
}

interface EngineCommands {
  /** With these an answered write survives a loss of power; they are what the guides ask for. */
  readonly durable: Readonly<Record<string, string>>;
  readonly create: (place: Place) => void;
  readonly command: (place: Place, settings: Readonly<Record<string, string>>) => readonly string[];
  readonly isReady: (place: Place) => Promise<boolean>;
}

const engines: Readonly<Record<ServerKind, EngineCommands>> = {
  postgres: {
    durable: { fsync: 'on', synchronous_commit: 'on', recovery_init_sync_method: 'syncfs' },
    create: ({ home, user }) => {
      const args = ['-D', join(home, 'data'), '-U', 'postgres', '-A', 'trust', '--no-sync'];
      execFileSync(inPostgres('initdb'), args, { ...user, stdio: 'ignore', cwd: home });
    },
    command: ({ home, port }, settings) => [
      inPostgres('postgres'),
      ...['-D', join(home, 'data'), '-p', String(port), '-k', home],
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    isReady: ({ port }) => answers(inPostgres('pg_isready'), ['-h', '127.0.0.1', '-p', String(port)], ''),
  },
  mariadb: {
    durable: { 'innodb-flush-log-at-trx-commit': '1' },
    create: ({ home, user }) => {
      const args = ['--no-defaults', '--auth-root-authentication-method=normal', '--skip-test-db'];
      const data = `--datadir=${join(home, 'data')}`;
      execFileSync('mariadb-install-db', [...args, data], { ...user, stdio: 'ignore', cwd: home });
    },
    command: ({ home, port }, settings) => [
      'mariadbd',
      ...['--no-defaults', `--datadir=${join(home, 'data')}`, `--port=${port}`, '--bind-address=127.0.0.1'],
      ...[`--socket=${join(home, 'socket')}`, `--pid-file=${join(home, 'pid')}`],
      ...['--innodb-buffer-pool-size=32M', '--skip-log-bin'],
      ...Object.entries(settings).map(([name, value]) => `--${name}=${value}`),
    ],
    isReady: ({ port }) =>
      answers('mariadb-admin', ['--no-defaults', '-h127.0.0.1', `-P${port}`, '-uroot', 'ping'], ''),
  },
  redis: {
    durable: { appendonly: 'yes', appendfsync: 'always' },
    create: () => undefined,
    command: ({ home, port }, settings) => [
      'redis-server',
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', home, '--daemonize', 'no', '--save', ''],
      ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    ],
    isReady: ({ port }) => answers('redis-cli', ['-p', String(port), 'ping'], 'PONG'),
  },
};

class SpawnedServer implements OwnServer {
  private process: ChildProcess | undefined;

  constructor(
    readonly kind: ServerKind,
    private readonly place: Place,
    private readonly settings: Readonly<Record<string, string>>,
  ) {
    process.once('exit', this.killNow);
  }

  get port(): number {
    return this.place.port;
  }

  readonly start = async (): Promise<void> => {
    const [program = '', ...args] = engines[this.kind].command(this.place, this.settings);
    const server = spawn(program, args, { ...this.place.user, cwd: this.place.home, stdio: 'ignore' });
    this.process = server;
    for (let tries = 0; tries < 300 && server.exitCode === null; tries++) {
      if (await engines[this.kind].isReady(this.place)) return;
      await pause(100);
    }
    throw new Error(`${this.kind} did not start in ${this.place.home}`);
  };

  readonly kill = async (): Promise<void> => {
    const server = this.process;
    if (server?.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const exit = once(server, 'exit');
    this.killNow();
    await exit;
  };

  readonly remove = async (): Promise<void> => {
    await this.kill();
    process.off('exit', this.killNow);
    // A process that was killed may still be about to let go of its files.
    rmSync(this.place.home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };

  /** PostgreSQL has a process for each connection, which would live on for a moment and hold the shared memory. */
  private readonly killNow = (): void => {
    const pid = this.process?.pid;
    if (pid === undefined || this.process?.exitCode !== null || this.process.signalCode !== null) return;
    const children = childrenOf(pid);
    for (const each of [pid, ...children]) killIfThere(each);
  };
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

function childrenOf(pid: number): readonly number[] {
  const path = `/proc/${pid}/task/${pid}/children`;
  return existsSync(path) ? readFileSync(path, 'utf8').split(' ').filter(Boolean).map(Number) : [];
}

/** PostgreSQL and MariaDB refuse to run as root. */
function unprivileged(name: string): User {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

function postgresFolder(): string | null {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return null;
  const [newest] = readdirSync(root).sort((a, b) => Number(b) - Number(a));
  return newest === undefined ? null : join(root, newest, 'bin');
}

function inPostgres(program: string): string {
  return join(postgresFolder() ?? '', program);
}

/** Tells whether a command ends well, and what it prints begins so. */
async function answers(command: string, args: readonly string[], expected: string): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)(command, args);
    return stdout.startsWith(expected);
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
