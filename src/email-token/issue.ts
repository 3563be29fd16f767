import { CountersignError } from '../internal/errors.js';
import { randomDigits, randomText } from '../internal/random.js';
import type { IssueRequest, IssueResult, TokenTarget } from './contract.js';
import { applyStep, digestTexts, emit } from './record.js';
import { assertIssueRequest } from './request.js';
import type { OutgoingMail, Settings } from './settings.js';
import { cancelToken, type IssueOutcome, issueToken } from './token-state.js';

/** Issues a token and sends it: see `EmailTokens.issue`. */
export async function issue(settings: Settings, request: IssueRequest): Promise<IssueResult> {
  assertIssueRequest(request);
  const { subject, purpose, to } = request;
  const code = randomDigits(settings.digits);
  const challenge = randomText(CHALLENGE_BYTES);
  // Before anything is written, so that a template that fails costs nothing; for a null address too, as the same work.
  const message = await renderMail(settings, request, code);
  const outcome = await reserve(settings, request, challenge, code);
  if (!outcome.ok) {
    emit(settings, request, { type: 'rejected', action: 'issue', reason: outcome.reason });
    return { ok: false, reason: outcome.reason, retryAt: new Date(outcome.retryAt) };
  }
  const expiresAt = new Date(outcome.expiresAt);
  emit(settings, request, { type: 'issued', expiresAt });
  if (to !== null) await deliver(settings, challenge, { to, code, subject, purpose, expiresAt, message });
  return { ok: true, challenge, expiresAt, resendAt: new Date(outcome.resendAt) };
}

/** 144 bits: whoever does not hold the session cannot even have a guess evaluated. */
const CHALLENGE_BYTES = 18;

async function renderMail(
  settings: Settings,
  { purpose, locale }: IssueRequest,
  code: string,
): Promise<OutgoingMail['message']> {
  const { policy, appName, render } = settings;
  return render({ code, expiresInSeconds: policy.ttlSeconds, appName, locale, purpose });
}

function reserve(
  settings: Settings,
  request: IssueRequest,
  challenge: string,
  code: string,
): Promise<IssueOutcome> {
  const { to } = request;
  const digest = settings.ring.digest(digestTexts(request, { challenge, to }, code));
  return applyStep(settings, request, (state, time) =>
    issueToken(state, { challenge, digest, to }, time, settings.policy),
  );
}

async function deliver(settings: Settings, challenge: string, mail: OutgoingMail): Promise<void> {
  const target: TokenTarget = { subject: mail.subject, purpose: mail.purpose };
  try {
    await within(settings.sendTimeoutSeconds, settings.send(mail));
  } catch (error) {
    const cause = await cancel(settings, target, challenge, error);
    emit(settings, target, { type: 'send_failed' });
    throw new CountersignError('ERR_SEND_FAILED', 'the mail was not accepted; its token is dead', { cause });
  }
  emit(settings, target, { type: 'sent' });
}

/** Takes the token back. Should that fail too, nobody knows its code, and the cause holds both failures. */
async function cancel(
  settings: Settings,
  target: TokenTarget,
  challenge: string,
  sendError: unknown,
): Promise<unknown> {
  try {
    await applyStep(settings, target, (state) => cancelToken(state, challenge));
    return sendError;
  } catch (storeError) {
    return new AggregateError([sendError, storeError], 'neither the mail service nor the store answered');
  }
}

async function within(seconds: number, sending: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`send did not settle within ${seconds} s`));
    }, seconds * 1000);
  });
  try {
    await Promise.race([sending, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
