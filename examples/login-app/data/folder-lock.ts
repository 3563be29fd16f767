import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';

/** Makes sure that one process at a time works in a folder; returns what ends that. */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true });
  const file = `${folder}/lock`;
  if (!(await claim(file))) {
    const owner = Number(await readFile(file, 'utf8').catch(() => ''));
    if (isRunning(owner)) {
      throw new Error(
        `process ${owner} uses ${folder} already: stop it, or set DATA_DIR. If it is another program, delete ${file}`,
      );
    }
    // Left by a process that was killed.
    await rm(file, { force: true });
    if (!(await claim(file))) throw new Error(`another process has just begun to use ${folder}`);
  }
  return () => rm(file, { force: true });
}

async function claim(file: string): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It runs, as another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
