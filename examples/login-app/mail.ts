import type { Store, TwoFactorEvent } from 'countersign';
import { createTransport } from 'nodemailer';
import { findCustomer } from './customers.js';
import { documents } from './documents.js';

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  readonly headers?: Record<string, string>;
}

/** Hands a mail over; rejects if it was not accepted. */
export type Deliver = (mail: Mail) => Promise<unknown>;

/** Mail through an SMTP server. */
export function smtpDelivery(url: string, from: string): Deliver {
  const transport = createTransport(url);
  // As an object, so that no address can be read as a list of them.
  return ({ to, ...mail }) => transport.sendMail({ from, to: { name: '', address: to }, ...mail });
}

/** Mails for whoever has no mail server: kept to be read on a page, and printed. */
export interface Outbox {
  readonly deliver: Deliver;
  /** The newest first. */
  list(): Promise<readonly KeptMail[]>;
}

/** `at` is in ms. */
export interface KeptMail {
  readonly at: number;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export function createOutbox(store: Store, now: () => number, print: (text: string) => void): Outbox {
  const kept = documents<KeptMail[]>(store, 'outbox');
  return {
    async deliver({ to, subject, text }) {
      const mail = { at: now(), to, subject, text };
      await kept.update('all', (mails) => [mail, ...(mails ?? [])].slice(0, 20));
      print(`\n--- mail to ${to}: ${subject}\n${text}\n---\n`);
    },
    list: async () => (await kept.read('all')) ?? [],
  };
}

/** Tells the customer of a change to his account: whoever did not make it must learn of it. */
export async function sendNotice(deliver: Deliver, event: TwoFactorEvent, service: string): Promise<void> {
  const what = notices[event.type];
  if (what === undefined) return;
  const { email, name } = findCustomer(event.userId);
  const text = `Hello ${name},\n\n${what}\n\nIf that was not you, change your password and call our support.\n\n${service}\n`;
  const headers = { 'Auto-Submitted': 'auto-generated' };
  await deliver({ to: email, subject: `A change to your account at ${service}`, text, headers });
}

const notices: Partial<Record<TwoFactorEvent['type'], string>> = {
  activated: 'two-factor authentication was activated: you now log in with your authenticator app.',
  deactivated: 'two-factor authentication was deactivated: you now log in with a token sent by e-mail.',
  recovery_code_used: 'one of your recovery codes was used.',
  recovery_codes_renewed: 'new recovery codes were made; the old ones are worth nothing any more.',
  locked: 'there were too many wrong codes: logging in is locked for now.',
};
