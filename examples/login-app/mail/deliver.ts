import { createTransport } from 'nodemailer';

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
