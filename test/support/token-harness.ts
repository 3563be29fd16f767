import type { EmailTokens, IssueResult, TokenTarget } from '../../src/email-token/contract.js';
import { createEmailTokens } from '../../src/email-token/email-tokens.js';
import type { EmailTokenEvent } from '../../src/email-token/events.js';
import type { EmailTokensOptions, OutgoingMail, Render } from '../../src/email-token/settings.js';
import { memoryStore } from '../../src/store/memory-store.js';
import type { Store } from '../../src/store/store.js';
import { type TestClock, testClock } from '../../src/testing/test-clock.js';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export const login = { subject: 'customer-12345', purpose: 'login' };
export const address = 'customer@example.com';
export const key: Uint8Array = new Uint8Array(32).fill(7);

/** A token as the person who holds session and mail knows it. */
export interface IssuedToken {
  readonly challenge: string;
  readonly code: string;
  readonly expiresAt: Date;
  readonly resendAt: Date;
}

/** Email tokens, and all that can be seen of them from outside. */
export interface TokenHarness {
  readonly tokens: EmailTokens;
  /** The subject and purpose of this harness. */
  readonly login: TokenTarget;
  readonly store: Store;
  readonly clock: TestClock;
  readonly mails: readonly OutgoingMail[];
  readonly events: readonly EmailTokenEvent[];
  /** While it is down it rejects every mail. */
  readonly mailService: { isDown: boolean };
  /** Issues a token; throws if that is refused. */
  issue: (to?: string | null) => Promise<IssuedToken>;
}

/** Options of {@link createEmailTokens}, and what to put around the store in memory. */
export interface HarnessOptions extends Partial<EmailTokensOptions> {
  readonly wrapStore?: (store: Store) => Store;
  /** A clock that several harnesses share. */
  readonly clock?: TestClock;
  readonly subject?: string;
}

/** Email tokens on a store in memory with a clock that stands still, unless the options say otherwise. */
export function tokenHarness(harnessOptions: HarnessOptions = {}): TokenHarness {
  const { wrapStore = same, clock = testClock(), subject = login.subject, ...options } = harnessOptions;
  const mails: OutgoingMail[] = [];
  const events: EmailTokenEvent[] = [];
  const mailService = { isDown: false };
  const store = wrapStore(options.store ?? memoryStore({ now: clock.now }));
  const tokens = createEmailTokens({
    keys: [key],
    send: (mail) =>
      mailService.isDown ? Promise.reject(new Error('451 try later')) : Promise.resolve(mails.push(mail)),
    render: bareMessage,
    onEvent: (event) => events.push(event),
    now: clock.now,
    ...options,
    store,
  });
  const target = { ...login, subject };
  const issue = async (to: string | null = address): Promise<IssuedToken> => {
    const { challenge, expiresAt, resendAt } = granted(await tokens.issue({ ...target, to }));
    return { challenge, code: mails.at(-1)?.code ?? 'never mailed', expiresAt, resendAt };
  };
  return { tokens, store, clock, mails, events, mailService, issue, login: target };
}

/** A message without content: most tests look at the code itself. */
export const bareMessage: Render = () => ({ subject: '', text: '', html: '', headers: {} });

/** The success branch of an answer. */
export function granted(result: IssueResult): Extract<IssueResult, { ok: true }> {
  if (!result.ok) throw new Error(`no token: ${result.reason}`);
  return result;
}

/** A code that is not this one. */
export function wrongCode(code: string): string {
  return String((Number(code) + 1) % 10 ** code.length).padStart(code.length, '0');
}

/** So many parallel calls' answers. */
export function parallel<T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => call(index)));
}

function same(store: Store): Store {
  return store;
}
