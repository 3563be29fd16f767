import { assertString, failType, failValue, ownOnly, readOptions } from '../internal/asserts.js';
import { toOneLine } from '../internal/characters.js';
import { english } from './messages/english.js';
import { german } from './messages/german.js';
import { formatHtml, type MailContent } from './messages/mail-html.js';
import type { CodeSentences, MailLanguage, NoticeKind, NoticeSentences } from './messages/mail-language.js';

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

/** The languages of the mails by their primary subtag, such as `{ fr }`; English and German are built in. */
export type MailLanguages = Readonly<Record<string, MailLanguage>>;

/** What a mail is written from. */
export interface MessageInput {
  /** The code: 6, 7 or 8 digits, or 25 letters and digits in groups. Secret: never log it. */
  readonly code: string;
  /** How long the code is still good, in seconds. The mail rounds down to seconds, minutes or hours. */
  readonly expiresInSeconds: number;
  /** The service's name; undefined if it has none. */
  readonly appName: string | undefined;
  /** The language, such as `'de'`, `'de-AT'` or `'de_CH'`; English if there is no such language. */
  readonly locale: string | undefined;
  /** What the code is for. The built-in mails fit every purpose and do not name it. */
  readonly purpose: string;
  /** Whether the code is one of 25 letters and digits; false by default. */
  readonly long?: boolean | undefined;
  /** When the customer asked for it; now by default. */
  readonly askedAt?: Date | undefined;
  /** The application's `context`. If it has a `timeZone`, such as `'Europe/Berlin'`, times are shown in that zone. */
  readonly context?: unknown;
  /** Languages beside or in place of the built-in ones. */
  readonly languages?: MailLanguages | undefined;
}

/**
 * Writes the mail that carries a code: the one that is sent unless there is a `render` option.
 *
 * The code is the only run of more than two digits in the mail, so that programs that look for a code find it. A name
 * such as `Web24` is used as it is; leave the digits out of `appName` if you can.
 *
 * @param input - see {@link MessageInput}; control characters in `appName` become spaces
 * @returns subject, text, HTML and header fields
 * @throws {@link CountersignError} `ERR_INVALID_ARGUMENT` if `code` is not a string; a wrong locale, name, time zone or
 *   duration never stops a mail
 * @see RFC 3834 section 5 for `Auto-Submitted`, MS-OXCMAIL 2.1.3.2.20 for `X-Auto-Response-Suppress`: they suppress
 *   out-of-office replies, which may quote the code
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
 * console.log(mail.subject); // Your security token for Acme
 * console.log(mail.text.includes('good for 15 minutes')); // true
 * ```
 */
export function renderMessage(input: MessageInput): MailMessage {
  const own = ownOnly(input);
  const { code, appName, locale, languages, long = false } = own;
  assertString('code', code);
  const language = chooseLanguage(locale, languages);
  const sentences = long ? language.longToken : language.token;
  const write = writer(language, messageValues(language, locale, own));
  const title = titleOf(sentences, appName);
  return composeMail(language, {
    subject: write(title),
    preview: write(sentences.preview),
    above: [language.greeting, `${write(title)}:`],
    code,
    below: [...sentences.below.map(write), ...signature(appName)],
  });
}

/** Puts a mail together from its paragraphs. */
export function composeMail(
  language: MailLanguage,
  content: Omit<MailContent, 'tag' | 'direction'>,
): MailMessage {
  const { tag, direction = 'ltr' } = ownOnly(language);
  const { subject, above, code, below } = content;
  const paragraphs = [...above, ...(code === null ? [] : [code]), ...below];
  return {
    subject,
    text: `${paragraphs.join('\n\n')}\n`,
    html: formatHtml({ tag, direction, ...content }),
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  };
}

/** The language of a locale. A locale often comes straight from a request: a wrong one must not stop a mail. */
export function chooseLanguage(locale: unknown, languages: MailLanguages = {}): MailLanguage {
  const primary = typeof locale === 'string' ? (/^[a-z]{2,8}/i.exec(locale)?.[0] ?? '').toLowerCase() : '';
  if (Object.hasOwn(languages, primary)) return languages[primary] ?? english;
  if (primary === 'de') return german;
  return Object.hasOwn(languages, 'en') ? (languages['en'] ?? english) : english;
}

/** Puts values in the place of `{names}`; a name without a value becomes empty. */
export function writer(
  language: MailLanguage,
  values: Readonly<Record<string, string>>,
): (sentence: string) => string {
  const all: Readonly<Record<string, string>> = { noun: language.noun, ...values };
  return (sentence) =>
    sentence.replace(/\{(\w+)\}/g, (_, name: string) => (Object.hasOwn(all, name) ? (all[name] ?? '') : ''));
}

/** The service's name as the last paragraph; nothing if it has none. */
export function signature(appName: unknown): string[] {
  const name = cleanName(appName);
  return name === undefined ? [] : [name];
}

/** Formats a point in time as people say it, without the year: four digits could be taken for a code. */
export function formatTime(
  language: MailLanguage,
  locale: unknown,
  time: { at: Date; context?: unknown },
): string {
  const parts: Intl.DateTimeFormatOptions = {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
    numberingSystem: 'latn',
  };
  const format = (timeZone: string): string =>
    new Intl.DateTimeFormat(localeFor(language, locale), ownOnly({ ...parts, timeZone })).format(time.at);
  try {
    return format(timeZoneOf(time.context));
  } catch {
    // A time zone that this runtime does not know.
    return format('UTC');
  }
}

