import {
  type BeginActivationResult,
  type BeginResult,
  type CompleteResult,
  type ConfirmActivationResult,
  type DeactivateResult,
  isCountersignError,
} from 'countersign';
import type { Method } from './session.js';
import { textOf } from './visit.js';

type Result =
  BeginResult | CompleteResult | BeginActivationResult | ConfirmActivationResult | DeactivateResult;

/** Any answer of the flow that is a no. */
export interface Refusal {
  readonly reason: Extract<Result, { ok: false }>['reason'];
  readonly retryAt?: Date | undefined;
}

/** A sentence for the person. */
export interface Problem {
  readonly message: string;
  /** Whether it is about what was typed, so that the field is marked. */
  readonly isTyped: boolean;
}

/** The page that shows a problem. The address holds it, so a reload sends no form a second time. */
export function pageWith(path: string, problem: keyof typeof sentences, retryAt?: Date): string {
  return `${path}?problem=${problem}${retryAt === undefined ? '' : `&until=${retryAt.getTime()}`}`;
}

/** The problem that the address of a page names, if it is one of ours. */
export function problemOf(query: unknown, now: number, method: Method = 'email'): Problem | undefined {
  const name = textOf(query, 'problem');
  if (!isProblem(name)) return undefined;
  const wait = Number(textOf(query, 'until')) - now;
  const advice = wait > 0 && wait < MAX_WAIT_MS ? ` Try again in ${describeWait(wait)}.` : '';
  const sentence = method === 'authenticator' ? (withApp[name] ?? sentences[name]) : sentences[name];
  return { message: sentence + advice, isTyped: typed.has(name) };
}

/** What the person reads when something threw: nothing of the error itself. */
export function describeError(error: unknown): { status: number; message: string } {
  if (isCountersignError(error) && error.code === 'ERR_SEND_FAILED')
    return { status: 503, message: 'We could not send the email. Please try again.' };
  return { status: statusOf(error), message: 'Something went wrong. Please try again.' };
}

export const noSuchPage = 'There is no such page.';
export const noSuchHost = 'This address leads to another site.';
export const fromAnotherSite = 'This form came from another site.';
export const notAForm = 'This is not one of our forms.';
export const tooLong = 'This form is too long.';

const refusals: Record<Refusal['reason'], string> = {
  malformed: 'This is not a code. Type all of it.',
  mismatch: 'The code is wrong.',
  replayed: 'This code was used before. Ask for a new one.',
  superseded: 'This code is from an older email. Use the newest one.',
  unknown: 'This login is not valid any more. Log in again.',
  expired: 'This took too long. Ask for a new one.',
  exhausted: 'There were too many wrong codes. Ask for a new one.',
  delayed: 'There were too many wrong codes.',
  locked: 'There were too many wrong codes. Ask for a longer one, which nobody can guess.',
  proof: 'An authenticator app is active already.',
  full: 'An authenticator app is active already.',
  inactive: 'No authenticator app is active.',
  cooldown: 'A token was sent a moment ago.',
  limit: 'Too many tokens were sent.',
  lost: 'Something is wrong with your account. Please call us.',
};

const sentences = {
  ...refusals,
  password: 'The customer number or the password is wrong.',
  /** No mail may go out either. */
  lockedOut: 'There were too many wrong codes. If you cannot wait, call us.',
  over: 'Your login has ended. Log in again.',
};

const byRecovery = 'There were too many wrong codes. A recovery code works at once.';

/** What differs for a customer who has an app. */
const withApp: Partial<Record<keyof typeof sentences, string>> = {
  replayed: 'This code was used before. Wait for the next one.',
  delayed: byRecovery,
  locked: byRecovery,
};

const typed: ReadonlySet<string> = new Set([
  ...['password', 'malformed', 'mismatch', 'replayed', 'superseded', 'unknown', 'expired'],
]);

/** Longer than any wait of the flow. */
const MAX_WAIT_MS = 30 * 86_400_000;

function isProblem(name: string): name is keyof typeof sentences {
  return Object.hasOwn(sentences, name);
}

function describeWait(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 120) return `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`;
}

/** Frameworks mark what is the browser's fault, such as a body that is too long. */
function statusOf(error: unknown): number {
  const status: unknown = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : 500;
}
