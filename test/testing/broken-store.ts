import type { NextRecord, Store, StoredRecord } from '../../src/store/store.js';

/** A Map with the contract's verbs, each step of which can be replaced by one that has a fault. */
export class BreakableStore implements Store {
  protected readonly records = new Map<string, NextRecord>();

  constructor(protected readonly now: () => number) {}

  read(key: string): Promise<StoredRecord | undefined> {
    const record = this.live(key);
    return Promise.resolve(record && { value: record.value, etag: record.etag });
  }

  write(key: string, next: NextRecord | null, expected: string | null): Promise<boolean> {
    if (!this.isExpected(key, expected)) return Promise.resolve(false);
    this.put(key, next);
    return Promise.resolve(true);
  }

  protected isExpected(key: string, expected: string | null): boolean {
    return (this.live(key)?.etag ?? null) === expected;
  }

  protected live(key: string): NextRecord | undefined {
    const record = this.records.get(this.name(key));
    return record && !this.isExpired(record) ? record : undefined;
  }

  protected isExpired({ expiresAt }: NextRecord): boolean {
    return expiresAt !== null && expiresAt.getTime() <= this.now();
  }

  protected put(key: string, next: NextRecord | null): void {
    if (next === null) this.records.delete(this.name(key));
    else this.records.set(this.name(key), next);
  }

  protected name(key: string): string {
    return key;
  }
}

export class WithoutGuard extends BreakableStore {
  protected override isExpected(): boolean {
    return true;
  }
}

/** As a `SELECT` followed by an `UPDATE`. */
export class GuardBeforeWrite extends BreakableStore {
  override async write(key: string, next: NextRecord | null, expected: string | null): Promise<boolean> {
    const record = await this.read(key);
    if ((record?.etag ?? null) !== expected) return false;
    this.put(key, next);
    return true;
  }
}

/** As an upsert whose guard knows creation only. */
export class LostUpdate extends BreakableStore {
  protected override isExpected(key: string, expected: string | null): boolean {
    return expected === null ? super.isExpected(key, null) : this.live(key) !== undefined;
  }
}

/** As a `DELETE` by key. */
export class UnguardedDelete extends BreakableStore {
  override write(key: string, next: NextRecord | null, expected: string | null): Promise<boolean> {
    if (next !== null) return super.write(key, next, expected);
    this.put(key, null);
    return Promise.resolve(true);
  }
}

export class NeverExpires extends BreakableStore {
  protected override isExpired(): boolean {
    return false;
  }
}

/** As an `INSERT … ON CONFLICT DO NOTHING` on a table where expired rows stay. */
export class ExpiredInTheWay extends BreakableStore {
  protected override isExpected(key: string, expected: string | null): boolean {
    return expected === null ? !this.records.has(key) : super.isExpected(key, expected);
  }
}

/** As an `UPDATE` that forgets the column. */
export class KeepsFirstExpiry extends BreakableStore {
  protected override put(key: string, next: NextRecord | null): void {
    const expiresAt = this.live(key)?.expiresAt;
    super.put(key, next && expiresAt !== undefined ? { ...next, expiresAt } : next);
  }
}

/** As the default collation of MySQL. */
export class FoldsKeys extends BreakableStore {
  protected override name(key: string): string {
    return key.toLowerCase();
  }
}

/** As a column that is too short, in a database that does not say so. */
export class CutsKeys extends BreakableStore {
  protected override name(key: string): string {
    return key.slice(0, 64);
  }
}

export class FoldsEtags extends BreakableStore {
  protected override isExpected(key: string, expected: string | null): boolean {
    return this.live(key)?.etag.toLowerCase() === expected?.toLowerCase();
  }
}

/** As the Upstash client, which parses what looks like JSON. */
export class ParsesValues extends BreakableStore {
  override async read(key: string): Promise<StoredRecord | undefined> {
    const record = await super.read(key);
    return record && { ...record, value: parsed(record.value) };
  }
}

/** As MySQL's three-byte `utf8`. */
export class BasicPlaneOnly extends BreakableStore {
  protected override put(key: string, next: NextRecord | null): void {
    super.put(key, next && { ...next, value: next.value.replace(/\p{Cs}|[\u{10000}-\u{10ffff}]/gu, '?') });
  }
}

/** As a `varchar(255)` outside strict mode. */
export class CutsValues extends BreakableStore {
  protected override put(key: string, next: NextRecord | null): void {
    super.put(key, next && { ...next, value: next.value.slice(0, 255) });
  }
}

/** As a read from a replica. */
export class ReadsLate extends BreakableStore {
  readonly #replica = new Map<string, StoredRecord | undefined>();

  override async read(key: string): Promise<StoredRecord | undefined> {
    const newest = await super.read(key);
    const seen = this.#replica.has(key) ? this.#replica.get(key) : newest;
    this.#replica.set(key, newest);
    return seen;
  }
}

/** As a cache of a minute that another process's write does not clear. */
export class StaleCache extends BreakableStore {
  readonly #cache = new Map<string, { readonly record: StoredRecord | undefined; left: number }>();

  override async read(key: string): Promise<StoredRecord | undefined> {
    const cached = this.#cache.get(key);
    if (cached !== undefined && cached.left-- > 0) return cached.record;
    const record = await super.read(key);
    this.#cache.set(key, { record, left: 3 });
    return record;
  }
}

/** As a count of rows that nobody compared with 1. */
export class AnswersNumbers extends BreakableStore {
  override async write(key: string, next: NextRecord | null, expected: string | null): Promise<boolean> {
    return Number(await super.write(key, next, expected)) as unknown as boolean;
  }
}

/** As a `catch` that logs. */
export class SwallowsErrors extends BreakableStore {
  override read(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  override write(): Promise<boolean> {
    return Promise.resolve(false);
  }
}

function parsed(text: string): string {
  try {
    return JSON.parse(text) as string;
  } catch {
    return text;
  }
}
