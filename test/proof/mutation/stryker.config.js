/**
 * Mutation testing of one module of src: `npm run proof:mutation` for `otp`, `MODULE=two-factor npm run proof:mutation` for
 * another one, and `FILES=src/otp/totp.ts,src/otp/code.ts` for some files of it. `MODULE=redis` is the file
 * of that name, an adapter on the real engine; so is `MODULE=explain-policy`. The report lies in coverage/mutation.
 * With `SURVIVORS=1` a second pass shows the mutants that lived, or ran for ever, to the long stories too.
 */
import { existsSync, readFileSync } from 'node:fs';

const {
  MODULE: module = 'otp',
  FILES: files,
  CONCURRENCY: concurrency = '1',
  SURVIVORS: survivors,
} = process.env;
const run = [module, ...(survivors === undefined ? [] : ['survivors'])].join('-');
const file = ['store', 'two-factor'].map((name) => `src/${name}/${module}.ts`).find(existsSync);
const isFile = file !== undefined;
const folder = `coverage/mutation/${run}`;

/** The places of the mutants that lived through the first pass. */
function survivorsOf(report) {
  const { files: judged } = JSON.parse(readFileSync(report, 'utf8'));
  return Object.entries(judged).flatMap(([file, { mutants }]) =>
    mutants
      .filter(({ status }) => ['Survived', 'NoCoverage', 'Timeout'].includes(status))
      .map(({ location: { start, end } }) => {
        return `${file}:${start.line}:${start.column - 1}-${end.line}:${end.column}`;
      }),
  );
}

function mutated() {
  if (survivors !== undefined) return survivorsOf(`coverage/mutation/${module}/report.json`);
  return files?.split(',') ?? [file ?? `src/${module}/**/*.ts`];
}

export default {
  mutate: mutated(),
  // The words of errors and mails are no decision; tests of the pages and of the errors' codes read them.
  mutator: { excludedMutations: ['StringLiteral'] },
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'test/proof/mutation/vitest.config.ts', related: !isFile },
  coverageAnalysis: 'perTest',
  concurrency: Number(concurrency),
  // Each mutant of a module's constant would load every test file again. An adapter opens its store while its tests load.
  ignoreStatic: !isFile,
  ignorePatterns: ['coverage', 'dist', 'docs/api', 'bench', 'examples', '*.tgz'],
  tempDirName: `coverage/mutation/sandbox-${run}`,
  cleanTempDir: 'always',
  reporters: ['progress-append-only', 'clear-text', 'json'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  jsonReporter: { fileName: `${folder}/report.json` },
  incremental: true,
  incrementalFile: `${folder}/incremental.json`,
  // Long, so that a busy machine makes no survivor look like an endless loop.
  timeoutMS: Number(process.env.TIMEOUT_MS ?? 15_000),
};
