import { failType } from '../internal/asserts.js';
import { english } from '../email-token/messages/english.js';
import type { MailLanguage } from '../email-token/messages/mail-language.js';

/**
 * Checks the mails of a language: that every sentence is there and is plain text, and that no mail has lost a placeholder
 * or has one that it cannot fill.
 *
 * @param language - the table of sentences
 * @returns what is wrong, a line for each finding; empty if nothing is
 * @throws CountersignError `ERR_INVALID_ARGUMENT` if `language` is not an object
 * @example
 * ```ts
 * import { english } from 'countersign';
 * import { checkLanguage } from 'countersign/testing';
 *
 * console.log(checkLanguage({ ...english, notYou: 'Call <b>us</b>.' })); // [ 'notYou has HTML' ]
 * ```
 */
export function checkLanguage(language: MailLanguage): readonly string[] {
  if (typeof language !== 'object' || (language as MailLanguage | null) === null)
    failType('language', 'a table of sentences', language);
  const { tag, direction } = language;
  const findings = [...compared('', without(english), without(language))];
  if (!isTag(tag)) findings.push('tag is no BCP 47 language tag, such as fr');
  if (direction !== undefined && !['ltr', 'rtl'].includes(direction))
    findings.push('direction is neither ltr nor rtl');
  return findings;
}

/** The sentences alone. */
function without(language: MailLanguage): object {
  const copy: Record<string, unknown> = { ...language };
  delete copy['tag'];
  delete copy['direction'];
  return copy;
}

/** Compares a table with the English one, field by field. */
function compared(path: string, model: object, table: object): string[] {
  const names = new Set([...Object.keys(model), ...Object.keys(table)]);
  return [...names].flatMap((name) => {
    const own = (table as Record<string, unknown>)[name];
    const field = path === '' ? name : `${path}.${name}`;
    const expected = (model as Record<string, unknown>)[name];
    if (!Object.hasOwn(model, name)) return [`${field} is not part of a language`];
    if (!Object.hasOwn(table, name)) return [`${field} is missing`];
    if (typeof expected === 'string') return sentence(field, expected, own);
    if (Array.isArray(expected)) return sentences(field, expected as string[], own);
    return typeof own === 'object' && own !== null
      ? compared(field, expected as object, own)
      : [`${field} is no table of sentences`];
  });
}

function sentence(field: string, model: string, own: unknown): string[] {
  const findings = text(field, own);
  return findings.length > 0 ? findings : placeholders(field, model, own as string);
}

/** A list may have fewer or more paragraphs than the English one, which together have the same placeholders. */
function sentences(field: string, model: readonly string[], own: unknown): string[] {
  if (!Array.isArray(own) || own.length === 0) return [`${field} is no list of sentences`];
  const findings = own.flatMap((each: unknown, index) => text(`${field}[${index}]`, each));
  return findings.length > 0 ? findings : placeholders(field, model.join(' '), own.join(' '));
}

const faults: readonly [fault: string, pattern: RegExp][] = [
  ['is empty', /^\s*$/],
  ['has HTML', /<|&#?\w+;/],
  ['has a link', /https?:|www\./i],
  ['has a line break', /[\r\n]/],
  ['has digits, which a reader may take for the code', /\p{Nd}/u],
];

function text(field: string, own: unknown): string[] {
  if (typeof own !== 'string') return [`${field} is no text`];
  return faults.filter(([, pattern]) => pattern.test(own)).map(([fault]) => `${field} ${fault}`);
}

/** `{noun}` may be used or left out anywhere: a language may need another case of the word. */
function placeholders(field: string, model: string, own: string): string[] {
  const [wanted, found] = [placeholdersOf(model), placeholdersOf(own)];
  const lost = wanted.filter((each) => each !== '{noun}' && !found.includes(each));
  const unknown = found.filter((each) => each !== '{noun}' && !wanted.includes(each));
  return [
    ...lost.map((each) => `${field} has lost ${each}`),
    ...unknown.map((each) => `${field} has ${each}, which it cannot fill`),
  ];
}

function placeholdersOf(sentence: string): string[] {
  return [...new Set(sentence.match(/\{[^}]*\}?/g))];
}

function isTag(tag: unknown): boolean {
  try {
    return typeof tag === 'string' && Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
