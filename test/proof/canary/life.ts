/** A life of one customer in which every public act is called, whatever fails: nothing stops it. */
import { createEmailTokens } from '../../../src/email-token/email-tokens.js';
import type { EmailTokenEvent } from '../../../src/email-token/contract.js';
import { Secret } from '../../../src/otp/secret.js';
import type { Store } from '../../../src/store/store.js';
import type { TwoFactorEvent } from '../../../src/two-factor/flow-results.js';
import { renderNotice } from '../../../src/two-factor/notices.js';
import { Flow, repeat, setUp } from '../../support/flow/flow.js';
import { DAY, MINUTE, STEP } from '../../support/flow/time.js';
import type { Canary } from './needles.js';

/** Where something could leak. */
export type Channel = 'printed' | 'thrown' | 'event' | 'result' | 'stored' | 'mailed' | 'notice';

/** Everything that came out of a life, and all that it must not hold. */
export interface Life {
  readonly canaries: readonly Canary[];
  readonly outputs: readonly { readonly channel: Channel; readonly value: unknown }[];
  /** How often each act was called, and how many of the calls were answered with an error. */
  readonly acts: ReadonlyMap<string, number>;
  readonly errors: number;
}

/** A fault that is planted in the surroundings of a life, to see that the search finds it. */
export type Leak = (life: {
  readonly put: (channel: Channel, value: unknown) => void;
  readonly flow: Flow;
}) => void;

/** What a life is lived with. */
export interface Surroundings {
  readonly store: Store;
  readonly now?: () => number;
  /** How many of the first sends the mail service refuses, each time repeating the mail in its error. */
  readonly refusals?: number;
  readonly leak?: Leak;
}

export const canaryUserId = 'canary-user-5d0c7f';
export const canaryAddress = 'canary.address@canary-mail.example';

/** The key of the lives: bytes that look like nothing else. */
export const canaryKey: Uint8Array = Uint8Array.from({ length: 32 }, (_, index) => (index * 89 + 41) % 251);

/** Lives the life. */
export async function live(surroundings: Surroundings): Promise<Life> {
  const life = new CanaryLife(surroundings);
  const restore = life.listen();
  try {
    await life.logInsByMail();
    await life.tokens();
    await life.apps();
    await life.operator();
  } finally {
    restore();
  }
  return life.result();
}

