import type { OutgoingMail, Render } from '../../../src/email-token/settings.js';
import { Secret } from '../../../src/otp/secret.js';
import { generateTotp } from '../../../src/otp/totp.js';
import { memoryStore } from '../../../src/store/memory-store.js';
import { type Outbox, outbox } from '../../../src/testing/outbox.js';
import { type TestClock, testClock } from '../../../src/testing/test-clock.js';
import type {
  ActivationRequest,
  BeginRequest,
  CompleteRequest,
} from '../../../src/two-factor/flow-requests.js';
import type {
  BeginResult,
  CompleteResult,
  ConfirmActivationResult,
  TwoFactorEvent,
} from '../../../src/two-factor/flow-results.js';
import type { TwoFactor } from '../../../src/two-factor/flow.js';
import type { TwoFactorOptions } from '../../../src/two-factor/options.js';
import { createTwoFactor } from '../../../src/two-factor/two-factor.js';
import { STEP } from './time.js';

export const userId = '12345';
export const email = 'customer@example.com';

/** Keys for tests, told apart by their number. */
export function testKey(number: number): Uint8Array {
  return new Uint8Array(32).fill(number);
}

/** What stands around a flow. */
export interface Surroundings {
  readonly clock: TestClock;
  readonly mailbox: Outbox;
  readonly events: TwoFactorEvent[];
}

type Begun<Method> = Extract<BeginResult, { ok: true; method: Method }>;

/** A login by mail that was begun. */
export interface MailLogin extends Begun<'email'> {
  /** The code in the newest mail. */
  readonly code: string;
}

/** A mail without content, for tests that look at its code alone: writing a real one takes longer than all the rest. */
export const bareMail: Render = () => ({ subject: '', text: '', html: '', headers: {} });

/** A flow on a memory store, with a phone, a mailbox and a clock. */
export function setUp(options: Partial<TwoFactorOptions> = {}): Flow {
  const clock = testClock();
  const mailbox = outbox();
  const events: TwoFactorEvent[] = [];
  const base: TwoFactorOptions = {
    store: memoryStore({ now: clock.now }),
    keys: [testKey(7)],
    issuer: 'Example Hosting',
    send: mailbox.send,
    onEvent: (event) => events.push(event),
    now: clock.now,
    ...options,
  };
  return new Flow(base, { clock, mailbox, events });
}

/** A flow whose customer has an app, and their recovery codes. */
export async function setUpWithApp(
  options: Partial<TwoFactorOptions> = {},
): Promise<{ flow: Flow; recovery: readonly string[] }> {
  const flow = setUp(options);
  return { flow, recovery: await flow.activate() };
}

/** A customer's side of the flow: what they type, and what they hold in their hands. */
export class Flow {
  readonly twoFactor: TwoFactor;
  /** What the customer's newest phone holds. */
  secret: Secret = Secret.generate();
  /** Every secret that a phone has scanned. */
  readonly scanned: Secret[] = [];
  readonly userId: string;

  constructor(
    readonly options: TwoFactorOptions,
    readonly around: Surroundings,
    customer: string = userId,
  ) {
    this.userId = customer;
    this.twoFactor = createTwoFactor(options);
  }

  get clock(): TestClock {
    return this.around.clock;
  }

  get mails(): readonly OutgoingMail[] {
    return this.around.mailbox.mails;
  }

  get events(): TwoFactorEvent[] {
    return this.around.events;
  }

  /** The names of the events so far. */
  get story(): string[] {
    return this.events.map(({ type }) => type);
  }

  /** The same customer, store and clock at another process. */
  with(options: Partial<TwoFactorOptions>): Flow {
    const other = new Flow({ ...this.options, ...options }, this.around, this.userId);
    other.secret = this.secret;
    return other;
  }

  /** Another customer at the same process. */
  customer(id: string): Flow {
    return new Flow(this.options, this.around, id);
  }

  /** What the app shows, so many steps from now. */
  appCode(steps = 0, secret = this.secret): string {
    return generateTotp(secret, { at: this.clock.now() + steps * STEP });
  }

  /** Six digits that neither the app nor a mail has shown anywhere near. */
  wrongCode(): string {
    const shown = Array.from({ length: 51 }, (_, index) => this.appCode(index - 25));
    const right = new Set([...shown, ...this.mails.map(({ code }) => code)]);
    const codes = Array.from({ length: 200 }, (_, index) => String(index).padStart(6, '0'));
    return codes.find((code) => !right.has(code)) ?? '';
  }

