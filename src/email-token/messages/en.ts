import type { Duration, Wording, WordingInput } from './wording.js';

/** The mail in English. */
export function english({ appName, validity }: WordingInput): Wording {
  const title = appName === undefined ? 'Your verification code' : `Your verification code for ${appName}`;
  const valid = `It is valid for ${englishDuration(validity)}`;
  return {
    language: 'en',
    subject: title,
    preview: `${valid}. We will never ask you for it.`,
    above: ['Hello,', `${title} is:`],
    below: [
      `Please enter it on the page you still have open. ${valid} and works only once.`,
      'If you did not ask for this code, you can ignore this email: without the code, nobody gets any further. ' +
        'It may mean, though, that someone knows your password. To be on the safe side, please change it.',
      'We will never ask you for this code by phone, email or chat. Please keep it to yourself.',
    ],
  };
}

/** A length of time in English, without digits: `'an hour'`, `'fifteen minutes'`. */
export function englishDuration({ hours, minutes }: Duration): string {
  const parts = [];
  if (hours > 0) parts.push(hours === 1 ? 'an hour' : `${cardinal(hours)} hours`);
  if (minutes > 0) parts.push(minutes === 1 ? 'one minute' : `${cardinal(minutes)} minutes`);
  return parts.join(' and ') || 'less than a minute';
}

/** An integer from 0 to 59 in words. */
function cardinal(value: number): string {
  const small = smallNumbers[value];
  if (small !== undefined) return small;
  const tens = tensWords[Math.floor(value / 10)] ?? '';
  return value % 10 === 0 ? tens : `${tens}-${cardinal(value % 10)}`;
}

const smallNumbers = [
  ...['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'],
  ...[
    'ten',
    'eleven',
    'twelve',
    'thirteen',
    'fourteen',
    'fifteen',
    'sixteen',
    'seventeen',
    'eighteen',
    'nineteen',
  ],
];
const tensWords = ['', '', 'twenty', 'thirty', 'forty', 'fifty'];
