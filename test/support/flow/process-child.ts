import { looserThanRecommended } from '../../../src/email-token/policy.js';
import { retired } from '../../../src/internal/keys.js';
import { createTwoFactor } from '../../../src/two-factor/two-factor.js';
import { engineNamed } from '../engines/engines.js';
import { bareMail, testKey } from './flow.js';
import { type Order, type ProcessSettings, type Report } from './process.js';

/** The process that `startProcess` starts: makes the calls that it is told to, and reports. */
const { engine, name, keys } = JSON.parse(process.argv[2] ?? '') as ProcessSettings;
const store = (await engineNamed(engine).connect(name)).openStore();
const mails: { to: string; code: string }[] = [];
const twoFactor = createTwoFactor({
  store,
  keys: keys.map((number) => (number < 0 ? retired(testKey(-number)) : testKey(number))),
  issuer: 'Example Hosting',
  resendAfterSeconds: 0,
  limits: looserThanRecommended({ sendsPerHour: 60, sendsPerDay: 200 }),
  render: bareMail,
  send: ({ to, code }) => Promise.resolve(mails.push({ to, code })),
});

process.on('message', (order: Order) => {
  void perform(order);
});
// Without its parent it is of no use.
process.on('disconnect', () => process.exit());
report(null);

async function perform({ call, argument, at }: Order): Promise<void> {
  while (Date.now() < at) {
    // A timer is too coarse for a race.
  }
  report(await twoFactor[call](argument as never));
}

function report(answer: unknown): void {
  process.send?.({ answer, mails } satisfies Report);
}
