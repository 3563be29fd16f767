/** How the records of a server are read. */
export interface Reader {
  readonly one: (key: string) => Promise<unknown>;
  /** The replies stand in the keys' order. Where it is missing, nothing is joined. */
  readonly all: ((keys: string[]) => Promise<readonly unknown[]>) | undefined;
  /** Tells that the server will not have reads of several keys, whatever the keys' records are. */
  readonly isRefusal: (error: unknown) => boolean;
}

/**
 * Joins the reads that are asked for in one turn of the event loop. A client of a fast server spends more on a command
 * (its promise, its place in the queue, its reply) than the server does, and that is saved for all but one. Nobody
 * waits for it: what is asked for goes out in the same turn, and a read that is alone goes out alone.
 *
 * Each read still happens between its call and its reply, so that joining takes nothing from a store's consistency.
 *
 * @param reader - once it has refused, every read goes alone, so that none depends on another one's server
 * @returns reads one key
 */
export function joinReads({ one, all, isRefusal }: Reader): (key: string) => Promise<unknown> {
  if (all === undefined) return one;
  let isJoining = true;
  let open: Batch | undefined;

  const each = (keys: string[]): Promise<unknown[]> => Promise.all(keys.map(one));

  const together = async (keys: string[]): Promise<readonly unknown[]> => {
    try {
      return await all(keys);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      isJoining = false;
      return each(keys);
    }
  };

  const begin = (): Batch => {
    const keys: string[] = [];
    const replies = Promise.resolve().then(() => {
      if (open?.keys === keys) open = undefined;
      return keys.length === 1 ? each(keys) : together(keys);
    });
    return { keys, replies };
  };

  const readJoined = async (key: string): Promise<unknown> => {
    open ??= begin();
    const { keys, replies } = open;
    const place = keys.push(key) - 1;
    if (keys.length === mostKeys) open = undefined;
    return (await replies)[place];
  };

  return (key) => (isJoining ? readJoined(key) : one(key));
}

interface Batch {
  readonly keys: string[];
  readonly replies: Promise<readonly unknown[]>;
}

/** Bounds how long one command can keep the server from everybody else's. */
const mostKeys = 100;
