'use server';

import { type BeginRequest, type BeginResult, isCountersignError } from 'countersign';
import { redirect } from 'next/navigation';
import { checkPassword, findCustomer, hasApp } from '@/lib/customers';
import {
  endOtherSessions,
  endSession,
  keepBrowser,
  keepSession,
  noteCompletion,
  readBrowser,
  readLocale,
  readSession,
  renewSession,
  type Session,
  wasCompleted,
} from '@/lib/session';
import { twoFactor } from '@/lib/two-factor';
import { describeRefusal } from '@/lib/words';

/** What a form says after it was sent; null before. */
export type FormState = { readonly problem: string } | null;

const TEN_MINUTES = 10 * 60_000;

export async function logIn(_: FormState, form: FormData): Promise<FormState> {
  const customer = await checkPassword(field(form, 'number'), field(form, 'password'));
  if (customer === null) return { problem: 'The customer number or the password is wrong.' };
  return beginSecondStep(customer.number, customer.email);
}

export async function sendAgain(): Promise<FormState> {
  const { pending } = await readSession();
  const customer = findCustomer(pending?.userId ?? '');
  if (customer === undefined) redirect('/');
  return beginSecondStep(customer.number, customer.email);
}

export async function complete(_: FormState, form: FormData): Promise<FormState> {
  const { pending } = await readSession();
  // Without one, the form was sent twice or the session has ended: the first page knows.
  if (pending === undefined) redirect('/');
  const { userId, challenge } = pending;
  const code = field(form, 'code');
  const result = await twoFactor().complete({
    ...{ userId, challenge, code },
    browser: await readBrowser(userId),
    remember: form.get('remember') === 'on',
  });
  if (result.ok) {
    noteCompletion(challenge, code);
    await keepBrowser(userId, result.browser);
  } else if (result.reason !== 'replayed' || !(await wasCompleted(challenge, code))) {
    return { problem: describeRefusal(result) };
  }
  await renewSession({ userId, provedAt: Date.now() });
  redirect('/master-data');
}

export async function logOut(): Promise<void> {
  await endSession();
  redirect('/');
}

/** The first app takes mail's place, so the code that allows it must be a fresh one. */
export async function beginActivation(): Promise<FormState> {
  const session = await readSession();
  const { userId = '', provedAt, activation } = session;
  const customer = findCustomer(userId);
  if (customer === undefined) redirect('/');
  if (activation !== undefined && activation.expiresAt > Date.now()) redirect('/activation');
  if ((await twoFactor().status(userId)).method === 'authenticator') redirect('/master-data');
  if (provedAt != null && Date.now() - provedAt < TEN_MINUTES) return showSecret(session);
  const begun = await begin({ userId, email: customer.email, purpose: 'activate' });
  if (begun === null) return { problem: 'We could not send the email. Please try again.' };
  if (!begun.ok) return { problem: describeRefusal(begun) };
  if (begun.method === 'email') {
    const { challenge, sentTo } = begun;
    await keepSession({ userId, provedAt, stepUp: { challenge, sentTo } });
  }
  redirect('/activation');
}

export async function proveActivation(_: FormState, form: FormData): Promise<FormState> {
  const session = await readSession();
  const { userId, stepUp } = session;
  if (userId === undefined || stepUp === undefined) redirect('/activation');
  const { challenge } = stepUp;
  const code = field(form, 'code');
  const browser = await readBrowser(userId);
  const result = await twoFactor().complete({ userId, purpose: 'activate', challenge, code, browser });
  if (!result.ok) return { problem: describeRefusal(result) };
  return showSecret({ userId, provedAt: Date.now() });
}

export async function confirmActivation(_: FormState, form: FormData): Promise<FormState> {
  const { userId, provedAt } = await readSession();
  if (userId === undefined) redirect('/');
  const result = await twoFactor().confirmActivation({ userId, code: field(form, 'code') });
  // Unknown: the form was sent twice, and the first one has put the codes into the session.
  if (!result.ok && result.reason === 'unknown') redirect('/recovery-codes');
  if (!result.ok) return { problem: describeRefusal(result) };
  const recoveryCodes = { codes: result.recoveryCodes ?? [], until: Date.now() + TEN_MINUTES };
  await keepSession({ userId, provedAt, recoveryCodes });
  await endOtherSessions(userId);
  redirect('/recovery-codes');
}

export async function deactivate(_: FormState, form: FormData): Promise<FormState> {
  const { userId } = await readSession();
  if (userId === undefined) redirect('/');
  const result = await twoFactor().deactivate({ userId, code: field(form, 'code') });
  // Inactive: the form was sent twice.
  if (!result.ok && result.reason === 'inactive') redirect('/master-data');
  if (!result.ok) return { problem: describeRefusal(result) };
  await endOtherSessions(userId);
  redirect('/master-data');
}

async function showSecret(session: Session): Promise<FormState> {
  const { userId = '', provedAt } = session;
  const begun = await twoFactor().beginActivation({ userId, account: userId });
  if (!begun.ok) redirect('/master-data');
  const { uri, secret, expiresAt } = begun;
  const activation = { uri, secret: secret.toBase32(), expiresAt: expiresAt.getTime() };
  await keepSession({ userId, provedAt, activation });
  redirect('/activation');
}

async function beginSecondStep(userId: string, email: string): Promise<FormState> {
  const expect = hasApp(userId) ? 'authenticator' : undefined;
  const begun = await begin({ userId, email, expect });
  if (begun === null) return { problem: 'We could not send the email. Please try again.' };
  if (!begun.ok) return { problem: describeRefusal(begun) };
  switch (begun.method) {
    case 'none':
    case 'remembered':
      // Neither asked for a code, so none was right.
      await renewSession({ userId, provedAt: null });
      redirect('/master-data');
    case 'authenticator':
      await renewSession({ pending: { userId, challenge: begun.challenge } });
      redirect('/security-token');
    case 'email': {
      const { challenge, sentTo } = begun;
      await renewSession({ pending: { userId, challenge, sentTo } });
      redirect('/security-token');
    }
  }
}

/** Null if the mail was not accepted. */
async function begin(request: BeginRequest): Promise<BeginResult | null> {
  const browser = await readBrowser(request.userId);
  const locale = await readLocale();
  return twoFactor()
    .begin({ ...request, browser, locale })
    .catch((error: unknown) => {
      if (isCountersignError(error) && error.code === 'ERR_SEND_FAILED') return null;
      throw error;
    });
}

function field(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}
