import type { Store } from 'countersign';

/** JSON documents of one kind. A real application has its own database for these. */
export interface Documents<T> {
  read(id: string): Promise<T | null>;
  /** Puts what `change` makes of the document in its place, or deletes it for null; runs again if it was overtaken. */
  update(id: string, change: (current: T | null) => T | null, expiresAt?: Date): Promise<void>;
}

/** Keeps documents beside the second factors, so that the app needs one database and a restart loses nothing. */
export function documents<T>(store: Store, kind: string): Documents<T> {
  const keyOf = (id: string): string => `app:${kind}:${id}`;
  return {
    async read(id) {
      const record = await store.read(keyOf(id));
      return record === undefined ? null : (JSON.parse(record.value) as T);
    },
    async update(id, change, expiresAt) {
      for (let round = 0; round < MAX_ROUNDS; round++) {
        const record = await store.read(keyOf(id));
        const next = change(record === undefined ? null : (JSON.parse(record.value) as T));
        if (next === null && record === undefined) return;
        const written =
          next === null
            ? null
            : { value: JSON.stringify(next), etag: crypto.randomUUID(), expiresAt: expiresAt ?? null };
        if (await store.write(keyOf(id), written, record?.etag ?? null)) return;
      }
      throw new Error(`the ${kind} was changed by others all the time`);
    },
  };
}

const MAX_ROUNDS = 50;
