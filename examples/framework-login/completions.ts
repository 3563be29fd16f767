/**
 * Which half-logins were completed a moment ago, and with which code.
 *
 * The browser shows the answer to the second click. For countersign that code is used, so the application must know that
 * this same form was right a moment ago. With several processes, keep this beside the sessions.
 */
export interface Completions {
  note(key: string): Promise<void>;
  has(key: string): Promise<boolean>;
}

/** How long a form counts as sent twice. */
export const COMPLETION_MS = 60_000;

/** Completions in this process. */
export function memoryCompletions(now: () => number): Completions {
  const times = new Map<string, number>();
  return {
    note: (key) => {
      for (const [old, at] of times) if (at + COMPLETION_MS <= now()) times.delete(old);
      times.set(key, now());
      return Promise.resolve();
    },
    has: (key) => Promise.resolve((times.get(key) ?? -Infinity) + COMPLETION_MS > now()),
  };
}
