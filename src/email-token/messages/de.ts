import type { Duration, Wording, WordingInput } from './wording.js';

/** The mail in German, with the formal address. */
export function german({ appName, validity }: WordingInput): Wording {
  const title = appName === undefined ? 'Ihr Bestätigungscode' : `Ihr Bestätigungscode für ${appName}`;
  const valid = `Er gilt ${germanDuration(validity)}`;
  return {
    language: 'de',
    subject: title,
    preview: `${valid}. Wir fragen Sie niemals danach.`,
    above: ['Guten Tag,', `${title} lautet:`],
    below: [
      `Bitte geben Sie ihn auf der Seite ein, die Sie noch geöffnet haben. ${valid} und nur einmal.`,
      'Falls Sie diesen Code nicht angefordert haben, können Sie diese E-Mail ignorieren: Ohne den Code kommt ' +
        'niemand weiter. Möglicherweise kennt aber jemand Ihr Passwort. Bitte ändern Sie es sicherheitshalber.',
      'Wir fragen Sie niemals nach diesem Code, weder am Telefon noch per E-Mail oder Chat. Bitte behalten Sie ihn für sich.',
    ],
  };
}

/** A length of time in German, without digits: `'eine Stunde'`, `'fünfzehn Minuten'`. */
export function germanDuration({ hours, minutes }: Duration): string {
  const parts = [];
  if (hours > 0) parts.push(hours === 1 ? 'eine Stunde' : `${cardinal(hours)} Stunden`);
  if (minutes > 0) parts.push(minutes === 1 ? 'eine Minute' : `${cardinal(minutes)} Minuten`);
  return parts.join(' und ') || 'weniger als eine Minute';
}

/** An integer from 0 to 59 in words. */
function cardinal(value: number): string {
  const small = smallNumbers[value];
  if (small !== undefined) return small;
  const tens = tensWords[Math.floor(value / 10)] ?? '';
  if (value % 10 === 0) return tens;
  return `${value % 10 === 1 ? 'ein' : cardinal(value % 10)}und${tens}`;
}

const smallNumbers = [
  ...['null', 'eins', 'zwei', 'drei', 'vier', 'fünf', 'sechs', 'sieben', 'acht', 'neun'],
  ...[
    'zehn',
    'elf',
    'zwölf',
    'dreizehn',
    'vierzehn',
    'fünfzehn',
    'sechzehn',
    'siebzehn',
    'achtzehn',
    'neunzehn',
  ],
];
const tensWords = ['', '', 'zwanzig', 'dreißig', 'vierzig', 'fünfzig'];
