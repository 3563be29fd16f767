import { expect, it } from 'vitest';
import { seeded, type Seeded } from '../../support/faults/seeded.js';
import { describeWith } from '../../support/engines/external.js';
import { clientKind } from './engine-clients.js';
import { countLostWrites, failedOver, killed, type LostWrites } from './lost-writes.js';
import { hasServer } from './own-servers.js';
import { type FaultsResult, playFaults } from './play-faults.js';
import { canMakeDisk, fullDiskScene, type Scene, serverScene } from './scenes.js';

// `npm run proof:faults` plays the same with 10,000 logins.
const plan = { logins: 60, customers: 12, concurrency: 12 };
const names = ['PostgreSQL, pg', 'MariaDB, mysql2', 'Redis, node-redis'];

async function play(open: (random: Seeded) => Promise<Scene>): Promise<FaultsResult> {
  const random = seeded(18);
  return playFaults(await open(random), plan, random);
}

for (const name of names) {
  const kind = clientKind(name);
  describeWith(kind.server, hasServer(kind.server), `logins while ${name} is killed and cut off`, () => {
    it('accept no code twice, say no yes that is not written, and let every customer in', async () => {
      const { violations, faults, logins } = await play((random) => serverScene(kind, random));
      expect(violations).toEqual([]);
      expect(logins).toBeGreaterThan(50);
      expect((faults['kills'] ?? 0) + (faults['cuts'] ?? 0)).toBeGreaterThan(0);
    });
  });
}

describeWith('a disk to fill', canMakeDisk(), 'logins while the disk of SQLite is full', () => {
  it('accept no code twice, say no yes that is not written, and let every customer in', async () => {
    const { violations, faults } = await play(fullDiskScene);
    expect(violations).toEqual([]);
    expect(faults['fills']).toBeGreaterThan(0);
  });
});

describeWith('redis-server', hasServer('redis'), 'a Redis that forgets', () => {
  const lost = ({ again, thrice, appsLost, weaker }: LostWrites): object => ({
    ...{ again, thrice, appsLost, weaker },
  });

  it('forgets nothing that was answered, with appendfsync always', async () => {
    const counts = await countLostWrites(await killed('redis', {}), 20);
    expect(lost(counts)).toEqual({ again: 0, thrice: 0, appsLost: 0, weaker: 0 });
  });

  it('lets a code in once more after a fail-over to a replica that was cut off, and offers no weaker factor', async () => {
    const counts = await countLostWrites(await failedOver({ isLinkBroken: true }), 20);
    expect(lost(counts)).toEqual({ again: 20, thrice: 0, appsLost: 20, weaker: 0 });
  });
});
