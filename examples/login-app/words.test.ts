import { describe, expect, it } from 'vitest';
import { durations } from './words/durations.js';
import { formatTime, languages } from './words/languages.js';
import type { Factor } from './words/message.js';

const factors: readonly Factor[] = ['email', 'authenticator', 'recovery'];

/** Every sentence of a table, with each way to prove oneself. */
function sentencesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'function') {
    const said = factors.map((by) =>
      (value as (about: unknown) => unknown)({ by, attemptsLeft: 2, left: 3 }),
    );
    return said.flatMap(sentencesOf);
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(sentencesOf) : [];
}

describe('the words', () => {
  it('say one noun for each thing', () => {
    for (const sentence of sentencesOf(languages.en.messages)) {
      expect(sentence).not.toMatch(/e-mail|verification|one-time|\bOTP\b/i);
      // What is mailed is a security token; what an app shows is a code.
      expect(sentence.replaceAll('security token', '')).not.toMatch(/\btokens?\b(?!s by email)/);
    }
    for (const sentence of sentencesOf(languages.de)) expect(sentence).not.toMatch(/\bEmail\b|\bE-mail\b/);
  });

  it('are short: a fact, and what to do', () => {
    for (const { messages } of Object.values(languages))
      for (const sentence of sentencesOf(messages))
        expect(sentence.split(/[.?!](?:\s|$)/).filter(Boolean).length, sentence).toBeLessThanOrEqual(3);
  });

  it('are there in German wherever they are in English', () => {
    const german = languages.de.messages;
    for (const [key, text] of Object.entries(languages.en.messages))
      expect(sentencesOf(german[key as keyof typeof german])).not.toEqual(sentencesOf(text));
  });

  it('never say a shorter wait than there is', () => {
    expect([1, 1000, 90_000, 90_001, 5_400_001, 48 * 3_600_001].map(durations('en'))).toEqual([
      '1 second',
      '1 second',
      '90 seconds',
      '2 minutes',
      '2 hours',
      '49 hours',
    ]);
    expect([1000, 120_000, 7_200_000].map(durations('de'))).toEqual(['1 Sekunde', '2 Minuten', '2 Stunden']);
  });

  it('tell times in the customer’s language and zone', () => {
    const at = Date.UTC(2030, 6, 1, 22, 30);
    expect(formatTime('en', 'Europe/Berlin', at)).toBe('2 July 2030 at 00:30');
    expect(formatTime('de', 'Europe/Berlin', at)).toBe('2. Juli 2030 um 00:30');
  });
});
