import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { createTransport } from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MailMessage, renderMessage } from '../../src/email-token/message.js';

interface Delivery {
  readonly recipients: string[];
  readonly mail: ParsedMail;
}

describe('a mail that goes through SMTP', () => {
  const deliveries: Delivery[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, { envelope }, done) => {
      simpleParser(stream).then((mail) => {
        deliveries.push({ recipients: envelope.rcptTo.map(({ address }) => address), mail });
        done();
      }, done);
    },
  });

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
  });

  afterAll(async () => {
    await new Promise<void>((resolve) => {
      server.close(resolve);
    });
  });

  async function send(message: MailMessage): Promise<Delivery> {
    const { port } = server.server.address() as AddressInfo;
    const transport = createTransport({ host: '127.0.0.1', port });
    await transport.sendMail({ from: 'login@example.com', to: 'ada@example.com', ...message });
    transport.close();
    const delivery = deliveries.pop();
    if (delivery === undefined) throw new Error('nothing arrived');
    return delivery;
  }

  it.each(['en', 'de'])('arrives as it was written (%s)', async (locale) => {
    const message = render(locale, 'Müller & Söhne – 日本 <b>');
    const { mail, recipients } = await send(message);
    expect(mail.subject).toBe(message.subject);
    expect(mail.text).toBe(message.text);
    expect(mail.html).toBe(message.html);
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail.headers.get('x-auto-response-suppress')).toBe('All');
    expect(recipients).toEqual(['ada@example.com']);
  });

  it('has the plain text first', async () => {
    const info = await createTransport({ streamTransport: true, buffer: true }).sendMail(
      render('de', 'Acme'),
    );
    const source = (info.message as Buffer).toString();
    expect(source.indexOf('text/plain')).toBeGreaterThan(0);
    expect(source.indexOf('text/plain')).toBeLessThan(source.indexOf('text/html'));
  });

  it('has no header or recipient of the choice of a name', async () => {
    const { mail, recipients } = await send(
      render('en', 'A\r\nBcc: eve@example.com\r\nX-Evil: yes\r\n\r\nB'),
    );
    expect(recipients).toEqual(['ada@example.com']);
    expect(mail.headers.has('bcc')).toBe(false);
    expect(mail.headers.has('x-evil')).toBe(false);
    expect(mail.subject).toBe('Your verification code for A Bcc: eve@example.com X-Evil: yes B');
  });
});

function render(locale: string, appName: string): MailMessage {
  return renderMessage({ code: '287082', expiresInSeconds: 900, appName, locale, purpose: 'login' });
}
