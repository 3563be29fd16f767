import { expect, it } from 'vitest';
import { describeWith } from '../support/engines/external.js';
import { openApplication } from './application.js';
import { isInstalled, runtimes } from './runtimes.js';

const needed =
  'every runtime (npm ci --prefix test/runtimes and --prefix test/runtime-table/nodes, chromium)';

describeWith(needed, runtimes.every(isInstalled), 'the packed package', () => {
  it.each(runtimes)('does the same on $name', async (runtime) => {
    const application = await openApplication();
    try {
      const checks = await runtime.run(application);
      expect(checks.length).toBeGreaterThan(10);
      expect(checks.filter(({ problem }) => problem !== null)).toEqual([]);
    } finally {
      application.close();
    }
  });
});
