import { de } from './de.js';
import { en, type Words } from './en.js';

export type Language = 'en' | 'de';

/** To add a language, write its table and name it here; the compiler says what is missing. */
export const languages: Readonly<Record<Language, Words>> = { en, de };

/** For dates and mails: English as it is written in Europe, with the day before the month. */
export const locales: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE' };

export function isLanguage(value: string): value is Language {
  return Object.hasOwn(languages, value);
}

/** An instant in the customer's language and time zone. */
export function formatTime(language: Language, timeZone: string, ms: number): string {
  const format = { dateStyle: 'long', timeStyle: 'short', timeZone } as const;
  return new Intl.DateTimeFormat(locales[language], format).format(ms);
}

export function formatDate(language: Language, timeZone: string, ms: number): string {
  return new Intl.DateTimeFormat(locales[language], { dateStyle: 'long', timeZone }).format(ms);
}
