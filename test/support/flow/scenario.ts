/** A life of one customer in which every call of the flow is made, and all that must not be seen. */
import { Secret } from '../../../src/otp/secret.js';
import type { TwoFactorOptions } from '../../../src/two-factor/options.js';
import { cookieOf, email, type Flow, repeat, setUp, testKey, yes } from './flow.js';
import { DAY, MINUTE, STEP } from './time.js';

/** What went through the customer's hands. */
export interface Secrets {
  readonly mailCodes: readonly string[];
  readonly appCodes: readonly string[];
  readonly recoveryCodes: readonly string[];
  readonly cookies: readonly string[];
  /** Challenges and proofs. */
  readonly tickets: readonly string[];
  readonly secrets: readonly Secret[];
  readonly uris: readonly string[];
  readonly addresses: readonly string[];
}

/** Another address of the customer. */
export const secondEmail = 'private@example.org';

/** Options with which the scenario reaches everything. */
export const scenarioOptions: Partial<TwoFactorOptions> = {
  maxApps: 2,
  browsers: { rememberSeconds: 86_400 },
  limits: { maxFailures: 12 },
};

/** Plays the scenario at a flow that was set up with {@link scenarioOptions}. */
export async function playScenario(flow: Flow): Promise<Secrets> {
  const play = new Scenario(flow);
  await play.logInsByMail();
  await play.siege();
  await play.activation();
  await play.logInsByApp();
  await play.changes();
  return play.secrets;
}

/** A flow for the scenario. */
export function setUpScenario(options: Partial<TwoFactorOptions> = {}): Flow {
  return setUp({ ...scenarioOptions, ...options });
}

class Scenario {
  readonly #flow: Flow;
  readonly #appCodes: string[] = [];
  readonly #recoveryCodes: string[] = [];
  readonly #cookies: string[] = [];
  readonly #tickets: string[] = [];
  readonly #secrets: Secret[] = [];
  readonly #uris: string[] = [];

  constructor(flow: Flow) {
    this.#flow = flow;
  }

  get secrets(): Secrets {
    return {
      mailCodes: this.#flow.mails.map(({ code }) => code),
      appCodes: this.#appCodes,
      recoveryCodes: this.#recoveryCodes,
      cookies: this.#cookies,
      tickets: this.#tickets,
      secrets: this.#secrets,
      uris: this.#uris,
      addresses: [email, secondEmail],
    };
  }