/**
 * A name that cannot break out of its line: a line break in a subject would add header fields of the name's choice, and
 * a bidirectional override would turn the code around.
 */
export function cleanName(name: unknown): string | undefined {
  const clean = typeof name === 'string' ? toOneLine(name) : '';
  return clean === '' ? undefined : clean;
}

/** Reads the `languages` option: each one must be a whole table of sentences. */
export function readLanguages(value: MailLanguages): MailLanguages {
  const languages = readOptions('languages', value, Object.keys({ ...value }));
  for (const [name, language] of Object.entries(languages)) {
    if (!/^[a-z]{2,8}$/.test(name)) failValue('languages', 'keyed by a primary language subtag, such as fr');
    assertLanguage(`languages.${name}`, language);
  }
  return languages;
}

const noticeKinds: readonly NoticeKind[] = [
  'activated',
  'replaced',
  'adopted',
  'deactivated',
  'recovery_code_used',
  'recovery_codes_renewed',
  'locked',
];

function assertLanguage(name: string, value: MailLanguage): void {
  const known = ['tag', 'direction', 'noun', 'greeting', 'token', 'longToken', 'notices', 'notYou'];
  const { tag, noun, greeting, notYou, token, longToken, notices } = readOptions(name, value, known);
  for (const [field, sentence] of Object.entries({ tag, noun, greeting, notYou })) {
    assertString(`${name}.${field}`, sentence);
  }
  if (!isTag(tag)) failValue(`${name}.tag`, 'a BCP 47 language tag such as fr');
  assertCodeSentences(`${name}.token`, token);
  assertCodeSentences(`${name}.longToken`, longToken);
  const own = readOptions(`${name}.notices`, notices, noticeKinds);
  for (const kind of noticeKinds) assertNotice(`${name}.notices.${kind}`, own[kind]);
}

function assertCodeSentences(name: string, value: CodeSentences): void {
  const known = ['title', 'titleWithName', 'preview', 'below'];
  const { title, titleWithName, preview, below } = readOptions(name, value, known);
  assertSentences(name, [title, titleWithName, preview, ...listOf(`${name}.below`, below)]);
}

function assertNotice(name: string, value: NoticeSentences): void {
  const { subject, paragraphs } = readOptions(name, value, ['subject', 'paragraphs']);
  assertSentences(name, [subject, ...listOf(`${name}.paragraphs`, paragraphs)]);
}

function assertSentences(name: string, sentences: readonly unknown[]): void {
  for (const sentence of sentences) assertString(`${name}: every sentence`, sentence);
}

function listOf(name: string, value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : failType(name, 'a list of sentences', value);
}

function isTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}

function titleOf({ title, titleWithName }: CodeSentences, appName: unknown): string {
  return cleanName(appName) === undefined ? title : titleWithName;
}

function messageValues(
  language: MailLanguage,
  locale: unknown,
  { appName, expiresInSeconds, askedAt, context }: MessageInput,
): Record<string, string> {
  return {
    appName: cleanName(appName) ?? '',
    duration: formatDuration(localeFor(language, locale), expiresInSeconds),
    time: formatTime(language, locale, { at: knownDate(askedAt), context }),
  };
}

/** The locale if it is one of the language's, such as en-GB for English; otherwise the language's own tag. */
function localeFor({ tag }: MailLanguage, locale: unknown): string {
  const wanted = typeof locale === 'string' ? locale.replaceAll('_', '-') : '';
  return isTag(wanted) && wanted.toLowerCase().startsWith(`${tag.toLowerCase()}-`) ? wanted : tag;
}

/** An invalid date must not stop a mail either. */
function knownDate(value: unknown): Date {
  return value instanceof Date && Number.isFinite(value.getTime()) ? value : new Date();
}

function timeZoneOf(context: unknown): string {
  const { timeZone } = ownOnly(Object(context) as { timeZone?: unknown });
  return typeof timeZone === 'string' ? timeZone : 'UTC';
}

/**
 * A length of time, rounded down, since a code must not die before the mail says so: seconds, then minutes, then hours.
 * A number of minutes has two digits at most: three could be taken for a code.
 */
function formatDuration(locale: string, seconds: unknown): string {
  const known = typeof seconds === 'number' && seconds > 0 ? Math.min(seconds, MAX_SECONDS) : 0;
  const [value, unit] = durationParts(Math.floor(known));
  const options = { style: 'unit', unit, unitDisplay: 'long', numberingSystem: 'latn' } as const;
  return new Intl.NumberFormat(locale, ownOnly<Intl.NumberFormatOptions>(options)).format(value);
}

function durationParts(seconds: number): [number, 'second' | 'minute' | 'hour'] {
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return [seconds, 'second'];
  const isHours = minutes > MAX_MINUTES || minutes % 60 === 0;
  return isHours ? [Math.floor(minutes / 60), 'hour'] : [minutes, 'minute'];
}

const MAX_MINUTES = 99;
const MAX_SECONDS = 99 * 3600;
