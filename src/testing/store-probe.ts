import { toHex } from '../internal/bytes.js';
import { randomBytes } from '../internal/random.js';
import type { NextRecord, Store, StoredRecord } from '../store/store.js';

/** The clock of a store under test. */
export interface StoreClock {
  /** In ms since 1970. */
  now: () => number;
  /** Lets that many ms pass. */
  advance: (ms: number) => void | Promise<void>;
}

/** One promise of the contract and the test of it. */
export interface StoreCase {
  title: string;
  run: (probe: StoreProbe) => Promise<void>;
}

/** A {@link StoreCase}. */
export function storeCase(title: string, run: (probe: StoreProbe) => Promise<void>): StoreCase {
  return { title, run };
}

/** A store under test, with verbs that throw when the answer is not the one that the contract asks for. */
export class StoreProbe {
  readonly store: Store;
  readonly clock: StoreClock;
  /** A key that nobody has used. */
  readonly key: string = newKey();

  constructor(store: Store, clock: StoreClock) {
    this.store = store;
    this.clock = clock;
  }

  /** A record with an etag of its own; `lifeMs` from now on, or for ever. */
  record(value: string, lifeMs?: number): NextRecord {
    const expiresAt = lifeMs === undefined ? null : new Date(this.clock.now() + lifeMs);
    return { value, etag: toHex(randomBytes(12)), expiresAt };
  }

  /** Creates a record that must not have been there; returns it. */
  async create(value: string, lifeMs?: number, key: string = this.key): Promise<NextRecord> {
    const record = this.record(value, lifeMs);
    await this.writes(`creating record '${value.slice(0, 20)}'`, key, record, null);
    return record;
  }

  /** `write` must answer true, with exactly that. */
  async writes(act: string, key: string, next: NextRecord | null, expected: string | null): Promise<void> {
    mustBe(`${act}: write`, await this.store.write(key, next, expected), true);
  }

  /** `write` must answer false, with exactly that. */
  async refuses(act: string, key: string, next: NextRecord | null, expected: string | null): Promise<void> {
    mustBe(`${act}: write`, await this.store.write(key, next, expected), false);
  }

  /** `read` must give this record, or undefined. */
  async holds(when: string, expected: StoredRecord | undefined, key: string = this.key): Promise<void> {
    const found = await this.store.read(key);
    if (expected === undefined || found === undefined) {
      mustBe(`${when}: read`, found, expected);
      return;
    }
    mustBe(`${when}: the value read`, found.value, expected.value);
    mustBe(`${when}: the etag read`, found.etag, expected.etag);
  }
}

/** A random key of the form that the library's own keys have. */
export function newKey(): string {
  return `store-test:${toHex(randomBytes(32))}`;
}

/** Throws unless `actual` is the very value `expected`. */
export function mustBe(what: string, actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`${what} must be ${shown(expected)}; it is ${shown(actual)}`);
}

/** Throws unless the promise rejects. */
export async function mustReject(what: string, act: () => Promise<unknown>): Promise<void> {
  let answer: unknown;
  try {
    answer = await act();
  } catch {
    return;
  }
  throw new Error(`${what} must reject; it resolved to ${shown(answer)}`);
}

function shown(value: unknown): string {
  const text =
    typeof value === 'string' ? value : ((JSON.stringify(value) as string | undefined) ?? 'undefined');
  return text.length > 60 ? `${text.slice(0, 60)}… (${text.length} characters)` : text;
}
