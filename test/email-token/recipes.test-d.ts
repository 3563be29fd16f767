import { createTransport } from 'nodemailer';
import { expectTypeOf, it } from 'vitest';
import {
  type MailMessage,
  type MessageInput,
  type OutgoingMail,
  type Render,
  renderMessage,
  type Send,
} from '../../src/index.js';

const from = 'Acme <login@acme.example>';

/** The parts that the recipes of docs/guides/sending-mail.md use of each SDK, so that none has to be installed. */
interface Resend {
  readonly emails: {
    send(mail: {
      from: string;
      to: string;
      subject: string;
      text: string;
      html: string;
      headers: Record<string, string>;
    }): Promise<{ error: { message: string } | null }>;
  };
}
interface Postmark {
  sendEmail(mail: {
    From: string;
    To: string;
    Subject: string;
    TextBody: string;
    HtmlBody: string;
    Headers: { Name: string; Value: string }[];
    TrackOpens: boolean;
  }): Promise<unknown>;
}
interface SendGrid {
  send(mail: {
    from: string;
    to: string;
    subject: string;
    text: string;
    html: string;
    headers: Record<string, string>;
    trackingSettings: { clickTracking: { enable: boolean }; openTracking: { enable: boolean } };
  }): Promise<unknown>;
}
interface SesContent {
  Data: string;
  Charset: string;
}
interface SesMail {
  FromEmailAddress: string;
  Destination: { ToAddresses: string[] };
  Content: {
    Simple: {
      Subject: SesContent;
      Body: { Text: SesContent; Html: SesContent };
      Headers: { Name: string; Value: string }[];
    };
  };
}

declare const resend: Resend;
declare const postmark: Postmark;
declare const sendGrid: SendGrid;
declare const ses: { send(command: SendEmailCommand): Promise<unknown> };
declare class SendEmailCommand {
  readonly input: SesMail;
  constructor(input: SesMail);
}
/** As the `send` option does. */
declare function takes(send: Send): void;

it('takes nodemailer with its own types, whatever the transport', () => {
  const smtp = createTransport({ host: 'smtp.example.com', port: 465, secure: true });
  const pool = createTransport({ host: 'smtp.example.com', pool: true });
  const json = createTransport({ jsonTransport: true });
  const stream = createTransport({ streamTransport: true, buffer: true });
  for (const transport of [smtp, pool, json, stream]) {
    takes(({ to, message }) => transport.sendMail({ from, to: { name: '', address: to }, ...message }));
  }
});

it('takes Resend, whose failures are returned', () => {
  takes(async ({ to, message }) => {
    const { error } = await resend.emails.send({ from, to, ...message });
    if (error !== null) throw new Error(error.message);
  });
});

it('takes Postmark', () => {
  takes(({ to, message }) =>
    postmark.sendEmail({
      From: from,
      To: to,
      Subject: message.subject,
      TextBody: message.text,
      HtmlBody: message.html,
      Headers: Object.entries(message.headers).map(([Name, Value]) => ({ Name, Value })),
      TrackOpens: false,
    }),
  );
});

it('takes SES v2', () => {
  const utf8 = (Data: string): SesContent => ({ Data, Charset: 'UTF-8' });
  takes(({ to, message }) =>
    ses.send(
      new SendEmailCommand({
        FromEmailAddress: from,
        Destination: { ToAddresses: [to] },
        Content: {
          Simple: {
            Subject: utf8(message.subject),
            Body: { Text: utf8(message.text), Html: utf8(message.html) },
            Headers: Object.entries(message.headers).map(([Name, Value]) => ({ Name, Value })),
          },
        },
      }),
    ),
  );
});

it('takes SendGrid', () => {
  takes(({ to, message }) =>
    sendGrid.send({
      from,
      to,
      ...message,
      trackingSettings: { clickTracking: { enable: false }, openTracking: { enable: false } },
    }),
  );
});

it('does not compile where nobody would learn whether the mail was accepted', () => {
  // @ts-expect-error nothing is awaited
  takes(({ to, message }) => {
    void resend.emails.send({ from, to, ...message });
  });
});

it('hands over the customer and the subject line under names that cannot be mixed up', () => {
  expectTypeOf<OutgoingMail['message']>().toEqualTypeOf<MailMessage>();
  expectTypeOf<OutgoingMail['subject']>().toEqualTypeOf<string>();
  expectTypeOf<OutgoingMail['expiresAt']>().toEqualTypeOf<Date>();
});

it('takes a template that is rendered now or later', () => {
  expectTypeOf(renderMessage).toExtend<Render>();
  const later = (input: MessageInput): Promise<MailMessage> => Promise.resolve(renderMessage(input));
  expectTypeOf(later).toExtend<Render>();
  expectTypeOf((): string => 'a text alone').not.toExtend<Render>();
});
