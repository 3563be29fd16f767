import { deliver } from '../email-token/deliver.js';
import { CHALLENGE_LENGTH } from '../email-token/issue.js';
import { digestTexts } from '../email-token/record.js';
import { cancelToken } from '../email-token/token-state.js';
import { randomDigits, randomText } from '../internal/random.js';
import { beginLogin, changeMail } from './account-state.js';
import type { BeginRequest, BeginResult } from './contract.js';
import { DIGITS, PURPOSE } from './guess.js';
import { applyStep, emit } from './record.js';
import { assertBeginRequest } from './request.js';
import type { TwoFactorSettings } from './settings.js';
import { shownAddress } from './shown-address.js';

/** Begins a login: see `TwoFactor.begin`. */
export async function begin(settings: TwoFactorSettings, request: BeginRequest): Promise<BeginResult> {
  assertBeginRequest(request);
  const { userId, email } = request;
  const draft = { code: randomDigits(DIGITS), challenge: randomText(CHALLENGE_LENGTH) };
  const outcome = await reserve(settings, request, draft);
  if (!outcome.ok) {
    emit(settings, userId, { type: 'rejected', action: 'begin', reason: outcome.reason });
    return { ok: false, reason: outcome.reason, retryAt: new Date(outcome.retryAt) };
  }
  if (outcome.method !== 'email') return { ok: true, method: outcome.method };
  const expiresAt = new Date(outcome.expiresAt);
  emit(settings, userId, { type: 'issued', expiresAt });
  await sendMail(settings, request, draft, outcome);
  const sentTo = shownAddress(settings.mail.ring, userId, email);
  const resendAt = new Date(outcome.resendAt);
  return { ok: true, method: 'email', challenge: draft.challenge, sentTo, expiresAt, resendAt };
}

/** A token that may come to be. */
interface Draft {
  readonly code: string;
  readonly challenge: string;
}

function reserve(
  settings: TwoFactorSettings,
  { userId, email }: BeginRequest,
  { code, challenge }: Draft,
): Promise<ReturnType<typeof beginLogin>['outcome']> {
  const { ring, policy } = settings.mail;
  const texts = digestTexts({ subject: userId, purpose: PURPOSE }, { challenge, to: email }, code);
  const fresh = { challenge, digest: ring.digest(texts), to: email };
  return applyStep(settings, userId, (state, time) =>
    beginLogin(state, fresh, settings.fallback, time, policy),
  );
}

async function sendMail(
  settings: TwoFactorSettings,
  request: BeginRequest,
  draft: Draft,
  { issuedAt, expiresAt }: { issuedAt: number; expiresAt: number },
): Promise<void> {
  const { userId, email } = request;
  const error = await deliver({
    send: () => writeAndSend(settings, request, draft, new Date(expiresAt)),
    timeoutSeconds: settings.mail.sendTimeoutSeconds,
    takeBack: () =>
      applyStep(settings, userId, (state) =>
        changeMail(state, (mail) => cancelToken(mail, draft.challenge, issuedAt)),
      ),
  });
  if (error !== null) {
    emit(settings, userId, { type: 'send_failed' });
    throw error;
  }
  if (email !== null) emit(settings, userId, { type: 'sent' });
}

/** Written for a null address too: the same work. */
async function writeAndSend(
  { mail }: TwoFactorSettings,
  { userId, email, locale }: BeginRequest,
  { code }: Draft,
  expiresAt: Date,
): Promise<void> {
  const { policy, appName, render, send } = mail;
  const message = await render({
    code,
    expiresInSeconds: policy.ttlSeconds,
    appName,
    locale,
    purpose: PURPOSE,
  });
  if (email === null) return;
  await send({ to: email, code, subject: userId, purpose: PURPOSE, expiresAt, message });
}
