import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** What the files of each folder of src may import, besides each other: other folders, and the packages that are bundled. */
const imports = {
  internal: { folders: [], packages: ['@noble/hashes/'] },
  otp: { folders: ['internal'], packages: ['@noble/hashes/'] },
  qr: { folders: ['internal'], packages: ['uqr'] },
  store: { folders: ['internal'], packages: [] },
  'email-token': { folders: ['internal', 'otp', 'store'], packages: [] },
  'two-factor': { folders: ['internal', 'otp', 'store', 'email-token'], packages: [] },
  testing: { folders: ['internal', 'store', 'email-token'], packages: [] },
};

function importsOf([folder, { folders, packages }]) {
  // A file of this folder, or of the folder around it: `./x.js`, `./below/x.js`, and `../x.js` from below.
  const own = String.raw`\./|\.\./(?!index\.)[^/]+\.js$`;
  const others = folders.map((name) => String.raw`(?:\.\./)+${name}/`);
  const regex = `^(?!${[own, ...others, ...packages].join('|')})`;
  const message = `src/${folder} imports only ${[...folders, ...packages].join(', ') || 'its own files'}: see CONTRIBUTING.md.`;
  return {
    files: [`src/${folder}/**/*.ts`],
    rules: { 'no-restricted-imports': ['error', { patterns: [{ regex, message }] }] },
  };
}

export default defineConfig(
  globalIgnores(['dist', 'coverage', 'docs/api', 'bench', 'test/.blocks']),
  // Packages of their own: their types are there only where they are installed.
  globalIgnores(['examples/next', 'examples/nest', 'examples/hono-workers']),
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    // No comment turns a rule off.
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      eqeqeq: 'error',
      'max-depth': ['error', 3],
      'no-console': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      '@typescript-eslint/max-params': ['error', { max: 4 }],
      'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
      'no-restricted-globals': ['error', 'Buffer', 'process', 'require'],
      // Would be an import that the rules below do not see.
      'no-restricted-syntax': ['error', 'ImportExpression'],
    },
  },
  ...Object.entries(imports).map(importsOf),
  { files: ['examples/**/*.ts', 'examples/**/*.tsx'], rules: { 'no-console': 'off' } },
);
