import { describe, expect, it } from 'vitest';
import type { TwoFactorEvent, TwoFactorEventDetails } from '../../src/two-factor/flow-results.js';
import { english } from '../../src/email-token/messages/english.js';
import { renderNotice } from '../../src/two-factor/notices.js';
import { setUpWithApp, userId } from '../support/flow/flow.js';

const at = new Date(Date.UTC(2030, 5, 3, 14, 7));
const until = new Date(Date.UTC(2030, 6, 3, 14, 7));

function event(details: TwoFactorEventDetails): TwoFactorEvent {
  return { ...details, userId, at };
}

const notices: Readonly<Record<string, TwoFactorEventDetails>> = {
  activated: { type: 'activated', app: 'id', name: 'Tablet' },
  replaced: { type: 'replaced', app: 'id', name: 'Tablet' },
  adopted: { type: 'adopted', app: 'id', name: 'Tablet' },
  deactivated: { type: 'deactivated', app: 'id', name: 'Tablet', isLast: true },
  recovery_code_used: { type: 'recovery_code_used', action: 'complete', left: 7 },
  recovery_codes_renewed: { type: 'recovery_codes_renewed' },
  locked: { type: 'locked', until },
};
const silent: readonly TwoFactorEventDetails[] = [
  { type: 'issued', purpose: 'login', expiresAt: until },
  { type: 'joined', purpose: 'login', expiresAt: until },
  { type: 'sent' },
  { type: 'send_failed' },
  { type: 'remembered', until },
  { type: 'redeemed', purpose: 'login', method: 'email' },
  { type: 'rejected', action: 'complete', reason: 'mismatch' },
  { type: 'replay_refused', action: 'complete' },
  { type: 'unlocked' },
  { type: 'revoked' },
  { type: 'activation_begun', expiresAt: until },
  { type: 'browsers_forgotten' },
  { type: 'erased' },
];

const languages = [
  ['en', 'Hello', 'UTC', 'password'],
  ['de', 'Guten Tag', 'UTC', 'Passwort'],
] as const;

describe.each(Object.entries(notices))('renderNotice for %s', (kind, details) => {
  it.each(languages)('writes a mail in %s', (locale, greeting, zone, password) => {
    const notice = renderNotice(event(details), { appName: 'Example Hosting', locale });
    expect(notice).not.toBeNull();
    const { subject = '', text = '', html = '', headers } = notice ?? {};
    expect(subject).not.toBe('');
    expect(text.startsWith(greeting)).toBe(true);
    expect(text).toContain(zone);
    expect(text).toContain(password);
    expect(text.trimEnd().endsWith('Example Hosting')).toBe(true);
    expect(html).toContain(`lang="${locale}"`);
    expect(headers).toEqual({ 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' });
    for (const written of [subject, text, html]) expect(written).not.toMatch(/[{}]|undefined|null|NaN/);
    // A program that looks for a code must find none.
    expect(text + subject).not.toMatch(/\d{3}/);
    const sentences = text.split('\n\n').slice(1, -2);
    for (const sentence of sentences) expect(html.replaceAll('&quot;', '"')).toContain(sentence.slice(0, 20));
  });

  it('names what happened: the app, the codes left, and until when', () => {
    const text = renderNotice(event(details), { locale: 'de', timeZone: 'Europe/Berlin' })?.text ?? '';
    expect(text).toContain('16:07');
    if ('name' in details) expect(text).toContain('Tablet');
    if ('left' in details) expect(text).toContain('7');
    if (kind === 'locked') expect(text).toContain('3. Juli');
  });
});

describe('renderNotice', () => {
  it.each(silent.map((details) => [details.type, details] as const))('writes none for %s', (_, details) => {
    expect(renderNotice(event(details))).toBeNull();
  });

  it('writes the subject that it promises, and names no app it does not know', () => {
    expect(renderNotice(event({ type: 'recovery_codes_renewed' }))?.subject).toBe(
      'You have new recovery codes',
    );
  });

  it('takes a language beside the built-in ones', () => {
    const fr = {
      ...english,
      tag: 'fr',
      greeting: 'Bonjour,',
      notices: { ...english.notices, locked: { subject: 'Compte bloqué', paragraphs: ['Le {time}.'] } },
    };
    const notice = renderNotice(event({ type: 'locked', until }), { locale: 'fr-CH', languages: { fr } });
    expect(notice?.subject).toBe('Compte bloqué');
    expect(notice?.text).toContain('juin');
  });

  it('keeps a name from breaking out of its line or turning it around', () => {
    const name = 'Phone\r\nBcc: thief@example.com\u202e <b>';
    const notice = renderNotice(event({ type: 'activated', app: 'id', name }), { appName: 'A\nB' });
    expect(notice?.text).toContain('Phone Bcc: thief@example.com <b>');
    expect(notice?.html).toContain('&lt;b&gt;');
    expect(`${notice?.text ?? ''}${notice?.html ?? ''}`).not.toMatch(/[\u202a-\u202e\r]/);
  });

  it('is stopped by no locale and no time zone', () => {
    const locales = ['xx', 'en-XX', 'de_AT', '', '!!', 'x'.repeat(1000)];
    for (const locale of locales) {
      expect(
        renderNotice(event({ type: 'locked', until }), { locale, timeZone: 'Moon/Base' }),
      ).not.toBeNull();
    }
  });

  it.each<[string, object]>([
    ['a misspelt option', { appname: 'Acme' }],
    ['languages that are none', { languages: null }],
    ['a language that is no table', { languages: { fr: 'français' } }],
    ['a language with a sentence missing', { languages: { fr: { ...english, notYou: undefined } } }],
  ])('refuses %s', (_, options) => {
    expect(() => renderNotice(event({ type: 'locked', until }), options)).toThrow(
      expect.objectContaining({ name: 'CountersignError' }),
    );
  });

  it('takes the events of a flow as they come, and none of its mails holds a code', async () => {
    const { flow, recovery } = await setUpWithApp({ limits: { maxFailures: 2 } });
    await flow.logIn(recovery[0]);
    const code = flow.appCode();
    await flow.twoFactor.renewRecoveryCodes({ userId, code });
    await flow.logIn(flow.wrongCode());
    await flow.logIn(flow.wrongCode());
    await flow.twoFactor.unlock(userId);
    await flow.twoFactor.deactivate({ userId, code: flow.appCode(1) });
    const mails = flow.events.flatMap((each) => renderNotice(each, { appName: 'Example' }) ?? []);
    expect(mails.map(({ subject }) => subject)).toHaveLength(5);
    const written = JSON.stringify(mails);
    for (const secret of [code, ...recovery, flow.secret.toBase32(), userId]) {
      expect(written).not.toContain(secret);
    }
  });
});
