/** A mutating fuzzer that keeps the inputs which reach new branches, or a new answer. */
import { isCountersignError } from '../../../src/internal/errors.js';
import { type Seeded, seeded } from '../../support/faults/seeded.js';
import type { BranchLog } from './instrument.js';
import { mutate } from './mutations.js';

/** What is fuzzed. */
export interface Target {
  readonly name: string;
  /** Which share of all inputs it gets. */
  readonly share: number;
  readonly seeds: readonly string[];
  /** Words that its mutations put in. */
  readonly words: readonly string[];
  readonly maxLength: number;
  /** Changes an input in a way that this target's form calls for. */
  readonly mutate?: (text: string, random: Seeded) => string;
  /**
   * Takes an input and names the answer. It throws the package's errors through, and any other error is a fault.
   *
   * @param turn - counts the inputs: chooses among several acts
   */
  readonly run: (text: string, turn: number) => string | Promise<string>;
}

/** An input that broke the rule. */
export interface Fault {
  readonly target: string;
  readonly turn: number;
  readonly what: string;
  readonly input: string;
}

/** What came of one target. */
export interface TargetResult {
  readonly name: string;
  readonly inputs: number;
  readonly seconds: number;
  readonly corpus: readonly string[];
  readonly branches: number;
  /** The longest time that an input needed each time it was tried. */
  readonly slowestMs: number;
  /** How many first tries were above the bound and below it when they were tried again: pauses of the machine. */
  readonly pauses: number;
  readonly answers: Readonly<Record<string, number>>;
  readonly faults: readonly Fault[];
}

/** How to fuzz a target. */
export interface FuzzOptions {
  readonly count: number;
  readonly seed: number;
  readonly branches: BranchLog;
  /** Inputs from earlier runs. */
  readonly corpus: readonly string[];
}

/** No input may take longer. */
export const BOUND_MS = 50;

/** Fuzzes one target. */
export async function fuzz(target: Target, options: FuzzOptions): Promise<TargetResult> {
  const fuzzer = new Fuzzer(target, options);
  const begun = performance.now();
  await fuzzer.run();
  return fuzzer.result((performance.now() - begun) / 1000);
}

const MAX_FAULTS = 20;
/** One input in so many is blown up to a length that no person types. */
const GIANT_EVERY = 5000;
const GIANT_LENGTH = 1_000_000;

class Fuzzer {
  readonly #target: Target;
  readonly #options: FuzzOptions;
  readonly #random: Seeded;
  readonly #corpus: string[] = [];
  readonly #answers = new Map<string, number>();
  readonly #faults: Fault[] = [];
  #slowestMs = 0;
  #pauses = 0;
  #turn = 0;

  constructor(target: Target, options: FuzzOptions) {
    this.#target = target;
    this.#options = options;
    this.#random = seeded(options.seed);
    options.branches.reset();
  }

  async run(): Promise<void> {
    const first = [...this.#target.seeds, ...this.#options.corpus];
    for (const input of first.slice(0, this.#options.count)) await this.#try(input);
    if (this.#corpus.length === 0) this.#corpus.push(...this.#target.seeds);
    while (this.#turn < this.#options.count && this.#faults.length < MAX_FAULTS) {
      await this.#try(this.#nextInput());
    }
  }

  result(seconds: number): TargetResult {
    return {
      name: this.#target.name,
      inputs: this.#turn,
      seconds,
      corpus: this.#corpus,
      branches: this.#options.branches.taken,
      slowestMs: this.#slowestMs,
      pauses: this.#pauses,
      answers: Object.fromEntries([...this.#answers].sort(([a], [b]) => (a < b ? -1 : 1))),
      faults: this.#faults,
    };
  }

  #nextInput(): string {
    const random = this.#random;
    const { words, maxLength, mutate: ownMutate } = this.#target;
    const base = this.#corpus[random.below(this.#corpus.length)] ?? '';
    if (this.#turn % GIANT_EVERY === GIANT_EVERY - 1) {
      return base === '' ? base : base.repeat(Math.ceil(GIANT_LENGTH / base.length));
    }
    if (ownMutate !== undefined && random.chance(0.8)) return ownMutate(base, random);
    return mutate(base, { random, words, others: this.#corpus, maxLength });
  }

  async #try(input: string): Promise<void> {
    const turn = this.#turn++;
    const { branches } = this.#options;
    const takenBefore = branches.taken;
    const begun = performance.now();
    const answer = await this.#answerTo(input, turn);
    const ms = performance.now() - begun;
    if (ms > this.#slowestMs) await this.#judgeTime(input, turn, ms);
    const isNew = branches.taken > takenBefore || !this.#answers.has(answer);
    this.#answers.set(answer, (this.#answers.get(answer) ?? 0) + 1);
    if (isNew && input.length <= this.#target.maxLength) this.#corpus.push(input);
  }

  async #answerTo(input: string, turn: number): Promise<string> {
    try {
      const answer = this.#target.run(input, turn);
      return typeof answer === 'string' ? answer : await answer;
    } catch (error) {
      if (isCountersignError(error)) return error.code;
      const what = error instanceof Error ? (error.stack ?? error.message) : typeof error;
      this.#faults.push({ target: this.#target.name, turn, what, input: input.slice(0, 5000) });
      return 'fault';
    }
  }

  /** A pause of the machine is no property of the input: what counts is the fastest of several tries. */
  async #judgeTime(input: string, turn: number, firstMs: number): Promise<void> {
    let fastest = firstMs;
    const isUnsettled = (tries: number): boolean => fastest > (tries < 9 ? this.#slowestMs : BOUND_MS);
    for (let tries = 0; tries < 40 && isUnsettled(tries); tries++) {
      const begun = performance.now();
      await this.#answerTo(input, turn);
      fastest = Math.min(fastest, performance.now() - begun);
    }
    if (firstMs > BOUND_MS && fastest <= BOUND_MS) this.#pauses++;
    this.#slowestMs = Math.max(this.#slowestMs, fastest);
    if (fastest <= BOUND_MS) return;
    const what = `took ${fastest.toFixed(1)} ms for ${input.length} characters`;
    this.#faults.push({ target: this.#target.name, turn, what, input: input.slice(0, 500) });
  }
}
