import { hasOwn, readOptions } from '../internal/asserts.js';
import {
  chooseLanguage,
  cleanName,
  composeMail,
  formatTime,
  type MailLanguages,
  type MailMessage,
  readLanguages,
  signature,
  writer,
} from '../email-token/message.js';
import type { MailLanguage, NoticeKind } from '../email-token/messages/mail-language.js';
import type { TwoFactorEvent } from './flow-results.js';

/** Options of {@link renderNotice}. */
export interface NoticeOptions {
  /** The service's name; none by default. */
  readonly appName?: string | undefined;
  /** The language, such as `'de'`; English by default. */
  readonly locale?: string | undefined;
  /** Languages beside or in place of the built-in ones. */
  readonly languages?: MailLanguages | undefined;
  /** The time zone in which times are shown, such as `'Europe/Berlin'`; UTC by default. */
  readonly timeZone?: string | undefined;
}

/**
 * Writes the mail that tells a customer what happened to their account, as NIST SP 800-63B-4 section 4.1.2.1 and OWASP
 * ASVS 5.0 section 6.3.7 ask for: an app was activated, replaced, adopted or deactivated, a recovery code was used,
 * recovery codes were renewed, the account was locked.
 *
 * @param event - what `onEvent` was given
 * @param options - `appName`, `locale`, `languages`, `timeZone`
 * @returns the mail, or null for an event that customers need not hear of
 * @throws {@link CountersignError} `ERR_INVALID_ARGUMENT`, `ERR_UNKNOWN_OPTION` for options that are not as described
 * @example
 * ```ts
 * import { renderNotice, type TwoFactorEvent } from 'countersign';
 *
 * // For the `onEvent` option: look the address up, and hand the notice to your mail service.
 * function onEvent(event: TwoFactorEvent): void {
 *   const notice = renderNotice(event, { appName: 'Example Hosting', locale: 'en' });
 *   if (notice !== null) console.log(notice.subject);
 * }
 *
 * onEvent({ type: 'recovery_codes_renewed', userId: '12345', at: new Date() }); // You have new recovery codes
 * ```
 */
export function renderNotice(event: TwoFactorEvent, options: NoticeOptions = {}): MailMessage | null {
  const own = readOptions<NoticeOptions>('options', options, ['appName', 'locale', 'languages', 'timeZone']);
  const { languages = {} } = own;
  const language = chooseLanguage(own.locale, readLanguages(languages));
  const { type } = event;
  if (!isNotice(type)) return null;
  const write = writer(language, noticeValues(language, event, own));
  const { subject, paragraphs } = language.notices[type];
  return composeMail(language, {
    subject: write(subject),
    preview: write(paragraphs[0] ?? ''),
    above: [language.greeting],
    code: null,
    below: [...paragraphs.map(write), write(language.notYou), ...signature(own.appName)],
  });
}

const kinds: readonly string[] = [
  'activated',
  'replaced',
  'adopted',
  'deactivated',
  'recovery_code_used',
  'recovery_codes_renewed',
  'locked',
];

function isNotice(type: string): type is NoticeKind {
  return kinds.includes(type);
}

function noticeValues(
  language: MailLanguage,
  event: TwoFactorEvent,
  { appName, locale, timeZone }: NoticeOptions,
): Record<string, string> {
  const say = (at: Date): string => formatTime(language, locale, { at, context: { timeZone } });
  return {
    appName: cleanName(appName) ?? '',
    time: say(event.at),
    ...(hasOwn(event, 'name') ? { app: cleanName(event.name) ?? '' } : {}),
    ...(hasOwn(event, 'left') ? { left: String(event.left) } : {}),
    ...(event.type === 'locked' ? { until: say(event.until) } : {}),
  };
}
