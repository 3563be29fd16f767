/** The events that people hear of by mail. */
export type NoticeKind =
  | 'activated'
  | 'replaced'
  | 'adopted'
  | 'deactivated'
  | 'recovery_code_used'
  | 'recovery_codes_renewed'
  | 'locked';

/** The sentences of a mail that carries a code. */
export interface CodeSentences {
  /** The subject line, and the line above the code, for a service without a name. Neither ever holds the code. */
  readonly title: string;
  /** The same for a service with a name: with `{appName}`. */
  readonly titleWithName: string;
  /** What a list of mails shows beside the subject; never the code. */
  readonly preview: string;
  /** The paragraphs below the code: with `{time}` and `{duration}`. */
  readonly below: readonly string[];
}

/** The sentences of a mail that says what happened to an account. */
export interface NoticeSentences {
  readonly subject: string;
  /** With `{time}`; also `{app}` for an app's name, `{left}` for the recovery codes left, `{until}` for a lock. */
  readonly paragraphs: readonly string[];
}

/**
 * The mails in one language: a plain table of sentences, without HTML, links or digits. Its placeholders are `{noun}`,
 * `{appName}`, `{time}`, `{duration}`, `{app}`, `{left}` and `{until}`; times and durations are formatted for the
 * language.
 *
 * Copy `english` or `german` to begin, and check the result with `checkLanguage` from `countersign/testing`.
 *
 * @example
 * ```ts
 * import { english, type MailLanguage, renderMessage } from 'countersign';
 *
 * const codes: MailLanguage = { ...english, noun: 'login code' };
 * const mail = renderMessage({
 *   code: '287082',
 *   expiresInSeconds: 900,
 *   appName: 'Acme',
 *   locale: 'en',
 *   purpose: 'login',
 *   languages: { en: codes },
 * });
 * console.log(mail.subject); // Your login code for Acme
 * ```
 */
export interface MailLanguage {
  /** The language as a BCP 47 tag, such as `'fr'`: for the mail's `lang` attribute, its dates and its numbers. */
  readonly tag: string;
  /** The direction of its script; `'ltr'` by default. */
  readonly direction?: 'ltr' | 'rtl' | undefined;
  /** What is mailed, as it stands inside a sentence: `'security token'`. Use the same word on the page. */
  readonly noun: string;
  readonly greeting: string;
  /** The mail with six digits. */
  readonly token: CodeSentences;
  /** The mail with 25 letters and digits, for an account that takes no guesses at the short code. */
  readonly longToken: CodeSentences;
  readonly notices: Readonly<Record<NoticeKind, NoticeSentences>>;
  /** The last paragraph of every notice: what to do if it was not the customer. */
  readonly notYou: string;
}
