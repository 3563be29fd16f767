import { createEmailTokens } from '../../../src/email-token/email-tokens.js';
import type { Store } from '../../../src/store/store.js';
import { engineNamed } from '../engines/engines.js';
import type { RedeemOrder, RedeemReport, Stall } from './redeemer.js';

/** The process that `startRedeemer` starts: redeems what it is told to, and reports. */
const [engine, name, stall] = process.argv.slice(2) as [string, string, Stall];
const store = (await engineNamed(engine).connect(name)).openStore();
const tokens = createEmailTokens({
  store: stalling(store),
  keys: new Uint8Array(32).fill(7),
  send: () => Promise.resolve(),
});

process.on('message', (order: RedeemOrder) => {
  void redeem(order);
});
// Without its parent it is of no use.
process.on('disconnect', () => process.exit());
// The first answer costs a connection: a race is about the second.
await store.read('warm-up');
report({ type: 'ready' });

async function redeem({ request, at }: RedeemOrder): Promise<void> {
  while (Date.now() < at) {
    // A timer is too coarse for a race.
  }
  report({ type: 'answer', answer: await tokens.redeem(request) });
}

function stalling(inner: Store): Store {
  return {
    read: (key) => inner.read(key),
    write: async (key, next, expected) => {
      if (stall === 'before the write') await stop();
      const written = await inner.write(key, next, expected);
      if (stall === 'after the write') await stop();
      return written;
    },
  };
}

function stop(): Promise<never> {
  report({ type: 'stalled' });
  return new Promise(() => undefined);
}

function report(message: RedeemReport): void {
  process.send?.(message);
}
