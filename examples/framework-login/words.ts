import {
  type BeginActivationResult,
  type BeginResult,
  type CompleteResult,
  type ConfirmActivationResult,
  type DeactivateResult,
  isCountersignError,
} from 'countersign';

type Result =
  BeginResult | CompleteResult | BeginActivationResult | ConfirmActivationResult | DeactivateResult;

/** Any answer of the flow that is a no. */
export interface Refusal {
  readonly reason: Extract<Result, { ok: false }>['reason'];
  readonly retryAt?: Date;
}

/** What the person reads. */
export function describeRefusal({ reason, retryAt }: Refusal, now: number): string {
  if (retryAt === undefined) return words[reason];
  return `${words[reason]} Try again in ${describeWait(retryAt.getTime() - now)}.`;
}

/** What the person reads when something threw: nothing of the error itself. */
export function describeError(error: unknown): { status: number; message: string } {
  if (isCountersignError(error) && error.code === 'ERR_SEND_FAILED')
    return { status: 503, message: 'We could not send the mail. Please try again.' };
  return { status: 500, message: 'Something went wrong. Please try again.' };
}

export const noSuchPage = 'There is no such page.';
export const fromAnotherSite = 'This form came from another site.';
export const wrongPassword = 'The customer number or the password is wrong.';

const words: Record<Refusal['reason'], string> = {
  malformed: 'This is not a code. Type all of it.',
  mismatch: 'The code is wrong.',
  replayed: 'This code was used before. Wait for the next one.',
  superseded: 'This code is from an older mail. Use the newest one.',
  unknown: 'This login is not valid any more. Log in again.',
  expired: 'This took too long. Ask for a new one.',
  exhausted: 'There were too many wrong codes. Ask for a new one.',
  delayed: 'There were too many wrong codes.',
  locked: 'There were too many wrong codes.',
  proof: 'An authenticator app is active already.',
  full: 'An authenticator app is active already.',
  inactive: 'No authenticator app is active.',
  cooldown: 'A token was sent a moment ago.',
  limit: 'Too many tokens were sent.',
  lost: 'Something is wrong with your account. Please call us.',
};

function describeWait(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  if (seconds < 120) return `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 120 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`;
}
