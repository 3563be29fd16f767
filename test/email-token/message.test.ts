import { describe, expect, it } from 'vitest';
import { type MessageInput, renderMessage } from '../../src/email-token/message.js';
import { escapeHtml } from '../../src/email-token/messages/escape-html.js';

const input: MessageInput = {
  code: '287082',
  expiresInSeconds: 900,
  appName: 'Acme',
  locale: 'en',
  purpose: 'login',
};
const languages = ['en', 'de'] as const;

/** Values that a JavaScript caller could pass in place of a string or a number. */
const wrongTypes: readonly unknown[] = [
  ...[
    undefined,
    null,
    true,
    0,
    15,
    NaN,
    Infinity,
    -1,
    15n,
    '',
    '15',
    Symbol('x'),
    [],
    ['de'],
    {},
    new Date(0),
  ],
  Object.create(null),
  (): string => 'de',
];

describe('the text', () => {
  it('reads like this in English', () => {
    expect(renderMessage(input).subject).toBe('Your verification code for Acme');
    expect(renderMessage(input).text).toBe(`Hello,

Your verification code for Acme is:

287082

Please enter it on the page you still have open. It is valid for fifteen minutes and works only once.

If you did not ask for this code, you can ignore this email: without the code, nobody gets any further. It may mean, though, that someone knows your password. To be on the safe side, please change it.

We will never ask you for this code by phone, email or chat. Please keep it to yourself.
`);
  });

  it('reads like this in German', () => {
    const mail = renderMessage({ ...input, locale: 'de', appName: 'Müller & Söhne' });
    expect(mail.subject).toBe('Ihr Bestätigungscode für Müller & Söhne');
    expect(mail.text).toBe(`Guten Tag,

Ihr Bestätigungscode für Müller & Söhne lautet:

287082

Bitte geben Sie ihn auf der Seite ein, die Sie noch geöffnet haben. Er gilt fünfzehn Minuten und nur einmal.

Falls Sie diesen Code nicht angefordert haben, können Sie diese E-Mail ignorieren: Ohne den Code kommt niemand weiter. Möglicherweise kennt aber jemand Ihr Passwort. Bitte ändern Sie es sicherheitshalber.

Wir fragen Sie niemals nach diesem Code, weder am Telefon noch per E-Mail oder Chat. Bitte behalten Sie ihn für sich.
`);
  });

  it.each(languages)('has the code alone on a line and no link (%s)', (locale) => {
    const { text, html } = renderMessage({ ...input, locale });
    expect(text.split('\n').filter((line) => line === '287082')).toHaveLength(1);
    expect(text + html).not.toMatch(/https?:|www\.|href|src=/i);
  });

  it.each(languages)('does without a name where there is none (%s)', (locale) => {
    const unnamed = renderMessage({ ...input, locale, appName: undefined });
    expect(unnamed.subject).toMatch(/^(Your verification code|Ihr Bestätigungscode)$/);
    for (const appName of ['', ' ', '\r\n', '\u2028\u202e']) {
      expect(renderMessage({ ...input, locale, appName })).toEqual(unnamed);
    }
    expect(unnamed.text).not.toContain('undefined');
  });

  it('says the same whatever the purpose', () => {
    expect(renderMessage({ ...input, purpose: '<b>4711</b>' })).toEqual(renderMessage(input));
  });
});

describe('the headers', () => {
  it('ask for no automatic reply', () => {
    expect(renderMessage(input).headers).toEqual({
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
    });
  });
});

describe('the language', () => {
  it.each(['de', 'DE', 'de-AT', 'DE_ch', 'de-Latn-DE', 'de_DE.UTF-8'])('is German for %j', (locale) => {
    expect(renderMessage({ ...input, locale })).toEqual(renderMessage({ ...input, locale: 'de' }));
  });

  it('is English for everything else', () => {
    const others = [
      undefined,
      '',
      'en',
      'en-DE',
      'den',
      'dea',
      'd',
      'fr',
      ' de',
      'x-de',
      '\n',
      'ｄｅ',
      'x'.repeat(1e6),
    ];
    for (const locale of others) expect(renderMessage({ ...input, locale })).toEqual(renderMessage(input));
  });

  it('is named in the HTML', () => {
    expect(renderMessage(input).html).toContain('<html lang="en"');
    expect(renderMessage({ ...input, locale: 'de' }).html).toContain('<html lang="de"');
  });
});

