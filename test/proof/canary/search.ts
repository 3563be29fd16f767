/** Lives many lives on several stores with faults in them, and searches all that came out. */
import { inspect } from 'node:util';
import { deriveKey } from '../../../src/internal/keys.js';
import type { Store } from '../../../src/store/store.js';
import { ForkableStore } from '../../support/flow/stores.js';
import { engineNamed } from '../../support/engines/engines.js';
import { canaryKey, type Channel, type Life, live, type Surroundings } from './life.js';
import { type Canary, type Kind, type Needle, needlesOf, printed } from './needles.js';

/** A secret where it does not belong. */
export interface Finding {
  readonly channel: Channel;
  readonly kind: Kind;
  readonly encoding: string;
  /** The text around, for the person who mends it. */
  readonly output: string;
}

/** What a search came to. */
export interface SearchResult {
  readonly lives: number;
  readonly acts: Readonly<Record<string, number>>;
  readonly errors: number;
  readonly texts: Readonly<Record<string, number>>;
  readonly needles: number;
  /** Texts times needles. */
  readonly comparisons: number;
  readonly findings: readonly Finding[];
}

/** Searches one life. */
export function searchLife(life: Life): SearchResult {
  const needles = [...life.canaries, ...derivedKeys()].flatMap(needlesOf);
  const outputs = life.outputs.map(({ channel, value }) => ({ channel, text: textOf(value) }));
  const findings = outputs.flatMap(({ channel, text }) =>
    needles
      .filter((needle) => !isAllowed(channel, needle.kind) && needle.matches(text))
      .map(({ kind, encoding }): Finding => ({ channel, kind, encoding, output: text.slice(0, 300) })),
  );
  const texts: Record<string, number> = {};
  for (const { channel } of outputs) texts[channel] = (texts[channel] ?? 0) + 1;
  const comparisons = outputs.reduce((sum, { channel }) => sum + countAllowed(channel, needles), 0);
  const acts = Object.fromEntries(life.acts);
  return { lives: 1, acts, errors: life.errors, texts, needles: needles.length, comparisons, findings };
}

/** Lives on memory and on SQLite, without faults and with a store that fails at each of its first calls. */
export async function searchLives(failures: number): Promise<SearchResult> {
  const results = [await lifeOn(new ForkableStore(), {})];
  const engine = await engineNamed('SQLite through libsql').connect();
  const late = (): number => Date.UTC(2000, 0);
  results.push(await lifeOn(engine.openStore(late), {}));
  await engine.remove();
  results.push(await lifeOn(new ForkableStore(), { refusals: 6 }));
  for (let call = 1; call <= failures; call++) {
    for (const when of ['before', 'after'] as const) {
      results.push(await lifeOn(failingStore(new ForkableStore(), call, when), {}));
    }
  }
  return results.reduce(together);
}

async function lifeOn(store: Store, more: Omit<Surroundings, 'store'>): Promise<SearchResult> {
  return searchLife(await live({ store, ...more }));
}

/** An address stands in the record of a live token, and goes with it; mails and notices may name the customer. */
function isAllowed(channel: Channel, kind: Kind): boolean {
  return kind === 'address' && (channel === 'stored' || channel === 'mailed');
}

function countAllowed(channel: Channel, needles: readonly Needle[]): number {
  return needles.filter(({ kind }) => !isAllowed(channel, kind)).length;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : printed(value, show);
}

function show(value: unknown): string {
  return inspect(value, { depth: null, showHidden: true, maxArrayLength: null, maxStringLength: null });
}

/** What the library derives from the key is as good as the key. */
function derivedKeys(): Canary[] {
  const uses = ['mailed code', 'ticket token', 'ticket challenge', 'ticket proof', 'two-factor secrets'];
  return uses.map((use) => ({ kind: 'key', value: deriveKey(canaryKey, use) }));
}

function together(a: SearchResult, b: SearchResult): SearchResult {
  return {
    lives: a.lives + b.lives,
    acts: sums(a.acts, b.acts),
    errors: a.errors + b.errors,
    texts: sums(a.texts, b.texts),
    needles: a.needles + b.needles,
    comparisons: a.comparisons + b.comparisons,
    findings: [...a.findings, ...b.findings],
  };
}

function sums(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Record<string, number> {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries([...names].map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)]));
}

/** An error as drivers make them: with the whole command in it. */
class DriverError extends Error {
  override readonly name = 'DriverError';
  readonly code = 'ECONNRESET';
  readonly parameters: readonly unknown[];

  constructor(parameters: readonly unknown[]) {
    super('connection terminated', { cause: { parameters } });
    this.parameters = parameters;
  }
}

/** A store that fails at four calls in a row, before or after its work. */
function failingStore(inner: Store, first: number, when: 'before' | 'after'): Store {
  let calls = 0;
  const pass = async <T>(parameters: readonly unknown[], call: () => Promise<T>): Promise<T> => {
    const isFatal = ++calls >= first && calls < first + 4;
    if (isFatal && when === 'before') throw new DriverError(parameters);
    const answer = await call();
    if (isFatal) throw new DriverError([...parameters, answer]);
    return answer;
  };
  return {
    read: (key) => pass([key], () => inner.read(key)),
    write: (key, next, expected) => pass([key, next, expected], () => inner.write(key, next, expected)),
  };
}
