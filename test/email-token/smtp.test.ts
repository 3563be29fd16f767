import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { createTransport } from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderMessage } from '../../src/email-token/message.js';
import type { OutgoingMail, Send } from '../../src/email-token/settings.js';
import { address, rejection, tokenHarness, wrongCode } from '../support/tokens/harness.js';

interface Delivery {
  readonly recipients: string[];
  readonly mail: ParsedMail;
}

describe('a mail that goes through SMTP', () => {
  const deliveries: Delivery[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address: to }, _, done) => {
      done(to.startsWith('nobody@') ? new Error(`no such mailbox: ${to}`) : null);
    },
    onData: (stream, { envelope }, done) => {
      simpleParser(stream).then((mail) => {
        deliveries.push({ recipients: envelope.rcptTo.map(({ address: to }) => to), mail });
        done();
      }, done);
    },
  });
  const sent: OutgoingMail[] = [];
  const send: Send = async (mail) => {
    const { port } = server.server.address() as AddressInfo;
    const transport = createTransport({ host: '127.0.0.1', port });
    const to = { name: '', address: mail.to };
    await transport.sendMail({ from: 'login@example.com', to, ...mail.message }).finally(() => {
      transport.close();
    });
    sent.push(mail);
  };

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server.server, 'listening');
  });

  afterAll(async () => {
    await new Promise<void>((resolve) => {
      server.close(resolve);
    });
  });

  it.each(['en', 'de'])('arrives as it was written, and its code logs in (%s)', async (locale) => {
    const { ask, answer } = tokenHarness({
      render: renderMessage,
      appName: 'Müller & Söhne – 日本 <b>',
      send,
    });
    const granted = await ask({ locale, context: { timeZone: 'Europe/Berlin' } });
    const { mail, recipients } = deliveries.at(-1) ?? {};
    const message = sent.at(-1)?.message;
    expect(mail).toMatchObject({ subject: message?.subject, text: message?.text, html: message?.html });
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail?.headers.get('x-auto-response-suppress')).toBe('All');
    expect(recipients).toEqual([address]);
    const [code = ''] = mail?.text?.match(/^\d{6}$/m) ?? [];
    expect(await answer(granted, wrongCode(code))).toBe('mismatch');
    expect(await answer(granted, code)).toBe('ok');
  });

  it('has the plain text first', async () => {
    const message = renderMessage({
      code: '287082',
      expiresInSeconds: 900,
      appName: 'Acme',
      locale: 'de',
      purpose: 'p',
    });
    const info = await createTransport({ streamTransport: true, buffer: true }).sendMail(message);
    const source = (info.message as Buffer).toString();
    expect(source.indexOf('text/plain')).toBeGreaterThan(0);
    expect(source.indexOf('text/plain')).toBeLessThan(source.indexOf('text/html'));
  });

  it('has no header or recipient of the choice of a name', async () => {
    const appName = 'A\r\nBcc: eve@example.com\r\nX-Evil: yes\r\n\r\nB';
    const { ask } = tokenHarness({ render: renderMessage, appName, send });
    await ask();
    const { mail, recipients } = deliveries.at(-1) ?? {};
    expect(recipients).toEqual([address]);
    expect(mail?.headers.has('bcc')).toBe(false);
    expect(mail?.headers.has('x-evil')).toBe(false);
    expect(mail?.subject).toBe('Your security token for A Bcc: eve@example.com X-Evil: yes B');
  });

  it('and is refused by the server is an error that says why, and leaves nothing', async () => {
    const { tokens, login, record } = tokenHarness({ render: renderMessage, send });
    const error = await rejection(tokens.issue({ ...login, to: 'nobody@example.com' }));
    expect(error).toMatchObject({
      ...{ name: 'CountersignError', code: 'ERR_SEND_FAILED' },
      cause: {
        code: 'EENVELOPE',
        message: expect.stringContaining('no such mailbox: nobody@example.com') as string,
      },
    });
    expect((await record())?.value).toMatch(/^gone /);
  });
});
