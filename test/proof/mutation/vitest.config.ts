import { configDefaults, defineConfig } from 'vitest/config';

// The folders of test that are named after the module.
const tests: Readonly<Record<string, readonly string[]>> = {
  internal: ['internal'],
  otp: ['otp'],
  'email-token': ['email-token'],
  'two-factor': ['two-factor'],
  store: ['store', 'testing'],
};
const folders = tests[process.env['MODULE'] ?? 'otp'] ?? [];

export default defineConfig({
  test: {
    include: folders.map((folder) => `test/${folder}/**/*.test.ts`),
    // Starts another program for each of its cases: its mutants die by the vectors of the RFCs too.
    exclude: [...configDefaults.exclude, '**/*.long.test.ts', '**/oathtool.test.ts'],
    provide: { isLong: false },
    expect: { requireAssertions: true },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
