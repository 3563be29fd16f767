import type {
  EmailTokenEvent,
  EmailTokens,
  IssueRequest,
  IssueResult,
  RedeemResult,
  TokenTarget,
} from '../../../src/email-token/contract.js';
import { createEmailTokens } from '../../../src/email-token/email-tokens.js';
import type { MessageInput } from '../../../src/email-token/message.js';
import type { EmailTokensOptions, OutgoingMail, Render } from '../../../src/email-token/settings.js';
import { tokenFields, type TokenState } from '../../../src/email-token/token-state.js';
import { memoryStore } from '../../../src/store/memory-store.js';
import { parseEnvelope, readRecord, recordKey } from '../../../src/store/record.js';
import type { Store, StoredRecord } from '../../../src/store/store.js';
import { type TestClock, testClock } from '../../../src/testing/test-clock.js';
import { type NetworkStore, networkStore } from './stores.js';

export const SECOND = 1000;
export const MINUTE: number = 60 * SECOND;
export const HOUR: number = 60 * MINUTE;
export const DAY: number = 24 * HOUR;

/** When the clocks of the tests begin. */
export const START: number = Date.UTC(2030, 0);

export const login: TokenTarget = { subject: 'customer-12345', purpose: 'login' };
export const address = 'customer@example.com';
export const key: Uint8Array = new Uint8Array(32).fill(7);
export const otherKey: Uint8Array = new Uint8Array(32).fill(8);

/** A granted request, with the code that its mail carries or an earlier mail carried. */
export interface Granted {
  readonly challenge: string;
  readonly sent: boolean;
  readonly long?: true;
  readonly code: string;
  readonly expiresAt: Date;
  readonly resendAt: Date;
}

/** Email tokens, and all that can be seen of them from outside. */
export interface TokenHarness {
  readonly tokens: EmailTokens;
  /** The subject and purpose of this harness. */
  readonly login: TokenTarget;
  readonly store: NetworkStore;
  readonly clock: TestClock;
  /** Mails that were accepted. */
  readonly mails: readonly OutgoingMail[];
  /** What every mail was written from, sent or not. */
  readonly written: readonly MessageInput[];
  readonly events: readonly EmailTokenEvent[];
  /** While it is down it rejects every mail. */
  readonly mailService: { isDown: boolean };
  /** Asks for a token; throws if that is refused. */
  readonly ask: (request?: Partial<IssueRequest>) => Promise<Granted>;
  /** Redeems what was granted, or the same challenge with another code. */
  readonly redeem: (granted: Granted, code?: unknown) => Promise<RedeemResult>;
  /** The answer to that in one word: `ok`, or the reason of the refusal. */
  readonly answer: (granted: Granted, code?: unknown) => Promise<string>;
  /** The record as it is stored; with `'null'` the one beside it for requests without an address. */
  readonly record: (beside?: 'null') => Promise<StoredRecord | undefined>;
  /** The state that is stored; throws if there is none. */
  readonly state: (beside?: 'null') => Promise<TokenState>;
}

/** Options of `createEmailTokens`, and what two harnesses can share. */
export interface HarnessOptions extends Partial<EmailTokensOptions> {
  readonly clock?: TestClock;
  readonly subject?: string;
}

/** Email tokens on a store in memory with a clock that stands still, unless the options say otherwise. */
export function tokenHarness(harnessOptions: HarnessOptions = {}): TokenHarness {
  const { clock = testClock(START), subject = login.subject, ...options } = harnessOptions;
  const mails: OutgoingMail[] = [];
  const written: MessageInput[] = [];
  const events: EmailTokenEvent[] = [];
  const mailService = { isDown: false };
  const inner = options.store ?? memoryStore({ now: clock.now });
  const store = networkStore(inner);
  const { render = bareMessage } = options;
  const tokens = createEmailTokens({
    keys: [key],
    send: (mail) =>
      mailService.isDown ? Promise.reject(new Error('451 try later')) : Promise.resolve(mails.push(mail)),
    onEvent: (event) => events.push(event),
    now: clock.now,
    ...options,
    render: (input) => {
      written.push(input);
      return render(input);
    },
    store,
  });
  const target = { ...login, subject };
  const ask = async (request: Partial<IssueRequest> = {}): Promise<Granted> => {
    const { to = address } = request;
    const issued = granted(await tokens.issue({ ...target, ...request, to }));
    const mailed = to === null ? undefined : mails.at(-1);
    return { ...issued, code: (mailed ?? written.at(-1))?.code ?? 'never written' };
  };
  const redeem = ({ challenge, code }: Granted, typed: unknown = code): Promise<RedeemResult> =>
    tokens.redeem({ ...target, challenge, code: typed });
  const record = (beside?: 'null'): Promise<StoredRecord | undefined> => readRaw(inner, target, beside);
  const state = async (beside?: 'null'): Promise<TokenState> => stateIn(await record(beside));
  const answer = async (...guess: Parameters<typeof redeem>): Promise<string> =>
    reasonOf(await redeem(...guess));
  return {
    tokens,
    login: target,
    store,
    clock,
    mails,
    written,
    events,
    mailService,
    ask,
    redeem,
    answer,
    record,
    state,
  };
}

/** A message without content: most tests look at the code itself. */
export const bareMessage: Render = () => ({ subject: '', text: '', html: '', headers: {} });

/** The success branch of an answer. */
export function granted(result: IssueResult): Extract<IssueResult, { ok: true }> {
  if (!result.ok) throw new Error(`no token: ${result.reason}`);
  return result;
}

/** `ok`, or the reason of a refusal. */
export function reasonOf(result: { readonly ok: boolean; readonly reason?: string }): string {
  return result.ok ? 'ok' : (result.reason ?? 'refused');
}

/** How often each answer was given. */
export function tally(
  results: readonly { readonly ok: boolean; readonly reason?: string }[],
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const reason of results.map(reasonOf)) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}

/** A code that is not this one, nor one close to it. */
export function wrongCode(code: string, distance = 1): string {
  return String((Number(code) + distance) % 10 ** code.length).padStart(code.length, '0');
}

/** So many calls at once. */
export function parallel<T>(count: number, call: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => call(index)));
}

/** The value that a promise rejects with; throws if it does not. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const outcome = await promise.then(
    () => null,
    (error: unknown) => ({ error }),
  );
  if (outcome === null) throw new Error('the promise did not reject');
  return outcome.error;
}

/** The state in a stored record. */
export function stateIn(record: StoredRecord | undefined): TokenState {
  const text = record && parseEnvelope(record.value).value;
  if (text === undefined) throw new Error('there is no state');
  return readRecord(text, 1, tokenFields);
}

function readRaw(
  store: Store,
  { subject, purpose }: TokenTarget,
  beside?: 'null',
): Promise<StoredRecord | undefined> {
  return store.read(recordKey('email-token', purpose, subject, ...(beside === undefined ? [] : [beside])));
}
