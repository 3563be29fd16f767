/** What the sentences of a mail have to say. */
export interface WordingInput {
  /** The service's name, fit for a header line; undefined if it has none. */
  readonly appName: string | undefined;
  /** How long the code is valid. */
  readonly validity: Duration;
}

/** A length of time as people say it. */
export interface Duration {
  /** From 0 to 24. */
  readonly hours: number;
  /** From 0 to 59. */
  readonly minutes: number;
}

/**
 * The sentences of a mail in one language. None holds a digit or a link: the code is the only number, for the programs
 * that look for it, and customers never learn to follow a link in such a mail.
 */
export interface Wording {
  /** The language, for the `lang` attribute. */
  readonly language: string;
  /** The subject line: without the code, since subjects end up in logs and on lock screens. */
  readonly subject: string;
  /** What a list of mails shows next to the subject: without the code too. */
  readonly preview: string;
  /** The paragraphs above the code. */
  readonly above: readonly string[];
  /** The paragraphs below the code. */
  readonly below: readonly string[];
}

/** Writes the sentences in one language. */
export type WriteWording = (input: WordingInput) => Wording;

/** A text around the gap that the code fills. */
export interface Gapped {
  readonly before: string;
  readonly after: string;
}
