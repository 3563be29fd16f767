/** Fuzzes every target, and reads and keeps the corpus. */
import { readFile, writeFile } from 'node:fs/promises';
import { flowTargets } from './flow-targets.js';
import { importInstrumented } from './instrument.js';
import { fuzz, type Target, type TargetResult } from './run-fuzzer.js';
import { textTargets } from './text-targets.js';

/** How much to fuzz. */
export interface FuzzRun {
  /** Inputs in total. */
  readonly count: number;
  readonly seed: number;
  /** Whether to write what was found into the corpus. */
  readonly keepsCorpus?: boolean;
  /** Called when a target is done. */
  readonly report?: (result: TargetResult) => void;
}

/** Fuzzes each target with its share of the inputs. */
export async function fuzzAll({
  count,
  seed,
  keepsCorpus = false,
  report,
}: FuzzRun): Promise<readonly TargetResult[]> {
  const { exports, branches } = await importInstrumented();
  const targets = [...textTargets(exports), ...(await flowTargets(exports))];
  const results: TargetResult[] = [];
  for (const target of targets) {
    const corpus = await readCorpus(target);
    const result = await fuzz(target, { count: Math.ceil(count * target.share), seed, branches, corpus });
    results.push(result);
    report?.(result);
    if (keepsCorpus) await keepCorpus(target, result.corpus);
  }
  return results;
}

const MAX_KEPT = 150;

function fileOf({ name }: Target): URL {
  return new URL(`../corpus/${name.replaceAll(/\W+/g, '-')}.json`, import.meta.url);
}

async function readCorpus(target: Target): Promise<string[]> {
  const text = await readFile(fileOf(target), 'utf8').catch(() => '[]');
  return JSON.parse(text) as string[];
}

async function keepCorpus(target: Target, found: readonly string[]): Promise<void> {
  const seeds = new Set(target.seeds);
  const kept = [...new Set(found)].filter((input) => !seeds.has(input)).slice(0, MAX_KEPT);
  await writeFile(fileOf(target), `${JSON.stringify(kept, null, 2)}\n`);
}