  /** Joining, mailing again, replacing, another purpose and address, an unknown customer, a mail that is refused. */
  async logInsByMail(): Promise<void> {
    const flow = this.#flow;
    await this.#begin();
    await this.#begin();
    flow.clock.advance(MINUTE);
    await this.#begin();
    flow.clock.advance(11 * MINUTE);
    const challenge = await this.#begin();
    await flow.complete(flow.wrongCode(), { challenge });
    await flow.complete(flow.mails[0]?.code, { challenge });
    this.#keep(await flow.complete(flow.mails.at(-1)?.code, { challenge, remember: true }));
    await flow.begin({ browser: this.#cookies.at(-1) });
    await flow.complete('123456', { challenge: await flow.challenge({ email: null }) });
    flow.clock.advance(MINUTE);
    const stepUp = await this.#begin({ purpose: 'step-up', email: secondEmail });
    await flow.complete(flow.mails.at(-1)?.code, { challenge: stepUp, purpose: 'step-up' });
    flow.clock.advance(MINUTE);
    flow.around.mailbox.refuseNext();
    await flow.begin().catch(() => undefined);
    await this.#begin({ browser: this.#cookies[0], purpose: 'own mail' });
    flow.clock.advance(20 * MINUTE);
    await this.#begin();
    await flow.twoFactor.revoke(flow.userId);
  }

  /** A stranger locks the account, and the customer gets in with the long code. */
  async siege(): Promise<void> {
    const flow = this.#flow;
    for (let guess = 0; guess < 60; guess++) {
      const begun = await flow.begin();
      if (begun.ok && 'long' in begun) break;
      const challenge = begun.ok && 'challenge' in begun ? begun.challenge : '';
      const answer = await flow.complete(flow.wrongCode(), { challenge });
      const retryAt = answer.ok ? undefined : answer.retryAt;
      flow.clock.set(Math.max(retryAt?.getTime() ?? 0, flow.clock.now() + MINUTE));
    }
    const challenge = await this.#begin();
    await flow.complete('AAAAA-AAAAA-AAAAA-AAAAA-AAAAA', { challenge });
    this.#keep(await flow.complete(flow.mails.at(-1)?.code, { challenge }));
    await flow.twoFactor.unlock(flow.userId);
    flow.clock.advance(DAY);
  }

  /** Three pending secrets, a wrong code, and the right one. */
  async activation(): Promise<void> {
    const flow = this.#flow;
    await this.#begin();
    await repeat(3, () => this.#scan());
    await flow.confirm(flow.wrongCode());
    await this.#confirm();
  }

  /** Right, wrong and used codes of app and paper, from browsers known and not. */
  async logInsByApp(): Promise<void> {
    const flow = this.#flow;
    for (const browser of [undefined, this.#cookies[0], this.#cookies[1]]) {
      const code = this.#appCode();
      this.#keep(await flow.logIn(code, { browser, remember: true }));
      await flow.logIn(code, { purpose: 'again' });
      await flow.logIn(flow.wrongCode(), { browser, purpose: 'wrong' });
      flow.clock.advance(STEP);
    }
    this.#tickets.push(await flow.challenge());
    this.#keep(await flow.logIn(this.#recoveryCodes[0]));
    await flow.logIn(this.#recoveryCodes[0]);
    await repeat(5, () => flow.logIn(flow.wrongCode()));
    await flow.logIn(this.#appCode());
    await flow.twoFactor.unlock(flow.userId);
  }

  /** A second app, renewal, adoption, deactivation, other keys, forgetting and erasing. */
  async changes(): Promise<void> {
    const flow = this.#flow;
    const { userId } = flow;
    await this.#scan();
    await this.#confirm('000000');
    await this.#confirm(this.#recoveryCodes[1]);
    const renewed = yes(await flow.twoFactor.renewRecoveryCodes({ userId, code: this.#appCode() }));
    this.#recoveryCodes.push(...renewed.recoveryCodes);
    flow.clock.advance(STEP);
    const rotated = flow.with({ keys: [testKey(8), ...[flow.options.keys].flat().filter(isBytes)] });
    await rotated.logIn(this.#appCode());
    flow.clock.advance(STEP);
    const [app] = (await flow.twoFactor.status(userId)).apps;
    await rotated.twoFactor.deactivate({ userId, code: this.#appCode(), app: app?.id });
    const secret = Secret.generate();
    this.#secrets.push(secret);
    await rotated.twoFactor.adopt({ userId, secret, digits: 8, recoveryCodes: false });
    await flow.twoFactor.forgetBrowsers({ userId, browser: this.#cookies.at(-1) });
    await flow.twoFactor.forgetBrowsers({ userId });
    flow.clock.advance(STEP);
    await rotated.twoFactor.deactivate({ userId, code: renewed.recoveryCodes[0], app: 'all' });
    flow.clock.advance(MINUTE);
    await this.#begin();
    await flow.twoFactor.erase(userId);
  }

  async #begin(request: Parameters<Flow['begin']>[0] = {}): Promise<string> {
    const challenge = await this.#flow.challenge(request);
    this.#tickets.push(challenge);
    return challenge;
  }

  #keep(answer: Awaited<ReturnType<Flow['complete']>>): void {
    this.#cookies.push(cookieOf(answer));
    if (answer.ok && answer.proof !== undefined) this.#tickets.push(answer.proof);
  }

  async #scan(): Promise<void> {
    const { userId } = this.#flow;
    const begun = yes(await this.#flow.twoFactor.beginActivation({ userId, account: userId }));
    this.#flow.secret = begun.secret;
    this.#secrets.push(begun.secret);
    this.#uris.push(begun.uri);
  }

  async #confirm(proof?: unknown): Promise<void> {
    const confirmed = await this.#flow.confirm(this.#appCode(), proof);
    if (confirmed.ok) this.#recoveryCodes.push(...(confirmed.recoveryCodes ?? []));
    this.#flow.clock.advance(STEP);
  }

  #appCode(): string {
    const code = this.#flow.appCode();
    this.#appCodes.push(code);
    return code;
  }
}

function isBytes(key: unknown): key is Uint8Array {
  return key instanceof Uint8Array;
}
