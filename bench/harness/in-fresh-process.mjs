import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Runs a task module in a process of its own, so that no job meets code that another one has warmed or spoilt.
 *
 * @param {URL} module it calls `answer`
 * @param {unknown} task
 * @param {string[]} [execArgv]
 * @returns {Promise<any>} what the module answered
 */
export function inFreshProcess(module, task, execArgv = []) {
  const child = fork(fileURLToPath(module), { execArgv });
  return new Promise((resolve, reject) => {
    child.once('message', (result) => {
      resolve(result);
      child.disconnect();
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${module.pathname} ended with code ${code}`)));
    child.send(task);
  });
}

/** The other end: computes the answer to the one task of this process. */
export function answer(compute) {
  process.once('message', async (task) => process.send(await compute(task)));
}
