import { randomDigits, randomText } from '../internal/random.js';
import type { IssueRequest, IssueResult } from './contract.js';
import { deliver, type Delivery } from './deliver.js';
import type { MessageInput } from './message.js';
import { applyStep, digestTexts, emit } from './record.js';
import { assertIssueRequest } from './request.js';
import type { OutgoingMail, Settings } from './settings.js';
import { cancelToken, type IssueOutcome, issueToken } from './token-state.js';

/** Issues a token and sends it: see `EmailTokens.issue`. */
export async function issue(settings: Settings, request: IssueRequest): Promise<IssueResult> {
  assertIssueRequest(request);
  const { subject, purpose, to } = request;
  const { render } = settings;
  const code = randomDigits(settings.digits);
  const challenge = randomText(CHALLENGE_LENGTH);
  // Before anything is written, so that a template that fails costs nothing; for a null address too, as the same work.
  const message = await render(messageInput(settings, request, code));
  const outcome = await reserve(settings, request, challenge, code);
  if (!outcome.ok) {
    emit(settings, request, { type: 'rejected', action: 'issue', reason: outcome.reason });
    return { ok: false, reason: outcome.reason, retryAt: new Date(outcome.retryAt) };
  }
  const expiresAt = new Date(outcome.expiresAt);
  emit(settings, request, { type: 'issued', expiresAt });
  if (to !== null) {
    const mail = { to, code, subject, purpose, expiresAt, message };
    const error = await deliver(deliveryOf(settings, { challenge, issuedAt: outcome.issuedAt }, mail));
    emit(settings, mail, { type: error === null ? 'sent' : 'send_failed' });
    if (error !== null) throw error;
  }
  return { ok: true, challenge, expiresAt, resendAt: new Date(outcome.resendAt) };
}

/** 144 bits: whoever does not hold the session cannot even have a guess evaluated. */
export const CHALLENGE_LENGTH = 24;

function messageInput(
  { policy, appName }: Settings,
  { purpose, locale }: IssueRequest,
  code: string,
): MessageInput {
  return { code, expiresInSeconds: policy.ttlSeconds, appName, locale, purpose };
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

function deliveryOf(
  settings: Settings,
  { challenge, issuedAt }: { challenge: string; issuedAt: number },
  mail: OutgoingMail,
): Delivery {
  const { subject, purpose } = mail;
  return {
    send: () => settings.send(mail),
    timeoutSeconds: settings.sendTimeoutSeconds,
    takeBack: () =>
      applyStep(settings, { subject, purpose }, (state) => cancelToken(state, challenge, issuedAt)),
  };
}
