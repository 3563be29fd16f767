import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';

/** The keys from `COUNTERSIGN_KEYS` (the newest first, with commas), or one that is made once and kept in a folder. */
export async function readKeys(env: NodeJS.ProcessEnv, folder: string): Promise<string[]> {
  const configured = env['COUNTERSIGN_KEYS'];
  if (configured) return configured.split(',').map((key) => key.trim());
  const file = `${folder}/key`;
  await mkdir(folder, { recursive: true });
  const fresh = randomBytes(32).toString('base64url');
  // Only where there is none: a key that is replaced takes every activated app with it.
  await writeFile(file, fresh, { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  });
  return [await readFile(file, 'utf8')];
}
