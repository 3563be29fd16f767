import type {
  BeginActivationResult,
  BeginResult,
  CompleteResult,
  ConfirmActivationResult,
  DeactivateResult,
} from 'countersign';

type Result =
  BeginResult | CompleteResult | BeginActivationResult | ConfirmActivationResult | DeactivateResult;

/** Any answer of the flow that is a no. */
export interface Refusal {
  readonly reason: Extract<Result, { ok: false }>['reason'];
  readonly retryAt?: Date;
}

const sentences: Record<Refusal['reason'], string> = {
  malformed: 'This is not a code. Type all of it.',
  mismatch: 'The code is wrong.',
  replayed: 'This code was used before. Wait for the next one.',
  superseded: 'This code is from an older email. Use the newest one.',
  unknown: 'This login is not valid any more. Log in again.',
  expired: 'This took too long. Ask for a new one.',
  exhausted: 'There were too many wrong codes. Ask for a new one.',
  delayed: 'There were too many wrong codes.',
  locked: 'There were too many wrong codes.',
  proof: 'Type a code of your present app as well, or a recovery code.',
  full: 'An authenticator app is active already.',
  inactive: 'No authenticator app is active.',
  cooldown: 'A token was sent a moment ago.',
  limit: 'Too many tokens were sent.',
  lost: 'Something is wrong with your account. Please call us.',
};

/** What the person reads. */
export function describeRefusal({ reason, retryAt }: Refusal): string {
  if (retryAt === undefined) return sentences[reason];
  const seconds = Math.max(1, Math.ceil((retryAt.getTime() - Date.now()) / 1000));
  const wait = seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
  return `${sentences[reason]} Try again in ${wait}.`;
}
