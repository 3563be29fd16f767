import { describe, expect, it } from 'vitest';
import {
  chooseLanguage,
  composeMail,
  type MailLanguages,
  type MessageInput,
  readLanguages,
  renderMessage,
  signature,
} from '../../src/email-token/message.js';
import { english } from '../../src/email-token/messages/english.js';
import { german } from '../../src/email-token/messages/german.js';
import { escapeHtml } from '../../src/email-token/messages/mail-html.js';
import type { MailLanguage } from '../../src/email-token/messages/mail-language.js';

const input: MessageInput = {
  ...{ code: '287082', expiresInSeconds: 900, appName: 'Acme', locale: 'en', purpose: 'login' },
  askedAt: new Date(Date.UTC(2030, 0, 17, 9, 5)),
};
const longCode = '34679-ACDEF-GHJKM-NPQRT-VWXY3';
const locales = ['en', 'de'] as const;

/** A language that is not built in, with a word of its own for the token. */
const french: MailLanguage = {
  ...{ ...english, tag: 'fr', noun: 'code de sécurité', greeting: 'Bonjour,' },
  token: {
    ...{
      title: 'Votre {noun}',
      titleWithName: 'Votre {noun} pour {appName}',
      preview: 'Valable {duration}.',
    },
    below: ['Demandé {time}, valable {duration}. {unknown}{toString}'],
  },
};

/** Values that a JavaScript caller could pass in place of a string, a number or a date. */
const wrongTypes: readonly unknown[] = [
  ...[undefined, null, true, 0, 15, NaN, Infinity, -1, 15n, '', '15', Symbol('x'), [], ['de'], {}],
  ...[new Date(NaN), Object.create(null) as unknown, (): string => 'de'],
];

