import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { isListening } from '../support/engines/engines.js';

const run = promisify(execFile);

/** Three Redis servers on this machine that form a cluster. */
export interface RedisCluster {
  nodes: { host: string; port: number }[];
  stop(): Promise<void>;
}

/** Starts a cluster on three ports; the ports 10,000 higher are used as well. */
export async function startRedisCluster(ports: readonly [number, number, number]): Promise<RedisCluster> {
  const directory = await mkdtemp(join(tmpdir(), 'countersign-cluster-'));
  const servers = ports.map((port) => startServer(directory, port));
  const stop = async (): Promise<void> => {
    await Promise.all(servers.map(stopServer));
    await rm(directory, { recursive: true, force: true });
  };
  try {
    await until(async () => (await Promise.all(ports.map(isListening))).every(Boolean));
    await run('redis-cli', [
      '--cluster',
      'create',
      ...ports.map((port) => `127.0.0.1:${port}`),
      '--cluster-yes',
    ]);
    await until(async () => (await Promise.all(ports.map(isReady))).every(Boolean));
  } catch (error) {
    await stop();
    throw error;
  }
  return { nodes: ports.map((port) => ({ host: '127.0.0.1', port })), stop };
}

function startServer(directory: string, port: number): ChildProcess {
  const options = {
    port,
    bind: '127.0.0.1',
    dir: directory,
    'cluster-enabled': 'yes',
    'cluster-config-file': `nodes-${port}.conf`,
    daemonize: 'no',
    save: '',
    appendonly: 'no',
  };
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return spawn('redis-server', args, { stdio: 'ignore' });
}

async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.pid === undefined) return;
  const exit = once(server, 'exit');
  server.kill();
  await exit;
}

async function isReady(port: number): Promise<boolean> {
  const { stdout } = await run('redis-cli', ['-p', String(port), 'cluster', 'info']);
  return stdout.includes('cluster_state:ok') && stdout.includes('cluster_slots_assigned:16384');
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200; i++) {
    if (await condition()) return;
    await pause(50);
  }
  throw new Error('the cluster did not come up within ten seconds');
}
