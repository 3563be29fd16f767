/**
 * Counts what engines forget when they are killed right after an answer, with durable settings and without, and what a
 * replica of Redis does not know when it takes over: `npm run proof:durability -- [codes] [first row]`.
 */
import { countLostWrites, type Disaster, failedOver, killed } from './lost-writes.js';

interface Row {
  readonly title: string;
  readonly open: () => Promise<Disaster>;
  /** How long each of eight customers at a time waits before the code; not at all by default. */
  readonly everyMs?: number;
  /** Whether nothing may be lost. */
  readonly isDurable?: true;
}

const limited = { 'min-replicas-to-write': '1', 'min-replicas-max-lag': '3' };
const rows: readonly Row[] = [
  { title: 'PostgreSQL, synchronous_commit on', open: () => killed('postgres', {}), isDurable: true },
  {
    title: 'PostgreSQL, synchronous_commit off',
    open: () => killed('postgres', { synchronous_commit: 'off', wal_writer_delay: '10000' }),
  },
  { title: 'MariaDB, flush_log_at_trx_commit 1', open: () => killed('mariadb', {}), isDurable: true },
  {
    title: 'MariaDB, flush_log_at_trx_commit 0',
    open: () => killed('mariadb', { 'innodb-flush-log-at-trx-commit': '0' }),
  },
  { title: 'Redis, appendfsync always', open: () => killed('redis', {}), isDurable: true },
  { title: 'Redis, appendfsync everysec', open: () => killed('redis', { appendfsync: 'everysec' }) },
  { title: 'Redis, appendonly no', open: () => killed('redis', { appendonly: 'no' }) },
  { title: 'Redis fails over, replica in step', open: () => failedOver({ isLinkBroken: false }) },
  {
    title: 'Redis fails over, replica cut off',
    open: () => failedOver({ isLinkBroken: true }),
    everyMs: 300,
  },
  {
    title: '… min-replicas-to-write 1, max-lag 3',
    open: () => failedOver({ isLinkBroken: true, settings: limited }),
    everyMs: 300,
  },
];

const [count = 200, first = 0] = process.argv.slice(2).map(Number);
const heads = ['accepted', 'error', 'again', 'thrice', 'apps lost', 'weaker'];
process.stdout.write(`${''.padEnd(38)}${heads.map((head) => head.padStart(11)).join('')}\n`);
for (const { title, open, everyMs = 0, isDurable = false } of rows.slice(first)) {
  const { accepted, refused, again, thrice, appsLost, weaker } = await countLostWrites(
    await open(),
    count,
    everyMs,
  );
  const cells = [accepted, refused, again, thrice, appsLost, weaker];
  process.stdout.write(`${title.padEnd(38)}${cells.map((cell) => String(cell).padStart(11)).join('')}\n`);
  if (thrice + weaker > 0 || (isDurable && again + appsLost > 0)) process.exitCode = 1;
}