describe('the text', () => {
  it('reads like this in English', () => {
    const mail = renderMessage(input);
    expect(mail.subject).toBe('Your security token for Acme');
    expect(plainSpaces(mail.text)).toBe(`Hello,

Your security token for Acme:

287082

You asked for it on Thursday, January 17 at 9:05 AM UTC. It is good for 15 minutes.

Enter it on the page where you asked for it. If you have several of these emails, only the newest one counts.

Nobody from our company will ever ask you for it, by phone, by email or in a chat. Please keep it to yourself.

If you did not ask for it, someone may know your password. Please change your password. Nobody can log in without the security token.

Acme
`);
  });

  it('reads like this in German', () => {
    const mail = renderMessage({ ...input, locale: 'de', appName: 'Müller & Söhne' });
    expect(mail.subject).toBe('Ihr Sicherheitstoken für Müller & Söhne');
    expect(mail.text).toBe(`Guten Tag,

Ihr Sicherheitstoken für Müller & Söhne:

287082

Sie haben diese Ziffern am Donnerstag, 17. Januar um 09:05 UTC angefordert. Sie gelten 15 Minuten.

Bitte geben Sie sie auf der Seite ein, auf der Sie sie angefordert haben. Wenn Sie mehrere dieser E-Mails haben, zählt nur die neueste.

Niemand aus unserem Unternehmen wird Sie jemals danach fragen, weder am Telefon noch per E-Mail oder im Chat. Bitte behalten Sie die Ziffern für sich.

Falls Sie nichts angefordert haben, kennt möglicherweise jemand Ihr Passwort. Bitte ändern Sie es. Ohne diese Ziffern kann sich niemand anmelden.

Müller & Söhne
`);
  });

  it('of the long code says why it is long, and how long it is good', () => {
    const long = { ...input, code: longCode, long: true, expiresInSeconds: 86_400 };
    expect(renderMessage(long).subject).toBe('Your long security token for Acme');
    expect(renderMessage(long).text).toMatch(
      /\n34679-ACDEF-GHJKM-NPQRT-VWXY3\n[^]*good for 24 hours, and for one login/,
    );
    expect(renderMessage({ ...long, locale: 'de' }).text).toMatch(
      /Ihr langes Sicherheitstoken[^]*gelten 24 Stunden/,
    );
  });

  it.each(locales)('has the code alone on a line, and no link (%s)', (locale) => {
    for (const code of ['287082', longCode]) {
      const { text, html } = renderMessage({ ...input, locale, code, long: code === longCode });
      expect(text.split('\n').filter((line) => line === code)).toHaveLength(1);
      expect(text + html).not.toMatch(/https?:|www\.|href|src=/i);
    }
  });

  it.each(locales)('does without a name where there is none (%s)', (locale) => {
    const unnamed = renderMessage({ ...input, locale, appName: undefined });
    expect(unnamed.subject).toMatch(/^(Your security token|Ihr Sicherheitstoken)$/);
    for (const appName of ['', ' ', '\r\n', '\u2028\u202e'])
      expect(renderMessage({ ...input, locale, appName })).toEqual(unnamed);
    expect(unnamed.text).not.toMatch(/undefined|\{/);
  });

  it('says the same whatever the purpose', () => {
    expect(renderMessage({ ...input, purpose: '<b>4711</b>' })).toEqual(renderMessage(input));
  });

  it.each(locales)('leaves no place open, with a name or without, long or short (%s)', (locale) => {
    for (const appName of ['Acme', undefined]) {
      for (const long of [true, false]) {
        const { subject, text, html } = renderMessage({ ...input, locale, appName, long });
        expect(subject + text + html.slice(html.indexOf('<body'))).not.toMatch(/[{}]/);
      }
    }
  });
});

describe('the time at which the mail was asked for', () => {
  it.each([
    ['en', 'Europe/Berlin', 'Thursday, January 17 at 10:05 AM GMT+1'],
    ['en-GB', 'Europe/London', 'Thursday 17 January at 09:05 GMT'],
    ['de', 'Europe/Berlin', 'Donnerstag, 17. Januar um 10:05 MEZ'],
    ['de-AT', 'America/New_York', 'Donnerstag, 17. Jänner um 04:05 GMT-5'],
    ['de_CH', 'Asia/Kolkata', 'Donnerstag, 17. Januar um 14:35 GMT+5:30'],
  ])('is told in %s in the time zone %s of the context', (locale, timeZone, time) => {
    expect(plainSpaces(renderMessage({ ...input, locale, context: { timeZone } }).text)).toContain(time);
  });

  it('is told in UTC without a time zone, or with one that does not exist', () => {
    for (const context of [
      undefined,
      null,
      {},
      'Europe/Berlin',
      { timeZone: 'Mars/Phobos' },
      { timeZone: 5 },
    ])
      expect(plainSpaces(renderMessage({ ...input, context }).text)).toContain('9:05 AM UTC');
  });

  it('is the present where it is missing', () => {
    const { text } = renderMessage({ ...input, askedAt: undefined });
    const day = new Intl.DateTimeFormat('en', {
      weekday: 'long',
      month: 'long',
      day: 'numeric',
      timeZone: 'UTC',
    });
    expect(text).toContain(day.format(new Date()));
  });
});

describe('how long the code is good', () => {
  const said = (locale: string, expiresInSeconds: number): string => {
    const { text } = renderMessage({ ...input, locale, expiresInSeconds });
    return /(?:It is good for|Sie gelten) (.+?)\./.exec(text)?.[1] ?? '';
  };

  it.each([
    [900, '15 minutes', '15 Minuten'],
    [899, '14 minutes', '14 Minuten'],
    [60, '1 minute', '1 Minute'],
    [59, '59 seconds', '59 Sekunden'],
    [20.9, '20 seconds', '20 Sekunden'],
    [1, '1 second', '1 Sekunde'],
    [3600, '1 hour', '1 Stunde'],
    [5400, '90 minutes', '90 Minuten'],
    [5999, '99 minutes', '99 Minuten'],
    [6000, '1 hour', '1 Stunde'],
    [7200, '2 hours', '2 Stunden'],
    [9000, '2 hours', '2 Stunden'],
    [86_400, '24 hours', '24 Stunden'],
    [1e12, '99 hours', '99 Stunden'],
    [0, '0 seconds', '0 Sekunden'],
    [-5, '0 seconds', '0 Sekunden'],
    [NaN, '0 seconds', '0 Sekunden'],
  ])('is never overstated: %d s are said as %s', (seconds, inEnglish, inGerman) => {
    expect([said('en', seconds), said('de', seconds)]).toEqual([inEnglish, inGerman]);
  });
});

describe('a mail in parts', () => {
  const parts = { subject: 'Subject', preview: 'Preview', above: ['Above'], below: ['Below'] };

  it('has a paragraph for the code if there is one', () => {
    expect(composeMail(english, { ...parts, code: '287082' }).text).toBe('Above\n\n287082\n\nBelow\n');
    const { text, html } = composeMail(english, { ...parts, code: null });
    expect(text).toBe('Above\n\nBelow\n');
    expect(html).not.toContain('monospace');
    expect(html).not.toContain('<p dir=');
    expect(html).not.toMatch(/null|Stryker/);
  });

  it('shows up to ten characters large, and more of them smaller, so that a phone needs two lines', () => {
    const htmlOf = (code: string): string => composeMail(english, { ...parts, code }).html;
    expect(htmlOf('1234567890')).toContain('font:700 32px/1.25 ui-monospace');
    expect(htmlOf('12345678901')).toContain('font:700 20px/1.25 ui-monospace');
  });

  it('is signed with the service’s name, and with nothing if it has none', () => {
    expect(signature('Acme')).toEqual(['Acme']);
    expect(signature(undefined)).toEqual([]);
  });

  it('tells the time in UTC if the time zone is no text', () => {
    const { text } = renderMessage({ ...input, context: { timeZone: 5 } });
    expect(text).toBe(renderMessage({ ...input, context: undefined }).text);
  });

  it('writes numbers in the digits that can be compared with the code’s', () => {
    const arabic: MailLanguage = { ...french, tag: 'ar-EG' };
    const { text } = renderMessage({ ...input, locale: 'ar', languages: { ar: arabic } });
    expect(text).toContain('15');
  });
});

describe('the code', () => {
  const minutes = [...Array.from({ length: 130 }, (_, index) => index), 180, 599, 600, 1439, 1440];
  const durations = [...minutes.map((minute) => minute * 60), 1, 9, 10, 59];

  it.each(locales)('is the only run of three or more digits, whatever the duration (%s)', (locale) => {
    for (const expiresInSeconds of durations) {
      const { subject, text, html } = renderMessage({ ...input, locale, expiresInSeconds });
      expect([longRuns(subject), longRuns(text), longRuns(visibleText(html))]).toEqual([
        [],
        ['287082'],
        ['287082'],
      ]);
    }
  });

  it.each(locales)(
    'is the only run of three or more digits, whatever the time and its zone (%s)',
    (locale) => {
      for (const timeZone of ['UTC', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Chatham', 'Etc/GMT+12']) {
        for (let hour = 0; hour < 366 * 24; hour += 733) {
          const askedAt = new Date(Date.UTC(2030, 0, 1, hour, hour % 60));
          const { text } = renderMessage({ ...input, locale, askedAt, context: { timeZone } });
          expect(longRuns(text)).toEqual(['287082']);
        }
      }
    },
  );

  it.each(locales)('is the only number in the HTML source that looks like a code (%s)', (locale) => {
    expect(renderMessage({ ...input, locale }).html.match(/\d{4,}/g)).toEqual(['287082']);
  });

  it.each(locales)('is not in the preview of the first two hundred characters (%s)', (locale) => {
    const preview = visibleText(renderMessage({ ...input, locale }).html).slice(0, 200);
    expect(preview).toMatch(/15 (minutes|Minuten)/);
    expect(longRuns(preview)).toEqual([]);
  });

  it.each(['00000000', '0000000', '000001'])('is written with its leading zeros (%s)', (code) => {
    const { text, html } = renderMessage({ ...input, code });
    expect(text).toContain(`\n${code}\n`);
    expect(html).toContain(`>${code}</p>`);
  });

  it('reads from left to right in a mail that does not', () => {
    const languages = { ar: { ...french, tag: 'ar', direction: 'rtl' as const } };
    const { html, text } = renderMessage({ ...input, locale: 'ar', languages });
    expect(html).toContain('<html lang="ar" dir="rtl"');
    expect(html).toMatch(/<p dir="ltr"[^>]*>287082<\/p>/);
    expect(longRuns(text)).toEqual(['287082']);
  });
});

describe('the headers', () => {
  it('ask for no automatic reply (RFC 3834 section 5, MS-OXCMAIL 2.1.3.2.20)', () => {
    expect(renderMessage(input).headers).toEqual({
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
    });
  });
});

describe('the language', () => {
  it.each(['de', 'DE', 'de-AT', 'DE_ch', 'de-Latn-DE', 'de_DE.UTF-8', 'de-'])(
    'is German for %j',
    (locale) => {
      expect(renderMessage({ ...input, locale }).subject).toBe('Ihr Sicherheitstoken für Acme');
    },
  );

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
    for (const locale of others)
      expect(renderMessage({ ...input, locale }).subject).toBe('Your security token for Acme');
  });

  it('is named in the HTML', () => {
    for (const locale of locales)
      expect(renderMessage({ ...input, locale }).html).toContain(`<html lang="${locale}"`);
  });

  it('can be another: its sentences, its noun, and numbers and dates as it writes them', () => {
    const { subject, text } = renderMessage({ ...input, locale: 'fr-CA', languages: { fr: french } });
    expect(subject).toBe('Votre code de sécurité pour Acme');
    expect(text).toMatch(
      /^Bonjour,\n\nVotre code de sécurité pour Acme:\n\n287082\n\nDemandé jeudi 17 janvier/,
    );
    expect(plainSpaces(text)).toContain('valable 15 minutes');
  });

  it('can be a built-in one with another noun, so that mail and page agree', () => {
    const languages = { en: { ...english, noun: 'login code' } };
    const { subject, text } = renderMessage({ ...input, languages });
    expect(subject).toBe('Your login code for Acme');
    expect(text).not.toContain('security token');
    expect(renderMessage({ ...input, locale: 'xx', languages }).subject).toBe('Your login code for Acme');
  });

  it('is the built-in one where a name of the prototype was asked for', () => {
    expect(chooseLanguage('constructor', {})).toBe(english);
    expect(chooseLanguage('de', { fr: french })).toBe(german);
  });
});

