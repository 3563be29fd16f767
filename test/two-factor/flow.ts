import { generateTotp } from '../../src/otp/totp.js';
import { Secret } from '../../src/otp/secret.js';
import { memoryStore } from '../../src/store/memory-store.js';
import { outbox } from '../../src/testing/outbox.js';
import { testClock } from '../../src/testing/test-clock.js';
import type { TwoFactorEvent } from '../../src/two-factor/events.js';
import type { TwoFactorOptions } from '../../src/two-factor/settings.js';
import { createTwoFactor } from '../../src/two-factor/two-factor.js';

export const userId = '12345';
export const email = 'customer@example.com';
export const STEP = 30_000;

/** A flow on a memory store, with a phone, a mailbox and a clock. */
export function setUp(options: Partial<TwoFactorOptions> = {}): Flow {
  const clock = testClock();
  const mailbox = outbox();
  const events: TwoFactorEvent[] = [];
  const base: TwoFactorOptions = {
    store: memoryStore({ now: clock.now }),
    keys: [new Uint8Array(32).fill(7)],
    issuer: 'Example Hosting',
    send: mailbox.send,
    onEvent: (event) => events.push(event),
    now: clock.now,
    ...options,
  };
  return new Flow(base, { clock, mailbox, events });
}

interface Surroundings {
  readonly clock: ReturnType<typeof testClock>;
  readonly mailbox: ReturnType<typeof outbox>;
  readonly events: TwoFactorEvent[];
}

/** A customer's side of the flow. */
export class Flow {
  readonly twoFactor: ReturnType<typeof createTwoFactor>;
  /** What the customer's phone holds. */
  secret: Secret = Secret.generate();

  constructor(
    readonly options: TwoFactorOptions,
    readonly around: Surroundings,
  ) {
    this.twoFactor = createTwoFactor(options);
  }

  /** The same customer, store and clock at another process. */
  with(options: Partial<TwoFactorOptions>): Flow {
    const other = new Flow({ ...this.options, ...options }, this.around);
    other.secret = this.secret;
    return other;
  }

  /** What the app shows, so many steps from now. */
  appCode(steps = 0): string {
    return generateTotp(this.secret, { at: this.around.clock.now() + steps * STEP });
  }

  /** Six digits that the app shows at no time around now. */
  wrongCode(): string {
    const shown = Array.from({ length: 41 }, (_, index) => this.appCode(index - 20));
    const wrong = ['000000', '000001', '000002'].concat(
      Array.from({ length: 60 }, (_, i) => String(100_000 + i)),
    );
    return wrong.find((code) => !shown.includes(code)) ?? '';
  }

  /** Begins a login by mail, and reads the mail. */
  async mail(to: string | null = email): Promise<{ challenge: string; code: string }> {
    const begun = await this.twoFactor.begin({ userId, email: to });
    if (!begun.ok || begun.method !== 'email') throw new Error('no mail');
    return { challenge: begun.challenge, code: this.around.mailbox.mails.at(-1)?.code ?? '' };
  }

  /** Activates an app and steps on, so that its next code is a new one. */
  async activate(): Promise<readonly string[]> {
    const begun = await this.twoFactor.beginActivation({ userId, account: userId });
    if (!begun.ok) throw new Error(begun.reason);
    this.secret = begun.secret;
    const confirmed = await this.twoFactor.confirmActivation({ userId, code: this.appCode() });
    if (!confirmed.ok) throw new Error(confirmed.reason);
    this.around.clock.advance(STEP);
    return confirmed.recoveryCodes;
  }

  /** Completes a login with a code. */
  complete(code: unknown, challenge?: unknown): ReturnType<Flow['twoFactor']['complete']> {
    return this.twoFactor.complete({ userId, challenge, code });
  }
}
