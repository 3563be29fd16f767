import { build } from 'esbuild';

/** The first module that a browser lacks among those that `name` needs; null if it needs none. */
export async function missingInBrowsers(name, resolveDir = new URL('.', import.meta.url).pathname) {
  const stdin = { contents: `import * as library from '${name}'; console.log(library);`, resolveDir };
  const options = {
    stdin,
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'esm',
    logLevel: 'silent',
  };
  const { errors } = await build(options).catch((error) => error);
  return errors[0]?.text ?? null;
}
