import { assertString } from '../internal/asserts.js';
import { toOneLine } from '../internal/characters.js';
import { german } from './messages/de.js';
import { english } from './messages/en.js';
import { formatHtml } from './messages/html.js';
import { escapeHtml } from './messages/escape-html.js';
import type { Duration, Gapped, WriteWording } from './messages/wording.js';

export { escapeHtml } from './messages/escape-html.js';

/** A mail without its addresses. */
export interface MailMessage {
  /** The subject line, without line breaks; never holds the code. */
  readonly subject: string;
  /** The plain text: it says everything that the HTML says. */
  readonly text: string;
  /** The same as a complete HTML document. */
  readonly html: string;
  /** Header fields to send along: `Auto-Submitted` and `X-Auto-Response-Suppress`. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What a mail is written from. */
export interface MessageInput {
  /** The code: 6, 7 or 8 digits. Secret: never log it. */
  readonly code: string;
  /** How long the code is valid, in seconds: from 60 to 86,400. The mail says it in words, rounded down to minutes. */
  readonly expiresInSeconds: number;
  /** The service's name; undefined if it has none. A digit in it is a second number in the mail: see {@link renderMessage}. */
  readonly appName: string | undefined;
  /** The language, such as `'de'`, `'de-AT'` or `'de_CH'`; whatever is not German, undefined included, means English. */
  readonly locale: string | undefined;
  /** What the code is for. This mail fits every purpose and does not name it; one of your own may want to. */
  readonly purpose: string;
}

/**
 * Writes the mail that carries a code: the one {@link createEmailTokens} sends unless it is given a `render`.
 *
 * The code is the only run of digits in the mail, so that programs which look for one find it. A name like `Web24` is
 * written as it stands and adds another run: leave the digits out of `appName` if they can be spared.
 *
 * @param input - `code` of 6 to 8 digits; `expiresInSeconds` from 60 to 86,400; `appName`, in which control characters
 *   become spaces; `locale`, English unless it is German; `purpose`, unused here
 * @returns subject, text, HTML and header fields, the same for the same input
 * @throws {@link CountersignError} `ERR_INVALID_ARGUMENT` if `code` is no string; a wrong locale, name or duration stops no mail
 * @see RFC 3834 section 5 for `Auto-Submitted`, MS-OXCMAIL 2.1.3.2.20 for `X-Auto-Response-Suppress`: they keep
 *   holiday replies, which may quote the code, from being sent
 * @example
 * ```ts
 * import { renderMessage } from 'countersign';
 *
 * const mail = renderMessage({
 *   code: '287082',
 *   expiresInSeconds: 900,
 *   appName: 'Acme',
 *   locale: 'en',
 *   purpose: 'login',
 * });
 * console.log(mail.subject); // Your verification code for Acme
 * console.log(mail.text.includes('fifteen minutes')); // true
 * ```
 */
export function renderMessage({ code, expiresInSeconds, appName, locale }: MessageInput): MailMessage {
  assertString('code', code);
  const { subject, text, html } = templateOf(chooseLanguage(locale), appName, expiresInSeconds);
  return {
    subject,
    text: text.before + code + text.after,
    html: html.before + escapeHtml(code) + html.after,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  };
}

/** A mail but for its code, and what it was written from. */
interface Template {
  readonly appName: unknown;
  readonly seconds: unknown;
  readonly subject: string;
  readonly text: Gapped;
  readonly html: Gapped;
}

/** A service sends one mail over and over: the last one in each language is kept. */
const lastTemplates = /* @__PURE__ */ new Map<WriteWording, Template>();

function templateOf(write: WriteWording, appName: unknown, seconds: number): Template {
  const last = lastTemplates.get(write);
  if (last !== undefined && last.appName === appName && last.seconds === seconds) return last;
  const template = makeTemplate(write, appName, seconds);
  lastTemplates.set(write, template);
  return template;
}

function makeTemplate(write: WriteWording, appName: unknown, seconds: number): Template {
  const wording = write({ appName: cleanName(appName), validity: toDuration(seconds) });
  const { subject, above, below } = wording;
  const text = { before: [...above, ''].join('\n\n'), after: ['', ...below].join('\n\n') + '\n' };
  return { appName, seconds, subject, text, html: formatHtml(wording) };
}

/** The locale often comes straight from a request or a database: a wrong one must not stop a mail. */
function chooseLanguage(locale: unknown): WriteWording {
  return typeof locale === 'string' && /^de(?![a-z0-9])/i.test(locale) ? german : english;
}

/**
 * A name that cannot break out of its line: a CR LF in a subject would add header fields of the name's choice, and
 * a bidirectional override would turn the code around.
 */
function cleanName(appName: unknown): string | undefined {
  if (typeof appName !== 'string') return undefined;
  const name = toOneLine(appName);
  return name === '' ? undefined : name;
}

/** Rounded down: a code must not die before the mail says so. */
function toDuration(seconds: number): Duration {
  const known = Number.isFinite(seconds) ? seconds : 0;
  const minutes = Math.floor(Math.min(Math.max(known, 0), MAX_SECONDS) / 60);
  return { hours: Math.floor(minutes / 60), minutes: minutes % 60 };
}

const MAX_SECONDS = 86_400;
