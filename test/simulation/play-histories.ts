import { playHistory, type Violation } from './history.js';

/** What a swarm of histories came to. */
export interface SwarmResult {
  readonly acts: number;
  readonly logins: number;
  readonly errors: number;
  readonly violations: readonly Violation[];
}

/** Plays the histories of consecutive seeds. */
export async function playHistories({ from, count }: { from: number; count: number }): Promise<SwarmResult> {
  const total = { acts: 0, logins: 0, errors: 0 };
  const violations: Violation[] = [];
  for (let seed = from; seed < from + count; seed++) {
    const { acts, logins, errors, violation } = await playHistory(seed);
    total.acts += acts;
    total.logins += logins;
    total.errors += errors;
    if (violation !== null) violations.push(violation);
  }
  return { ...total, violations };
}