describe('a value of the wrong type', () => {
  it('stops no mail, whether locale, name or duration', () => {
    for (const wrong of wrongTypes) {
      const one = { ...input, locale: wrong, appName: wrong, expiresInSeconds: wrong } as MessageInput;
      const { text, subject } = renderMessage(one);
      expect(text).toContain('\n287082\n');
      expect(subject + text).not.toMatch(/undefined|NaN|null|\[object/);
    }
  });

  it('is refused as a code, which is not repeated', () => {
    const wrong = { ...input, code: 287082 } as unknown as MessageInput;
    expect(() => renderMessage(wrong)).toThrow(/^code must be a string\D*$/);
  });
});

describe('the code', () => {
  const everyValidity = Array.from({ length: 24 * 60 }, (_, index) => (index + 1) * 60);

  it.each(languages)('is the only run of digits in subject, text and visible HTML (%s)', (locale) => {
    for (const expiresInSeconds of everyValidity) {
      const { subject, text, html } = renderMessage({ ...input, locale, expiresInSeconds });
      expect(digitRuns(subject)).toEqual([]);
      expect(digitRuns(text)).toEqual(['287082']);
      expect(digitRuns(visibleText(html))).toEqual(['287082']);
    }
  });

  it.each(languages)('is the only number in the HTML source that looks like a code (%s)', (locale) => {
    expect(renderMessage({ ...input, locale }).html.match(/\d{4,}/g)).toEqual(['287082']);
  });

  it.each(languages)('is not in the preview of the first two hundred characters (%s)', (locale) => {
    const hidden = visibleText(renderMessage({ ...input, locale }).html).slice(0, 200);
    expect(hidden).toMatch(/fifteen minutes|fünfzehn Minuten/);
    expect(digitRuns(hidden)).toEqual([]);
  });

  it.each(['00000000', '0000000', '000001'])('is written with its leading zeros (%s)', (code) => {
    const { text, html } = renderMessage({ ...input, code });
    expect(text).toContain(`\n${code}\n`);
    expect(html).toContain(`>${code}</p>`);
  });

  it('is joined by the digits of a name that has some, as the application wishes', () => {
    const { subject, text } = renderMessage({ ...input, appName: 'Web24' });
    expect(subject).toBe('Your verification code for Web24');
    expect(digitRuns(text)).toEqual(['24', '287082']);
  });
});

describe('a hostile name', () => {
  it('cannot break out of the subject line', () => {
    const appName = 'A\r\nBcc: eve@example.com\u0000\u0085\u2028\u2029\t\u007fB';
    const { subject, text } = renderMessage({ ...input, appName });
    expect(subject).toBe('Your verification code for A Bcc: eve@example.com B');
    expect(text).toContain('\nYour verification code for A Bcc: eve@example.com B is:\n');
  });

  it('cannot turn the text around or break its encoding', () => {
    const { subject } = renderMessage({ ...input, appName: 'A\u202eB\u2066C\ud800D' });
    expect(subject).toBe('Your verification code for A B C D');
  });

  it('keeps what belongs to a name', () => {
    const appName = '👩‍💻 «Ærø» — 日本語 O’Neill';
    expect(renderMessage({ ...input, appName }).subject).toBe(`Your verification code for ${appName}`);
  });

  it.each(languages)('is escaped wherever HTML holds it (%s)', (locale) => {
    const appName = `</title><script>alert("&amp;")</script><img src='x' onerror=alert(1)>`;
    const { html } = renderMessage({ ...input, locale, appName });
    const plain = renderMessage({ ...input, locale }).html;
    expect(html).not.toMatch(/<script|<img/);
    expect(html.replaceAll(escapeHtml(appName), 'Acme')).toBe(plain);
  });

  it('is read back from the HTML as it was', () => {
    const appName = `Tom & "Jerry" <'&lt;'>`;
    expect(visibleText(renderMessage({ ...input, appName }).html)).toContain(`code for ${appName} is:`);
  });

  it('takes linear time, however long', () => {
    for (const appName of ['\r'.repeat(1e6) + 'x', '<'.repeat(1e6), ' \u202e'.repeat(1e6)]) {
      expect(renderMessage({ ...input, appName }).text).toContain('\n287082\n');
    }
  });
});

describe('escapeHtml', () => {
  it('escapes the five characters that could end a text or an attribute', () => {
    expect(escapeHtml(`a & b < c > d " e ' f`)).toBe('a &amp; b &lt; c &gt; d &quot; e &#39; f');
    expect(escapeHtml('&amp;')).toBe('&amp;amp;');
    expect(escapeHtml('')).toBe('');
  });

  it('refuses what is no string', () => {
    for (const wrong of wrongTypes.filter((value) => typeof value !== 'string')) {
      expect(() => escapeHtml(wrong as string)).toThrow('text must be a string');
    }
  });
});

function digitRuns(text: string): string[] {
  return text.match(/\p{Nd}+/gu) ?? [];
}

/** What a reader or a list of mails can show of a document: its body without tags, character references resolved. */
function visibleText(html: string): string {
  const body = html.slice(html.indexOf('<body'));
  return body
    .replace(/<[^>]*>/g, '')
    .replace(/&[a-z#0-9]+;/g, (reference) => characters[reference] ?? reference);
}

const characters: Readonly<Record<string, string>> = {
  ...{ '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" },
  ...{ '&zwnj;': '\u200c', '&nbsp;': '\u00a0' },
};
