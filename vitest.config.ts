import { configDefaults, defineConfig } from 'vitest/config';

const longFiles = '**/*.long.test.ts';
const packageFiles = 'test/package/**/*.test.ts';

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Vitest leaves one core idle by default, which on two cores is half of them.
    maxWorkers: '100%',
    // A test that ends without having compared anything fails.
    expect: { requireAssertions: true },
    coverage: { include: ['src/**'], reporter: ['text'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'source',
          include: ['test/**/*.test.ts', 'examples/**/*.test.ts'],
          exclude: [...configDefaults.exclude, longFiles, packageFiles],
          provide: { isLong: false },
        },
      },
      {
        // The compiler reads these files and what they import, and nothing else of the tree.
        extends: true,
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ['test/**/*.test-d.ts'],
            tsconfig: './tsconfig.types.json',
          },
        },
      },
      {
        // Its setup packs and installs the package; it runs only when one of these files does.
        extends: true,
        test: {
          name: 'package',
          include: [packageFiles],
          exclude: [...configDefaults.exclude, longFiles],
          globalSetup: ['test/package/setup.ts'],
          provide: { isLong: false },
        },
      },
      {
        // Browsers, database servers, other runtimes, several processes, and random searches at full length.
        extends: true,
        test: {
          name: 'long',
          include: [longFiles],
          globalSetup: ['test/package/setup.ts'],
          provide: { isLong: true },
        },
      },
    ],
  },
});
