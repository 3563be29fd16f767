/** A record as a {@link Store} holds it. */
export interface StoredRecord {
  /** What was written, byte for byte. */
  value: string;
  /** The name of the write that made the record: no two writes share one. */
  etag: string;
}

/** What {@link Store.write} puts in a record's place. */
export interface NextRecord extends StoredRecord {
  /** The instant from which the record counts as absent; null: never. */
  expiresAt: Date | null;
}

/**
 * Where the state lives: two verbs over one record a key.
 *
 * What the library asks for, and therefore what a store may count on:
 * - a key is 1 to 128 characters of `A-Z a-z 0-9 : _ -`; keys that differ in case only are different keys;
 * - an etag is 1 to 64 characters of `A-Z a-z 0-9 _ -`, and is compared exactly;
 * - a value is well-formed Unicode text of up to 64 kB without the character U+0000;
 * - `next` and `expected` are never both null.
 *
 * A record whose `expiresAt` has passed is absent for every verb. A store may judge that late (the library looks
 * again, by its own clock) and must not judge it early. Prove an implementation with `testStore` from
 * `countersign/testing`.
 *
 * @example
 * ```ts
 * import { memoryStore, type Store } from 'countersign';
 *
 * const store: Store = memoryStore();
 * await store.write('greeting', { value: 'hello', etag: 'w1', expiresAt: null }, null); // true
 * await store.write('greeting', { value: 'again', etag: 'w2', expiresAt: null }, null); // false: it exists
 * await store.read('greeting'); // { value: 'hello', etag: 'w1' }
 * ```
 */
export interface Store {
  /**
   * Reads a record.
   *
   * Must resolve to the record of the newest completed write, from whichever process it came (a linearizable read:
   * no replica, no cache), and to undefined if there is none. Must reject if it cannot know.
   *
   * @param key - see {@link Store}
   */
  read(key: string): Promise<StoredRecord | undefined>;

  /**
   * Puts `next` in the record's place (null deletes) if and only if the record's etag is `expected` (null: if there
   * is no record). Guard and write must be one atomic act.
   *
   * Must resolve to true only if the write has happened and every later read sees it. Must resolve to false only if
   * it has not happened and never will: the guard did not hold, or a concurrent writer was in the way. Must reject
   * only if the outcome is unknown or the store failed; must never resolve to hide a failure.
   *
   * @param key - see {@link Store}
   * @param next - the record to write, or null to delete
   * @param expected - the etag that the record must have, or null if there must be none
   */
  write(key: string, next: NextRecord | null, expected: string | null): Promise<boolean>;
}
