import type { Seeded } from '../support/faults/seeded.js';

/**
 * An event loop in which the seed decides what happens next: the timers, the random bytes and WebCrypto of this process
 * are replaced for as long as a history is played, so that it can be played again.
 */
export class EventLoop {
  private readonly pending: (() => void)[] = [];
  private inFlight = 0;

  constructor(private readonly random: Seeded) {}

  /** Resolves when the seed picks this event. */
  turn(): Promise<void> {
    return new Promise((resolve) => this.pending.push(resolve));
  }

  /** Plays until a promise settles, or nothing is left that could settle it. */
  async playUntilSettled(promise: Promise<unknown>): Promise<void> {
    const state = { isSettled: false };
    const settle = (): void => {
      state.isSettled = true;
    };
    promise.then(settle, settle);
    for (;;) {
      await this.quiet();
      if (state.isSettled) return;
      const [event] = this.pending.splice(this.random.below(this.pending.length), 1);
      if (event === undefined) return;
      event();
    }
  }

  /** Runs a history with everything replaced that would make it differ from run to run. */
  async inside<T>(play: () => Promise<T>): Promise<T> {
    const { setTimeout: realTimeout, clearTimeout: realClear } = globalThis;
    const realRandom = Math.random;
    const { crypto } = globalThis;
    const realValues = crypto.getRandomValues.bind(crypto);
    const subtle = crypto.subtle;
    const real = {
      encrypt: subtle.encrypt.bind(subtle),
      decrypt: subtle.decrypt.bind(subtle),
      importKey: subtle.importKey.bind(subtle),
    };
    const cancelled = new Set<object>();
    const timeout = (act: () => void): object => {
      const handle = {};
      void this.turn().then(() => {
        if (!cancelled.has(handle)) act();
      });
      return handle;
    };
    // A deadline of seconds must not end before an answer that takes none: only short timers, which back off, run.
    const patchedTimeout = (act: () => void, ms = 0): object => (ms < SECOND ? timeout(act) : {});
    Object.assign(globalThis, {
      setTimeout: patchedTimeout,
      clearTimeout: (handle: object) => cancelled.add(handle),
    });
    Math.random = () => this.random.next();
    crypto.getRandomValues = <Bytes extends ArrayBufferView | null>(bytes: Bytes): Bytes => this.fill(bytes);
    Object.assign(subtle, {
      encrypt: this.tracked(real.encrypt),
      decrypt: this.tracked(real.decrypt),
      importKey: this.tracked(real.importKey as (...args: unknown[]) => Promise<unknown>),
    });
    try {
      return await play();
    } finally {
      Object.assign(globalThis, { setTimeout: realTimeout, clearTimeout: realClear });
      Math.random = realRandom;
      crypto.getRandomValues = realValues;
      for (const name of ['encrypt', 'decrypt', 'importKey'] as const) Reflect.deleteProperty(subtle, name);
    }
  }

  /** Waits until nothing runs but what waits for its turn: WebCrypto computes on other threads. */
  private async quiet(): Promise<void> {
    do await new Promise((resolve) => setImmediate(resolve));
    while (this.inFlight > 0);
  }

  /** The result is heard when the seed picks it, however long the computation took. */
  private tracked(real: (...args: never[]) => Promise<unknown>): (...args: never[]) => Promise<unknown> {
    return async (...args) => {
      const turn = this.turn();
      this.inFlight++;
      const result = real(...args);
      const done = (): void => {
        this.inFlight--;
      };
      result.then(done, done);
      await turn;
      return result;
    };
  }

  private fill<Bytes extends ArrayBufferView | null>(bytes: Bytes): Bytes {
    if (bytes instanceof Uint8Array) for (let i = 0; i < bytes.length; i++) bytes[i] = this.random.below(256);
    return bytes;
  }
}

const SECOND = 1000;
