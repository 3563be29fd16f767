'use server';

import { isCountersignError } from 'countersign';
import { redirect } from 'next/navigation';
import { checkPassword, findCustomer } from '@/lib/customers';
import {
  endOtherSessions,
  endSession,
  keepBrowser,
  readBrowser,
  readSession,
  renewSession,
} from '@/lib/session';
import { twoFactor } from '@/lib/two-factor';
import { describeRefusal } from '@/lib/words';

/** What a form says after it was sent; null before. */
export type FormState = { readonly problem: string } | null;

const FRESH_MS = 10 * 60_000;

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
  if (pending === undefined) redirect('/');
  const { userId, challenge } = pending;
  const result = await twoFactor().complete({
    ...{ userId, challenge },
    code: form.get('code'),
    browser: await readBrowser(userId),
    remember: form.get('remember') === 'on',
  });
  if (!result.ok) return { problem: describeRefusal(result) };
  await keepBrowser(userId, result.browser);
  await renewSession({ userId, completedAt: Date.now() });
  redirect('/master-data');
}

export async function logOut(): Promise<void> {
  await endSession();
  redirect('/');
}

export async function beginActivation(): Promise<void> {
  const session = await readSession();
  const { userId, completedAt = 0 } = session;
  // The first app takes mail's place, so the mail that allows it must be a fresh one.
  if (userId === undefined || Date.now() - completedAt > FRESH_MS) return logOut();
  const begun = await twoFactor().beginActivation({ userId, account: userId });
  if (!begun.ok) redirect('/master-data');
  const { uri, secret } = begun;
  await renewSession({ ...session, activation: { uri, secret: secret.toBase32() } });
  redirect('/activation');
}

export async function confirmActivation(_: FormState, form: FormData): Promise<FormState> {
  const { userId, completedAt } = await readSession();
  if (userId === undefined) redirect('/');
  const result = await twoFactor().confirmActivation({ userId, code: form.get('code') });
  if (!result.ok) return { problem: describeRefusal(result) };
  await renewSession({ userId, completedAt, recoveryCodes: result.recoveryCodes ?? [] });
  await endOtherSessions(userId);
  redirect('/recovery-codes');
}

export async function deactivate(_: FormState, form: FormData): Promise<FormState> {
  const { userId } = await readSession();
  if (userId === undefined) redirect('/');
  const result = await twoFactor().deactivate({ userId, code: form.get('code') });
  if (!result.ok) return { problem: describeRefusal(result) };
  await endOtherSessions(userId);
  redirect('/master-data');
}

async function beginSecondStep(userId: string, email: string): Promise<FormState> {
  const browser = await readBrowser(userId);
  const begun = await twoFactor()
    .begin({ userId, email, browser })
    .catch((error: unknown) => {
      if (isCountersignError(error) && error.code === 'ERR_SEND_FAILED') return null;
      throw error;
    });
  if (begun === null) return { problem: 'We could not send the mail. Please try again.' };
  if (!begun.ok) return { problem: describeRefusal(begun) };
  switch (begun.method) {
    case 'none':
    case 'remembered':
      // Neither proved a factor, so there is no `completedAt`.
      await renewSession({ userId });
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

function field(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}