  begin(request: Partial<BeginRequest> = {}): Promise<BeginResult> {
    return this.twoFactor.begin({ userId: this.userId, email, ...request });
  }

  /** Begins a login that asks for a code, and resolves to its challenge. */
  async challenge(request: Partial<BeginRequest> = {}): Promise<string> {
    const begun = await this.begin(request);
    if (begun.ok && 'challenge' in begun) return begun.challenge;
    throw new Error(`no challenge: ${begun.ok ? begun.method : begun.reason}`);
  }

  /** Begins a login by mail, and reads the newest mail. */
  async mail(request: Partial<BeginRequest> = {}): Promise<MailLogin> {
    const begun = await this.begin(request);
    if (!begun.ok || begun.method !== 'email') {
      throw new Error(`no mail: ${begun.ok ? begun.method : begun.reason}`);
    }
    return { ...begun, code: this.mails.at(-1)?.code ?? 'no mail was sent' };
  }

  complete(code: unknown, request: Partial<CompleteRequest> = {}): Promise<CompleteResult> {
    return this.twoFactor.complete({ userId: this.userId, challenge: undefined, code, ...request });
  }

  /** Begins a login, and completes it with a code. */
  async logIn(
    code: unknown,
    request: Partial<Omit<CompleteRequest, 'challenge'>> = {},
  ): Promise<CompleteResult> {
    const { purpose, browser } = request;
    const challenge = await this.challenge({ purpose, browser });
    return this.complete(code, { challenge, ...request });
  }

  /** Begins a login by mail, and completes it with the code in the mail. */
  async logInByMail(request: Partial<Omit<CompleteRequest, 'challenge'>> = {}): Promise<CompleteResult> {
    const { purpose, browser } = request;
    const { challenge, code } = await this.mail({ purpose, browser });
    return this.complete(code, { challenge, ...request });
  }

  /** Logs in by the app, steps on, and resolves to the cookie. */
  async cookie(request: Partial<CompleteRequest> = {}): Promise<string> {
    const done = await this.logIn(this.appCode(), request);
    this.clock.advance(STEP);
    return cookieOf(done);
  }

  /** Shows a QR code, and has the phone scan it. */
  async scan(request: Partial<ActivationRequest> = {}): Promise<Secret> {
    const begun = await this.twoFactor.beginActivation({
      userId: this.userId,
      account: this.userId,
      ...request,
    });
    if (!begun.ok) throw new Error(begun.reason);
    this.secret = begun.secret;
    this.scanned.push(begun.secret);
    return begun.secret;
  }

  confirm(code: unknown = this.appCode(), proof?: unknown): Promise<ConfirmActivationResult> {
    return this.twoFactor.confirmActivation({ userId: this.userId, code, proof });
  }

  /** Activates the first app, and steps on, so that its next code is a fresh one. */
  async activate(request: Partial<ActivationRequest> = {}): Promise<readonly string[]> {
    await this.scan(request);
    const confirmed = await this.confirm();
    this.clock.advance(STEP);
    return yes(confirmed).recoveryCodes ?? [];
  }

  /** Activates another app, with a recovery code or a code of an app there is. */
  async activateWith(proof: unknown, request: Partial<ActivationRequest> = {}): Promise<string> {
    await this.scan(request);
    const confirmed = await this.confirm(this.appCode(), proof);
    this.clock.advance(STEP);
    return yes(confirmed).app;
  }
}

/** The success branch of an answer. */
export function yes<Answer extends { readonly ok: boolean }>(answer: Answer): Extract<Answer, { ok: true }> {
  if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer)}`);
  return answer as Extract<Answer, { ok: true }>;
}

/** The cookie that a login was answered with. */
export function cookieOf(answer: CompleteResult): string {
  const { browser } = yes(answer);
  if (browser === undefined) throw new Error('no cookie');
  return browser.value;
}

/** So many calls at once. */
export function parallel<T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => call(index)));
}

/** How many answers are a yes. */
export function successes(answers: readonly { readonly ok: boolean }[]): number {
  return answers.filter(({ ok }) => ok).length;
}

/** Makes a call so many times, one after the other. */
export async function repeat<T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> {
  const answers: T[] = [];
  for (let index = 0; index < count; index++) answers.push(await call(index));
  return answers;
}
