import { describe, expect, it } from 'vitest';
import { english } from '../../src/email-token/messages/english.js';
import { german } from '../../src/email-token/messages/german.js';
import type { MailLanguage } from '../../src/email-token/messages/mail-language.js';
import { checkLanguage } from '../../src/testing/language-cases.js';

const { notices, token } = english;

const faulty: [string, object, string][] = [
  ['a sentence that is missing', { greeting: undefined }, 'greeting is no text'],
  ['an empty sentence', { notYou: ' ' }, 'notYou is empty'],
  ['HTML', { notYou: '<p>Call us.</p>' }, 'notYou has HTML'],
  ['a character reference', { notYou: 'Fish &amp; Chips' }, 'notYou has HTML'],
  ['a link', { notYou: 'See https://acme.example' }, 'notYou has a link'],
  ['a line break', { greeting: 'Hello,\nthere' }, 'greeting has a line break'],
  ['digits', { greeting: 'Hello 42' }, 'greeting has digits, which a reader may take for the code'],
  ['a function', { greeting: () => 'Hello' }, 'greeting is no text'],
  [
    'a placeholder that is lost',
    { token: { ...token, titleWithName: 'Your {noun}' } },
    'token.titleWithName has lost {appName}',
  ],
  [
    'a placeholder that is misspelt',
    { greeting: 'Hello {name}' },
    'greeting has {name}, which it cannot fill',
  ],
  ['a brace that is not closed', { greeting: 'Hello {noun' }, 'greeting has {noun, which it cannot fill'],
  ['no paragraphs', { token: { ...token, below: [] } }, 'token.below is no list of sentences'],
  ['a paragraph that is no text', { token: { ...token, below: [1] } }, 'token.below[0] is no text'],
  [
    'paragraphs without the time',
    { token: { ...token, below: ['{duration}'] } },
    'token.below has lost {time}',
  ],
  [
    'a notice that is missing',
    { notices: { ...notices, locked: undefined } },
    'notices.locked is no table of sentences',
  ],
  ['a field too many', { farewell: 'Bye' }, 'farewell is not part of a language'],
  ['another tag', { tag: 'english!' }, 'tag is no BCP 47 language tag, such as fr'],
  ['another direction', { direction: 'up' }, 'direction is neither ltr nor rtl'],
];

describe('checkLanguage', () => {
  it.each([english, german])('finds nothing to say of the built-in language $tag', (language) => {
    expect(checkLanguage(language)).toEqual([]);
  });

  it.each(faulty)('finds %s', (_, change, finding) => {
    expect(checkLanguage({ ...english, ...change })).toEqual([finding]);
  });

  it('finds a field that is not there', () => {
    const { notYou, ...rest } = english;
    expect(notYou).toContain('not you');
    expect(checkLanguage(rest as MailLanguage)).toEqual(['notYou is missing']);
  });

  it('lets a language have another number of paragraphs, and leave the noun out', () => {
    const below = ['{time}', 'für {duration}', 'mehr', 'noch mehr', 'viel mehr'];
    expect(checkLanguage({ ...english, token: { ...token, below } })).toEqual([]);
  });

  it('refuses what is no table', () => {
    expect(() => checkLanguage(undefined as never)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }),
    );
  });
});