class CanaryLife {
  readonly #flow: Flow;
  readonly #mailTokens: ReturnType<typeof createEmailTokens>;
  readonly #canaries: Canary[] = [
    { kind: 'key', value: canaryKey },
    { kind: 'address', value: canaryAddress },
    { kind: 'user id', value: canaryUserId },
  ];
  readonly #outputs: { channel: Channel; value: unknown }[] = [];
  readonly #acts = new Map<string, number>();
  readonly #leak: Leak | undefined;
  #errors = 0;
  #refusals: number;
  #recoveryCodes: readonly string[] = [];
  #cookie: string | undefined;

  constructor({ store, refusals = 0, leak }: Surroundings) {
    this.#refusals = refusals;
    this.#leak = leak;
    const shared = { store: this.#recording(store), keys: [canaryKey], digits: 8 as const, send: this.#send };
    const base = setUp({
      ...shared,
      maxApps: 2,
      browsers: { rememberSeconds: 86_400 },
      onEvent: (event) => {
        this.#heard(event);
      },
    });
    this.#flow = new Flow(base.options, base.around, canaryUserId);
    this.#mailTokens = createEmailTokens({
      ...shared,
      appName: 'Example',
      now: base.clock.now,
      onEvent: (event: EmailTokenEvent) => {
        this.#put('event', withoutUser(event));
      },
    });
  }

  /** Takes what is printed for as long as the life goes on. */
  listen(): () => void {
    const streams = [process.stdout, process.stderr];
    const writes = streams.map((stream) => stream.write.bind(stream));
    for (const stream of streams) {
      stream.write = (chunk: string | Uint8Array): boolean => {
        this.#put('printed', String(chunk));
        return true;
      };
    }
    return () => {
      for (const [index, stream] of streams.entries()) Object.assign(stream, { write: writes[index] });
    };
  }

  result(): Life {
    return { canaries: this.#canaries, outputs: this.#outputs, acts: this.#acts, errors: this.#errors };
  }

  async logInsByMail(): Promise<void> {
    const { clock } = this.#flow;
    await this.#begin();
    await this.#begin();
    clock.advance(2 * MINUTE);
    const challenge = await this.#begin();
    await this.#complete('00000000', challenge);
    await this.#complete(this.#mailedCode(), challenge);
    await this.#complete(this.#mailedCode(), challenge);
    await this.#begin();
    clock.advance(2 * MINUTE);
    await this.#begin('step-up');
    await this.#act('begin', () => this.#flow.begin({ email: null }));
    clock.advance(DAY);
    await repeat(5, async () => {
      clock.advance(30 * MINUTE);
      await this.#complete('00000000', await this.#begin());
    });
    clock.advance(DAY);
  }

  async tokens(): Promise<void> {
    const target = { subject: canaryUserId, purpose: 'new address' };
    const ask = async (to: string | null): Promise<string> => {
      const answer = await this.#act('issue', () => this.#mailTokens.issue({ ...target, to }));
      return answer?.ok === true ? this.#keep('ticket', answer.challenge) : '';
    };
    const challenge = await ask(canaryAddress);
    await ask(null);
    const redeem = (code: string): Promise<unknown> =>
      this.#act('redeem', () => this.#mailTokens.redeem({ ...target, challenge, code }));
    await redeem('00000000');
    await redeem(this.#mailedCode());
    await redeem(this.#mailedCode());
    await this.#act('revoke a token', () => this.#mailTokens.revoke(target));
    await this.#act('unlock a token', () => this.#mailTokens.unlock(target));
    await this.#act('erase a token', () => this.#mailTokens.erase(target));
  }

  async apps(): Promise<void> {
    const { clock, twoFactor } = this.#flow;
    await this.#activate();
    for (const code of [
      '000000',
      this.#appCode(),
      this.#appCode(),
      this.#recoveryCodes[0],
      'ACDEF'.repeat(5),
    ]) {
      await this.#complete(code ?? '', await this.#begin());
    }
    clock.advance(STEP);
    await this.#activate(this.#recoveryCodes[1]);
    const renew = (): Promise<unknown> => this.#renew();
    await renew();
    clock.advance(STEP);
    const secret = this.#keepSecret(Secret.generate());
    await this.#act('adopt', () => twoFactor.adopt({ userId: canaryUserId, secret, recoveryCodes: true }));
    this.#leak?.({ flow: this.#flow, put: this.#put });
    const deactivate = (code: string | undefined): Promise<unknown> =>
      this.#act('deactivate', () => twoFactor.deactivate({ userId: canaryUserId, code, app: 'all' }));
    await deactivate('000000');
    await deactivate(this.#appCode());
    clock.advance(STEP);
    await this.#activate(this.#appCode());
  }

  async operator(): Promise<void> {
    const { twoFactor } = this.#flow;
    await this.#act('status', () => twoFactor.status(canaryUserId));
    const { attempt } = this.#wrongCalls();
    await attempt();
    await this.#act('forgetBrowsers', () =>
      twoFactor.forgetBrowsers({ userId: canaryUserId, browser: this.#cookie }),
    );
    await this.#act('revoke', () => twoFactor.revoke(canaryUserId));
    await this.#act('unlock', () => twoFactor.unlock(canaryUserId));
    await this.#act('erase', () => twoFactor.erase(canaryUserId));
  }

  /** Calls that pass a secret in the wrong place. */
  #wrongCalls(): { attempt: () => Promise<void> } {
    const { twoFactor, secret } = this.#flow;
    const [code = ''] = this.#recoveryCodes;
    const calls: (() => Promise<unknown>)[] = [
      () => twoFactor.adopt({ userId: canaryUserId, secret: secret.toBase32() as never }),
      () => twoFactor.beginActivation({ userId: canaryUserId, account: `${secret.toBase32()}:` }),
      () => twoFactor.complete({ userId: canaryUserId, challenge: '', code, [code]: code }),
      () => twoFactor.begin({ userId: canaryUserId, email: `${code}@x,${code}@y` }),
      () => twoFactor.deactivate({ userId: canaryUserId, code, app: secret.toBytes() as never }),
    ];
    return {
      attempt: async () => {
        for (const call of calls) await this.#act('a wrong call', call);
      },
    };
  }

  async #begin(purpose?: string): Promise<string> {
    const begun = await this.#act('begin', () =>
      this.#flow.begin({ email: canaryAddress, purpose, browser: this.#cookie }),
    );
    return begun?.ok === true && 'challenge' in begun ? this.#keep('ticket', begun.challenge) : '';
  }

  async #complete(code: string, challenge: string): Promise<void> {
    const request = { challenge, browser: this.#cookie, remember: true };
    const done = await this.#act('complete', () => this.#flow.complete(code, request));
    if (done?.ok !== true) return;
    if (done.browser !== undefined) this.#cookie = this.#keep('cookie', done.browser.value);
    if (done.proof !== undefined) this.#keep('ticket', done.proof);
  }

  async #activate(proof?: string): Promise<void> {
    const { twoFactor, clock } = this.#flow;
    const begun = await this.#act('beginActivation', () =>
      twoFactor.beginActivation({ userId: canaryUserId, account: 'account' }),
    );
    if (begun?.ok !== true) return;
    this.#flow.secret = this.#keepSecret(begun.secret);
    this.#keep('uri', begun.uri);
    const confirmed = await this.#act('confirmActivation', () => this.#flow.confirm(this.#appCode(), proof));
    if (confirmed?.ok === true) this.#keepRecoveryCodes(confirmed.recoveryCodes);
    clock.advance(STEP);
  }

  async #renew(): Promise<void> {
    const { twoFactor } = this.#flow;
    const renewed = await this.#act('renewRecoveryCodes', () =>
      twoFactor.renewRecoveryCodes({ userId: canaryUserId, code: this.#appCode() }),
    );
    if (renewed?.ok === true) this.#keepRecoveryCodes(renewed.recoveryCodes);
  }

  /** Makes a call, and keeps what it answers or throws. */
  async #act<T>(name: string, call: () => Promise<T>): Promise<T | undefined> {
    this.#acts.set(name, (this.#acts.get(name) ?? 0) + 1);
    try {
      const answer = await call();
      this.#put('result', withoutGifts(answer));
      return answer;
    } catch (error) {
      this.#errors++;
      this.#put('thrown', error);
      return undefined;
    }
  }

  readonly #put = (channel: Channel, value: unknown): void => {
    this.#outputs.push({ channel, value });
  };

  #heard(event: TwoFactorEvent): void {
    this.#put('event', withoutUser(event));
    for (const locale of ['en', 'de'])
      this.#put('notice', renderNotice(event, { appName: 'Example', locale }));
  }

  #keep(kind: Canary['kind'], value: string): string {
    this.#canaries.push({ kind, value });
    return value;
  }

  #keepSecret(secret: Secret): Secret {
    this.#canaries.push(
      { kind: 'secret', value: secret.toBytes() },
      { kind: 'secret', value: secret.toBase32() },
    );
    return secret;
  }

  #keepRecoveryCodes(codes: readonly string[] | null): void {
    this.#recoveryCodes = codes ?? this.#recoveryCodes;
    for (const code of codes ?? []) this.#keep('recovery code', code);
  }

  #appCode(): string {
    return this.#keep('app code', this.#flow.appCode());
  }

  #mailedCode(): string {
    return this.#flow.mails.at(-1)?.code ?? '';
  }

  readonly #send = async (mail: Parameters<Flow['around']['mailbox']['send']>[0]): Promise<void> => {
    this.#keep('mailed code', mail.code);
    const { code, message, purpose, expiresAt } = mail;
    const rest = { purpose, expiresAt };
    // A mail is there for its code and goes to its address; the subject stands on locked screens, and in logs.
    this.#put('mailed', {
      ...rest,
      text: message.text.replaceAll(code, ''),
      html: message.html.replaceAll(code, ''),
    });
    this.#put('notice', message.subject);
    if (this.#refusals-- > 0) {
      throw Object.assign(new Error(`550 refused: ${code}`), { response: mail, cause: mail });
    }
    await this.#flow.around.mailbox.send(mail);
  };

  /** Passes calls on to a store, and keeps the keys and values that it is given. */
  #recording(store: Store): Store {
    return {
      read: (key) => {
        this.#put('stored', key);
        return store.read(key);
      },
      write: (key, next, expected) => {
        this.#put('stored', { key, next, expected });
        return store.write(key, next, expected);
      },
    };
  }
}

/** What an act is there to hand out is no leak: everything beside it would be. */
function withoutGifts(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null) return answer;
  const gifts = new Set([
    'challenge',
    'proof',
    'secret',
    'uri',
    'recoveryCodes',
    'to',
    'userId',
    'subject',
    'browser',
  ]);
  return Object.fromEntries(Object.entries(answer).filter(([name]) => !gifts.has(name)));
}

/** Events are about a customer, and name them. */
function withoutUser(event: object): object {
  return Object.fromEntries(
    Object.entries(event).filter(([name]) => name !== 'userId' && name !== 'subject'),
  );
}
