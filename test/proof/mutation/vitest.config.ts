import { configDefaults, defineConfig } from 'vitest/config';

// The folders of test that are named after the module.
const tests: Readonly<Record<string, readonly string[]>> = {
  internal: ['internal'],
  otp: ['otp'],
  'email-token': ['email-token'],
  'two-factor': ['two-factor'],
  store: ['store', 'testing'],
};
// Each of these repeats a whole story many times over: they judge the mutants that the others let live.
const slow = [
  'model',
  'account-model',
  'interleavings',
  'faults',
  'crash',
  'at-rest',
  'year',
  'owner-year',
  'smtp',
  'explain-policy',
  'drift',
  'test-store',
  'check-history',
];
const module = process.env['MODULE'] ?? 'otp';
// Such a module is one file, with tests of its own; those of an adapter run on the real engine.
const isFile = !(module in tests);
const isFirstPass = process.env['SURVIVORS'] === undefined;
const left = isFile
  ? []
  : ['**/*.long.test.ts', ...(isFirstPass ? slow.map((name) => `**/${name}.test.ts`) : [])];
const ofFile = [`test/store/${module}{,-*}{,.long}.test.ts`, `test/two-factor/${module}.test.ts`];
const folders = (tests[module] ?? []).map((folder) => `test/${folder}/**/*.test.ts`);

export default defineConfig({
  test: {
    include: isFile ? ofFile : folders,
    // Starts another program for each of its cases: its mutants die by the vectors of the RFCs too.
    exclude: [...configDefaults.exclude, '**/oathtool.test.ts', ...left],
    env: { ENGINES: 'memory' },
    provide: { isLong: false },
    expect: { requireAssertions: true },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
