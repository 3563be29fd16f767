/** Thrown when there are more logins than the machine can hash passwords for. */
export class BusyError extends Error {
  override readonly name = 'BusyError';
}

/**
 * Hashes two passwords at a time, and keeps a short queue. A password hash takes a third of a second and 128 MB, and
 * runs on one of four threads, which the second factor needs, too: without this, 60 wrong passwords at once would hold
 * everybody up for half a minute.
 */
export function createPasswordQueue(atOnce = 2, maxWaiting = 16): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running < atOnce) running++;
    else if (waiting.length >= maxWaiting) throw new BusyError();
    // The one that ends hands its place over.
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
