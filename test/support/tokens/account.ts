import {
  freePlace,
  type IssueOutcome,
  issueToken,
  type MailFate,
  settleMail,
  withSentAt,
} from '../../../src/email-token/issue-token.js';
import {
  formatLetters,
  mailedCodes,
  type MailedCodes,
  readTypedCode,
} from '../../../src/email-token/challenge.js';
import {
  type PolicyOptions,
  resolvePolicy,
  type SendTimeout,
  type TokenPolicy,
} from '../../../src/email-token/policy.js';
import { redeemToken, type RedeemOutcome } from '../../../src/email-token/redeem-token.js';
import {
  asOfNow,
  emptyTokenState,
  revokeTokens,
  type TokenContext,
  type TokenState,
  unlockTokens,
  withoutExpired,
} from '../../../src/email-token/token-state.js';
import { readKeys } from '../../../src/internal/keys.js';
import type { Digits } from '../../../src/otp/parameters.js';
import { address, key, START } from './harness.js';

/** What a person asks for, and what becomes of the mail; null if it is never heard of again. */
export interface AskOptions {
  readonly purpose?: string;
  readonly to?: string | null;
  readonly fate?: MailFate | null;
  readonly id?: string;
}

/** A request that was granted. */
export type GrantedOutcome = Extract<IssueOutcome, { ok: true }>;

/** Options of {@link account}. */
export interface AccountOptions extends PolicyOptions, SendTimeout {
  readonly keys?: readonly Uint8Array[];
  readonly digits?: Digits;
}

/** One account on the pure transitions: no store, no promise, and a clock that is set by hand. */
export interface Account {
  state: TokenState;
  now: number;
  readonly policy: TokenPolicy;
  readonly codes: MailedCodes;
  readonly context: () => TokenContext;
  readonly advance: (ms: number) => void;
  /** Asks for a mail, and settles it as the caller of the transitions does. */
  readonly ask: (options?: AskOptions) => IssueOutcome;
  /** Asks for a mail; throws if that is refused. */
  readonly grant: (options?: AskOptions) => GrantedOutcome;
  /** Settles a mail that was not settled. */
  readonly settle: (outcome: IssueOutcome, fate: MailFate) => void;
  /** The code in the mail of a request, or of the token there is. */
  readonly codeIn: (outcome: IssueOutcome) => string;
  readonly type: (
    code: string,
    options?: { purpose?: string; ticketAt?: number; isExempt?: boolean },
  ) => RedeemOutcome;
  /** The answer to a code in one word. */
  readonly answer: (code: string, options?: Parameters<Account['type']>[1]) => string;
  readonly revoke: () => void;
  readonly unlock: () => void;
}

/** An account of which nothing is known yet. */
export function account({ keys = [key], digits = 6, ...policyOptions }: AccountOptions = {}): Account {
  const policy = resolvePolicy(policyOptions);
  const codes = mailedCodes(readKeys(keys), digits)('customer-12345');
  let ids = 0;
  const context = (): TokenContext => ({ now: self.now, policy, codes });
  const change = (transition: (state: TokenState) => TokenState): void => {
    const before = asOfNow(self.state, context());
    const next = transition(before);
    self.state = next === self.state ? next : withoutExpired(next, context());
  };
  const self: Account = {
    state: emptyTokenState,
    now: START,
    policy,
    codes,
    context,
    advance: (ms) => {
      self.now += ms;
    },
    ask: ({ purpose = 'login', to = address, fate = 'accepted', id = `id-${ids++}` } = {}) => {
      const ask = { purpose, to, at: self.now, id };
      let outcome: IssueOutcome | undefined;
      change((state) => {
        const step = issueToken(state, ask, context());
        ({ outcome } = step);
        return step.state;
      });
      if (outcome === undefined) throw new Error('the transition was not run');
      if (fate !== null) self.settle(outcome, fate);
      return outcome;
    },
    grant: (options) => {
      const outcome = self.ask(options);
      if (!outcome.ok) throw new Error(`no mail: ${outcome.reason}`);
      return outcome;
    },
    settle: (outcome, fate) => {
      if (!outcome.ok || outcome.mail === null || (fate === 'accepted' && outcome.replaces === undefined))
        return;
      const { mail } = outcome;
      change((state) => {
        const settled = settleMail(state, mail, fate, context());
        const isFree = fate !== 'accepted' && mail.form === 'digits';
        return withSentAt(settled, isFree ? freePlace(settled.sentAt, mail.askedAt) : settled.sentAt);
      });
    },
    codeIn: (outcome) => {
      const mail = outcome.ok ? outcome.mail : null;
      const token = mail?.token ?? self.state.token;
      if (token === null) throw new Error('there is no token');
      const code = codes.codeOf(token, mail?.form ?? 'digits') ?? '';
      return mail?.form === 'letters' ? formatLetters(code) : code;
    },
    type: (code, { purpose = 'login', ticketAt = self.now, isExempt = false } = {}) => {
      const typed = readTypedCode(code, [digits]);
      if (typed === null) throw new Error('that is no code');
      let outcome: RedeemOutcome | undefined;
      change((state) => {
        const step = redeemToken(state, { purpose, ticketAt, typed, isExempt }, context());
        ({ outcome } = step);
        return step.state;
      });
      if (outcome === undefined) throw new Error('the transition was not run');
      return outcome;
    },
    answer: (code, options) => {
      const outcome = self.type(code, options);
      return outcome.ok ? 'ok' : outcome.reason;
    },
    revoke: () => {
      change((state) => revokeTokens(state, context()));
    },
    unlock: () => {
      change(unlockTokens);
    },
  };
  return self;
}
