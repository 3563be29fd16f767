import { describe, expect, it } from 'vitest';
import { renderMessage } from '../../src/email-token/message.js';

const english = [
  ...['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'],
  ...[
    'eleven',
    'twelve',
    'thirteen',
    'fourteen',
    'fifteen',
    'sixteen',
    'seventeen',
    'eighteen',
    'nineteen',
    'twenty',
  ],
  ...['twenty-one', 'twenty-two', 'twenty-three', 'twenty-four', 'twenty-five'],
  ...['twenty-six', 'twenty-seven', 'twenty-eight', 'twenty-nine', 'thirty'],
  ...['thirty-one', 'thirty-two', 'thirty-three', 'thirty-four', 'thirty-five'],
  ...['thirty-six', 'thirty-seven', 'thirty-eight', 'thirty-nine', 'forty'],
  ...['forty-one', 'forty-two', 'forty-three', 'forty-four', 'forty-five'],
  ...['forty-six', 'forty-seven', 'forty-eight', 'forty-nine', 'fifty'],
  ...['fifty-one', 'fifty-two', 'fifty-three', 'fifty-four', 'fifty-five'],
  ...['fifty-six', 'fifty-seven', 'fifty-eight', 'fifty-nine'],
];

const german = [
  ...['eine', 'zwei', 'drei', 'vier', 'fünf', 'sechs', 'sieben', 'acht', 'neun', 'zehn'],
  ...[
    'elf',
    'zwölf',
    'dreizehn',
    'vierzehn',
    'fünfzehn',
    'sechzehn',
    'siebzehn',
    'achtzehn',
    'neunzehn',
    'zwanzig',
  ],
  ...['einundzwanzig', 'zweiundzwanzig', 'dreiundzwanzig', 'vierundzwanzig', 'fünfundzwanzig'],
  ...['sechsundzwanzig', 'siebenundzwanzig', 'achtundzwanzig', 'neunundzwanzig', 'dreißig'],
  ...['einunddreißig', 'zweiunddreißig', 'dreiunddreißig', 'vierunddreißig', 'fünfunddreißig'],
  ...['sechsunddreißig', 'siebenunddreißig', 'achtunddreißig', 'neununddreißig', 'vierzig'],
  ...['einundvierzig', 'zweiundvierzig', 'dreiundvierzig', 'vierundvierzig', 'fünfundvierzig'],
  ...['sechsundvierzig', 'siebenundvierzig', 'achtundvierzig', 'neunundvierzig', 'fünfzig'],
  ...['einundfünfzig', 'zweiundfünfzig', 'dreiundfünfzig', 'vierundfünfzig', 'fünfundfünfzig'],
  ...['sechsundfünfzig', 'siebenundfünfzig', 'achtundfünfzig', 'neunundfünfzig'],
];

describe('the validity in words', () => {
  it.each(english.map((word, index) => [index + 1, word] as const))(
    'is right for minute %i in English',
    (minute, word) => {
      const unit = minute === 1 ? 'minute' : 'minutes';
      expect(validity('en', minute * 60)).toBe(`${word} ${unit}`);
    },
  );

  it.each(german.map((word, index) => [index + 1, word] as const))(
    'is right for minute %i in German',
    (minute, word) => {
      const unit = minute === 1 ? 'Minute' : 'Minuten';
      expect(validity('de', minute * 60)).toBe(`${word} ${unit}`);
    },
  );

  it('is right for every hour of a day', () => {
    for (let hour = 2; hour <= 24; hour++) {
      expect(validity('en', hour * 3600)).toBe(`${english[hour - 1] ?? ''} hours`);
      expect(validity('de', hour * 3600)).toBe(`${german[hour - 1] ?? ''} Stunden`);
    }
    expect(validity('en', 3600)).toBe('an hour');
    expect(validity('de', 3600)).toBe('eine Stunde');
  });

  it('names hours and minutes where it is both', () => {
    expect(validity('en', 90 * 60)).toBe('an hour and thirty minutes');
    expect(validity('de', 90 * 60)).toBe('eine Stunde und dreißig Minuten');
    expect(validity('en', 2 * 3600 + 60)).toBe('two hours and one minute');
    expect(validity('de', 2 * 3600 + 60)).toBe('zwei Stunden und eine Minute');
  });

  it('never promises more than the code has', () => {
    expect(validity('en', 899)).toBe('fourteen minutes');
    expect(validity('de', 3599)).toBe('neunundfünfzig Minuten');
    for (const seconds of [59, 1, 0, -60, NaN, Infinity, -Infinity]) {
      expect(validity('en', seconds)).toBe('less than a minute');
      expect(validity('de', seconds)).toBe('weniger als eine Minute');
    }
    expect(validity('en', 1e9)).toBe('twenty-four hours');
  });
});

/** What the text says of it. */
function validity(locale: string, expiresInSeconds: number): string {
  const { text } = renderMessage({
    code: '287082',
    expiresInSeconds,
    appName: 'Acme',
    locale,
    purpose: 'login',
  });
  const [, words = ''] =
    /(?:It is valid for|Er gilt) (.+) (?:and works only once|und nur einmal)\./.exec(text) ?? [];
  return words;
}
