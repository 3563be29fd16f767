/**
 * Mutation testing of one module of src: `npm run proof:mutation` for `otp`, `MODULE=two-factor npm run proof:mutation` for
 * another one. The report lies in coverage/mutation, and with it the results that a second run starts from.
 */
const module = process.env.MODULE ?? 'otp';
const folder = `coverage/mutation/${module}`;

export default {
  mutate: [`src/${module}/**/*.ts`],
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'test/proof/mutation/vitest.config.ts' },
  coverageAnalysis: 'perTest',
  concurrency: Number(process.env.CONCURRENCY ?? 1),
  // The values of a module's constants are looked at by eye: each mutant of one would load every test file again.
  ignoreStatic: true,
  ignorePatterns: ['coverage', 'dist', 'docs', 'bench', 'examples', '*.tgz'],
  tempDirName: `coverage/mutation/sandbox-${module}`,
  cleanTempDir: 'always',
  reporters: ['clear-text', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: `${folder}/report.json` },
  incremental: true,
  incrementalFile: `${folder}/incremental.json`,
  timeoutMS: 20_000,
};
