import { describe, expect, it } from 'vitest';
import { outbox } from '../../src/testing/outbox.js';
import type { OutgoingMail } from '../../src/email-token/settings.js';

const mail = (to: string): OutgoingMail => ({
  to,
  code: '123456',
  subject: 'ann',
  purpose: 'login',
  expiresAt: new Date(0),
  message: { subject: 'Your code', text: '123456', html: '<p>123456</p>', headers: {} },
});

describe('outbox', () => {
  it('keeps the mails in the order in which they were sent', async () => {
    const { send, mails } = outbox();
    await send(mail('a@example.com'));
    await send(mail('b@example.com'));
    expect(mails.map(({ to }) => to)).toEqual(['a@example.com', 'b@example.com']);
  });

  it('refuses as many mails as it was told to, and keeps none of them', async () => {
    const { send, mails, refuseNext } = outbox();
    refuseNext();
    refuseNext();
    await expect(send(mail('a@example.com'))).rejects.toThrow('refuse');
    await expect(send(mail('b@example.com'))).rejects.toThrow('refuse');
    await send(mail('c@example.com'));
    expect(mails.map(({ to }) => to)).toEqual(['c@example.com']);
  });
});