describe('readLanguages', () => {
  it('takes whole tables of sentences, and the built-in ones among them', () => {
    expect({ ...readLanguages({ fr: french, en: english, de: german }) }).toEqual({
      fr: french,
      en: english,
      de: german,
    });
  });

  it.each<[string, unknown, RegExp]>([
    ['no object', 'fr', /^languages must be an object; it is String$/],
    ['a whole locale as a key', { 'fr-FR': french }, /^languages must be keyed by a primary language subtag/],
    [
      'a missing sentence',
      { fr: { ...french, greeting: undefined } },
      /^languages.fr.greeting must be a string/,
    ],
    [
      'a misspelt name',
      { fr: { ...french, greetings: 'x' } },
      /^languages.fr has an unknown option 'greetings'/,
    ],
    [
      'a tag that is none',
      { fr: { ...french, tag: 'français!' } },
      /^languages.fr.tag must be a BCP 47 language tag/,
    ],
    [
      'a text for a list',
      { fr: { ...french, token: { ...french.token, below: 'x' } } },
      /^languages.fr.token.below must be a list/,
    ],
    [
      'a missing notice',
      { fr: { ...french, notices: { ...french.notices, locked: undefined } } },
      /^languages.fr.notices.locked/,
    ],
    ['text before the subtag', { 'x-fr': french }, /^languages must be keyed/],
    [
      'a sentence of a token that is none',
      { fr: { ...french, token: { ...french.token, title: 5 } } },
      /string/,
    ],
    ...(['subject', 'paragraphs'] as const).map((part): [string, unknown, RegExp] => [
      `a notice whose ${part} is a number`,
      { fr: { ...french, notices: { ...french.notices, locked: { ...french.notices.locked, [part]: 5 } } } },
      /^languages.fr.notices.locked/,
    ]),
    [
      'a notice with a paragraph that is none',
      { fr: { ...french, notices: { ...french.notices, locked: { subject: 'x', paragraphs: [5] } } } },
      /^languages.fr.notices.locked: every sentence must be a string/,
    ],
  ])('refuses %s, and says where it is', (_, languages, message) => {
    expect(() => readLanguages(languages as MailLanguages)).toThrow(message);
  });
});

