/** How long calls took: counted in steps of a tenth, so that any number of calls takes the same memory. */
export class Latencies {
  private total: number;

  /** @param counts - how many calls each step has had already, as another process counted them */
  constructor(readonly counts: number[] = []) {
    this.total = counts.reduce((sum, count) => sum + count, 0);
  }

  /** Notes a call that took so many milliseconds. */
  add(ms: number): void {
    const step = Math.max(0, Math.ceil(Math.log(ms / LEAST_MS) / Math.log(STEP)));
    this.counts[step] = (this.counts[step] ?? 0) + 1;
    this.total++;
  }

  get calls(): number {
    return this.total;
  }

  /** The time within which a share of the calls was answered, in ms. */
  within(share: number): number {
    let sum = 0;
    for (const { ms, count } of this.steps()) {
      sum += count;
      if (sum >= share * this.total) return ms;
    }
    return 0;
  }

  /** For each step the upper end in ms, and the share of calls that were answered by then. */
  shares(): readonly { readonly ms: number; readonly share: number }[] {
    let sum = 0;
    return this.steps().map(({ ms, count }) => ({ ms, share: (sum += count) / this.total }));
  }

  private steps(): readonly { readonly ms: number; readonly count: number }[] {
    return Array.from(this.counts, (count: number | undefined, step) => ({
      ms: LEAST_MS * STEP ** step,
      count: count ?? 0,
    }));
  }
}

const LEAST_MS = 0.01;
const STEP = 1.1;
