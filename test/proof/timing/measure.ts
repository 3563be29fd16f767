/** Times right against wrong beginnings of secrets, interleaved, and compares them as dudect does: Welch's t of cropped samples. */
import { createTwoFactor } from '../../../src/two-factor/two-factor.js';
import { memoryStore } from '../../../src/store/memory-store.js';
import type { Store } from '../../../src/store/store.js';
import { Secret } from '../../../src/otp/secret.js';
import { allowReplay, generateTotp, verifyTotp } from '../../../src/otp/totp.js';
import { type Seeded, seeded } from '../../support/faults/seeded.js';

/** What one comparison came to. */
export interface TimingResult {
  readonly name: string;
  /** Welch's t: how many standard errors lie between the two means. */
  readonly t: number;
  /** The medians of the two classes, in microseconds. */
  readonly medians: readonly [number, number];
  /** Whether a difference is to be seen. */
  readonly isControl: boolean;
}

/** Two inputs that differ in how much of them is right, and both are refused. */
interface Comparison {
  readonly name: string;
  readonly isControl: boolean;
  /** The first class begins right, the second one wrong. */
  readonly inputs: readonly [string, string];
  readonly run: (input: string) => unknown;
}

/** Makes every comparison with so many samples of each class. */
export async function measureAll(samples: number, seed = 1): Promise<readonly TimingResult[]> {
  const random = seeded(seed);
  const results: TimingResult[] = [];
  for (const comparison of [control(), totp(), ...(await flowComparisons())]) {
    results.push(await measure(comparison, samples, random));
  }
  return results;
}

/** Welch's t of two samples. */
export function welch(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  const error = variance(a, meanA) / a.length + variance(b, meanB) / b.length;
  return error === 0 ? 0 : (meanA - meanB) / Math.sqrt(error);
}

const WARM_UP = 300;
/** Slow samples are pauses of the machine: as dudect does, the same threshold crops both classes. */
const KEPT = 0.7;

async function measure(
  { name, isControl, inputs, run }: Comparison,
  samples: number,
  random: Seeded,
): Promise<TimingResult> {
  const times: [number[], number[]] = [[], []];
  for (let turn = -WARM_UP; turn < samples * 2; turn++) {
    const chosen = random.chance(0.5) ? 0 : 1;
    const begun = process.hrtime.bigint();
    await run(inputs[chosen]);
    const took = Number(process.hrtime.bigint() - begun) / 1000;
    if (turn >= 0) times[chosen].push(took);
  }
  const bound = quantile([...times[0], ...times[1]], KEPT);
  const [right, wrong] = times.map((each) => each.filter((time) => time <= bound)) as [number[], number[]];
  return { name, isControl, t: welch(right, wrong), medians: [quantile(right, 0.5), quantile(wrong, 0.5)] };
}

/** A comparison that ends at the first difference: what all others must not look like. */
function control(): Comparison {
  const secret = 'a'.repeat(20_000);
  const isEqual = (typed: string): boolean => {
    for (let index = 0; index < secret.length; index++) {
      if (typed.charCodeAt(index) !== secret.charCodeAt(index)) return false;
    }
    return true;
  };
  return {
    name: 'control: a comparison that ends at the first difference',
    isControl: true,
    inputs: [`${'a'.repeat(19_999)}b`, `b${'a'.repeat(19_999)}`],
    run: isEqual,
  };
}

const now = Date.UTC(2030, 0);
const userId = '12345';

function totp(): Comparison {
  const secret = Secret.fromBytes(new Uint8Array(20).fill(5));
  const code = generateTotp(secret, { at: now });
  return {
    name: 'verifyTotp: five right digits, five wrong digits',
    isControl: false,
    inputs: [endsWrong(code), beginsWrong(code)],
    run: (typed) => verifyTotp(secret, typed, { at: now, lastTimeStep: allowReplay }),
  };
}

async function flowComparisons(): Promise<Comparison[]> {
  const store = frozenStore();
  const flow = createTwoFactor({
    store,
    keys: [new Uint8Array(32).fill(7)],
    issuer: 'E',
    fallback: 'none',
    now: () => now,
  });
  const begun = await flow.beginActivation({ userId, account: userId });
  if (!begun.ok) throw new Error('no activation');
  const { secret } = begun;
  const confirmed = await flow.confirmActivation({
    userId,
    code: generateTotp(secret, { at: now - 30_000 }),
  });
  if (!confirmed.ok || confirmed.recoveryCodes === null) throw new Error('no recovery codes');
  const login = await flow.begin({ userId, email: 'customer@example.com' });
  if (!login.ok || login.method !== 'authenticator') throw new Error('no challenge');
  const { challenge } = login;
  // From here on nothing is written, so that every sample meets the same record.
  store.freeze();
  const [recoveryCode = ''] = confirmed.recoveryCodes;
  const code = generateTotp(secret, { at: now });
  const complete = (typed: string): Promise<unknown> => flow.complete({ userId, challenge, code: typed });
  return [
    {
      name: 'complete: an app\u2019s code',
      isControl: false,
      inputs: [endsWrong(code), beginsWrong(code)],
      run: complete,
    },
    {
      name: 'complete: a recovery code',
      isControl: false,
      inputs: [endsWrong(recoveryCode), beginsWrong(recoveryCode)],
      run: complete,
    },
    {
      name: 'complete: a challenge',
      isControl: false,
      // The last character holds unused bits, so the one before it is changed.
      inputs: [changed(challenge, challenge.length - 2), changed(challenge, 30)],
      run: (each) => flow.complete({ userId, challenge: each, code: '000000' }),
    },
  ];
}

/** A memory store that can stop to change. */
function frozenStore(): Store & { freeze: () => void } {
  const inner = memoryStore({ now: () => now });
  let isFrozen = false;
  return {
    read: (key) => inner.read(key),
    write: (key, next, expected) => (isFrozen ? Promise.resolve(true) : inner.write(key, next, expected)),
    freeze: () => {
      isFrozen = true;
    },
  };
}

/** All characters right but the last. */
function endsWrong(text: string): string {
  return changed(text, text.length - 1);
}

/** The first five wrong, and the rest right. */
function beginsWrong(text: string): string {
  return [0, 1, 2, 3, 4].reduce(changed, text);
}

/** Another character of the same kind in one place. */
function changed(text: string, index: number): string {
  const character = text.charAt(index);
  const other = /\d/.test(character) ? (character === '7' ? '4' : '7') : character === 'A' ? 'C' : 'A';
  return text.slice(0, index) + other + text.slice(index + 1);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function variance(values: readonly number[], around: number): number {
  return values.reduce((sum, value) => sum + (value - around) ** 2, 0) / (values.length - 1);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? NaN;
}