describe('a value of the wrong type', () => {
  it('stops no mail, whether locale, name, duration, time, context or languages', () => {
    for (const wrong of wrongTypes) {
      const one = {
        ...input,
        locale: wrong,
        appName: wrong,
        expiresInSeconds: wrong,
        askedAt: wrong,
        context: wrong,
      };
      const { text, subject } = renderMessage(one as MessageInput);
      expect(text).toContain('\n287082\n');
      expect(subject + text).not.toMatch(/undefined|NaN|null|\[object|Invalid/);
    }
  });

  it('is refused as a code, which is not repeated', () => {
    const wrong = { ...input, code: 287082 } as unknown as MessageInput;
    expect(() => renderMessage(wrong)).toThrow(/^code must be a string\D*$/);
  });
});

describe('a hostile name', () => {
  it('cannot break out of the subject line', () => {
    const appName = 'A\r\nBcc: eve@example.com\u0000\u0085\u2028\u2029\t\u007fB';
    const { subject, text } = renderMessage({ ...input, appName });
    expect(subject).toBe('Your security token for A Bcc: eve@example.com B');
    expect(text).toContain('\nYour security token for A Bcc: eve@example.com B:\n');
  });

  it('cannot turn the text around, break its encoding, or fill in a place', () => {
    expect(renderMessage({ ...input, appName: 'A\u202eB\u2066C\ud800D' }).subject).toBe(
      'Your security token for A B C D',
    );
    expect(renderMessage({ ...input, appName: '{noun} {time}' }).subject).toBe(
      'Your security token for {noun} {time}',
    );
  });

  it('keeps what belongs to a name', () => {
    const appName = '👩‍💻 «Ærø» — 日本語 O’Neill $& Web24';
    expect(renderMessage({ ...input, appName }).subject).toBe(`Your security token for ${appName}`);
  });

  it.each(locales)('is escaped wherever HTML holds it (%s)', (locale) => {
    const appName = `</title><script>alert("&amp;")</script><img src='x' onerror=alert(1)>`;
    const { html } = renderMessage({ ...input, locale, appName });
    expect(html).not.toMatch(/<script|<img/);
    expect(html.replaceAll(escapeHtml(appName), 'Acme')).toBe(renderMessage({ ...input, locale }).html);
  });

  it('is read back from the HTML as it was', () => {
    const appName = `Tom & "Jerry" <'&lt;'>`;
    expect(visibleText(renderMessage({ ...input, appName }).html)).toContain(`token for ${appName}:`);
  });

  it('takes linear time, however long', () => {
    for (const appName of ['\r'.repeat(1e6) + 'x', '<'.repeat(1e6), ' \u202e'.repeat(1e6), '{'.repeat(1e6)])
      expect(renderMessage({ ...input, appName }).text).toContain('\n287082\n');
  });
});

describe('escapeHtml', () => {
  it('escapes the five characters that could end a text or an attribute', () => {
    expect(escapeHtml(`a & b < c > d " e ' f`)).toBe('a &amp; b &lt; c &gt; d &quot; e &#39; f');
    expect([escapeHtml('&amp;'), escapeHtml('')]).toEqual(['&amp;amp;', '']);
  });

  it('refuses what is no string', () => {
    for (const wrong of wrongTypes.filter((value) => typeof value !== 'string'))
      expect(() => escapeHtml(wrong as string)).toThrow('text must be a string');
  });
});

/** Which kinds of space stand in times and numbers differs from one version of Unicode's data to the next. */
function plainSpaces(text: string): string {
  return text.replace(/[\u202f\u00a0]/g, ' ');
}

/** Runs of three or more digits, of any script. */
function longRuns(text: string): string[] {
  return text.match(/\p{Nd}{3,}/gu) ?? [];
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
