import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  checkCompatibility,
  type CompatibilityOptions,
  formatOtpauthUri,
  Secret,
  type WarningCode,
} from '../../src/index.js';
import { type AppFacts, appFacts, type PeriodFacts } from '../../src/otp/compatibility.js';

const base: CompatibilityOptions = { secret: Secret.generate(), issuer: 'Example Hosting', account: '12345' };
const codesOf = (options: Partial<CompatibilityOptions>): string[] =>
  checkCompatibility({ ...base, ...options }).map(({ code }) => code);
const appsOf = (code: WarningCode, options: Partial<CompatibilityOptions>): readonly string[] =>
  checkCompatibility({ ...base, ...options }).find((warning) => warning.code === code)?.apps ?? [];

describe('checkCompatibility', () => {
  it('has no warning for the defaults', () => {
    expect(checkCompatibility(base)).toEqual([]);
    expect(codesOf({ algorithm: 'SHA1', digits: 6, period: 30, account: 'bob@example.com' })).toEqual([]);
  });

  it.each<[string, Partial<CompatibilityOptions>, string[]]>([
    ['SHA-256', { algorithm: 'SHA256' }, ['algorithm_ignored']],
    ['SHA-512', { algorithm: 'SHA512' }, ['algorithm_ignored']],
    ['7 digits', { digits: 7 }, ['digits_ignored']],
    ['8 digits', { digits: 8 }, ['digits_ignored']],
    ['a period of 60', { period: 60 }, ['period_ignored']],
    ['a period of 45', { period: 45 }, ['period_ignored', 'period_refused']],
    ['hotp', { type: 'hotp' }, ['hotp_as_totp']],
    ['hotp with a first counter of 2^31 - 1', { type: 'hotp', counter: 2 ** 31 - 1 }, ['hotp_as_totp']],
    [
      'hotp with a first counter of 2^31',
      { type: 'hotp', counter: 2 ** 31 },
      ['hotp_as_totp', 'counter_large'],
    ],
    ['16 bytes', { secret: Secret.generate({ bytes: 16 }) }, ['secret_length']],
    ['10 bytes', { secret: Secret.fromBase32('JBSWY3DPEHPK3PXP', { allowShort: true }) }, ['secret_short']],
    ['an issuer of 31 characters', { issuer: 'x'.repeat(31) }, ['issuer_long']],
    ['an account of 51 characters', { account: 'x'.repeat(51) }, ['account_long', 'label_long']],
    ['a label of 65 bytes', { issuer: 'ü'.repeat(20), account: 'x'.repeat(24) }, ['label_long']],
    ['an ampersand', { issuer: 'A&B' }, ['label_characters']],
    ['a question mark', { account: 'who?' }, ['label_characters']],
  ])('warns of %s', (_, options, codes) => {
    expect(codesOf(options)).toEqual(codes);
  });

  it('does not warn of what is just within the bounds of every app', () => {
    expect(codesOf({ issuer: 'x'.repeat(30) })).toEqual([]);
    expect(codesOf({ issuer: 'x', account: 'x'.repeat(50) })).toEqual([]);
    expect(codesOf({ issuer: 'ü'.repeat(20), account: 'x'.repeat(23) })).toEqual([]);
  });

  it('names KeePassXC before 2.7.5 for periods over 60, which it cuts to 60', () => {
    expect(appsOf('period_ignored', { period: 90 })).toContain('KeePassXC before 2.7.5');
    expect(appsOf('period_ignored', { period: 60 })).not.toContain('KeePassXC before 2.7.5');
    expect(appsOf('period_ignored', { period: 90 })).not.toContain('KeePassXC');
  });

  it('names FreeOTP for periods below 5, which it refuses', () => {
    expect(appsOf('period_refused', { period: 3 })).toContain('FreeOTP');
    expect(appsOf('period_refused', { period: 5 })).not.toContain('FreeOTP');
  });

  it('names the apps, in the message too', () => {
    const [warning] = checkCompatibility({ ...base, algorithm: 'SHA256' });
    expect(warning?.apps).toEqual(['Microsoft Authenticator', 'Authy', 'Duo Mobile']);
    expect(warning?.message).toBe(
      'Microsoft Authenticator, Authy, Duo Mobile: computes SHA-1 whatever the URI says',
    );
  });

  it('takes every option of formatOtpauthUri', () => {
    const options = { image: 'https://example.com/logo.png', t0: 0, digits: 6, algorithm: 'SHA1' } as const;
    expect(codesOf({ ...options, period: 30 })).toEqual([]);
    expect(codesOf({ ...options, type: 'hotp', counter: 5 })).toEqual(['hotp_as_totp']);
  });

  it.each<[string, Partial<CompatibilityOptions>]>([
    ['a colon in the issuer', { issuer: 'A:B' }],
    ['a counter for totp', { counter: 1 }],
    ['a period for hotp', { type: 'hotp', period: 30 }],
    ['a t0', { t0: 1 }],
    ['an image without https', { image: 'http://example.com/logo.png' }],
    ['an account without end', { account: 'x'.repeat(5_000_000) }],
  ])('refuses what formatOtpauthUri refuses, with the same message: %s', (_, part) => {
    const { secret, ...options } = { ...base, ...part };
    const messages = [
      () => checkCompatibility({ secret, ...options }),
      () => formatOtpauthUri(secret, options),
    ].map(messageOf);
    expect(messages[0]).toBe(messages[1]);
  });
});

const guide = tablesOf('docs/guides/compatibility.md');
const readme = tablesOf('README.md');
const words: Readonly<Record<string, string>> = { unknown: '?' };
const readmeWords: Readonly<Record<string, string>> = {
  ignored: 'wrong codes',
  unknown: 'not known',
  none: 'no',
};

describe('the compatibility guide', () => {
  it('says of each app and parameter what checkCompatibility goes by', () => {
    expect(tableWith(guide, '60 seconds')).toEqual(
      appFacts.map((facts) => [
        facts.names.join(', '),
        ...[facts.SHA256, facts.SHA512, facts.digits7, facts.digits8].map((support = 'yes') =>
          inWords(support),
        ),
        inWords(supportOf(facts, 60)),
        otherPeriods(facts.periods),
      ]),
    );
  });

  it('says of each app and counters, labels and secrets what checkCompatibility goes by', () => {
    expect(tableWith(guide, 'issuer shown from')).toEqual(
      appFacts.map(({ names, hotp, issuerFrom, paddedSecret, tailBits }) => [
        names.join(', '),
        inWords(hotp),
        inWords(issuerFrom),
        inWords(paddedSecret),
        inWords(tailBits),
      ]),
    );
  });

  const provoked: Readonly<Record<WarningCode, Partial<CompatibilityOptions>[]>> = {
    algorithm_ignored: [{ algorithm: 'SHA256' }, { algorithm: 'SHA512' }],
    digits_ignored: [{ digits: 7 }, { digits: 8 }],
    period_ignored: [{ period: 60 }, { period: 61 }],
    period_refused: [{ period: 4 }, { period: 45 }],
    hotp_as_totp: [{ type: 'hotp' }],
    counter_large: [{ type: 'hotp', counter: 2_147_483_648 }],
    secret_short: [{ secret: Secret.fromBytes(new Uint8Array(15), { allowShort: true }) }],
    secret_length: [{ secret: Secret.generate({ bytes: 16 }) }],
    issuer_long: [{ issuer: 'x'.repeat(31) }],
    account_long: [{ account: 'x'.repeat(51) }],
    label_long: [{ issuer: 'x'.repeat(30), account: 'x'.repeat(34) }],
    label_characters: [{ issuer: 'A?' }],
  };

  it('names for each warning the apps that checkCompatibility names', () => {
    const named = Object.entries(provoked).map(([code, options]) => {
      const apps = new Set(options.flatMap((part) => appsOf(code as WarningCode, part)));
      const inOrder = appFacts.flatMap(({ names }) => names).filter((name) => apps.has(name));
      return [`\`${code}\``, inOrder.join(', ')];
    });
    const rows = tableWith(guide, 'what happens').map(([code, , , apps]) => [code, apps]);
    expect(rows).toEqual(named);
  });
});

describe('the table of the README', () => {
  const rows = tableWith(readme, 'SHA-256, SHA-512');

  it('has every app once', () => {
    const names = rows.flatMap(([apps = '']) => apps.split(', '));
    expect(names.sort()).toEqual(appFacts.flatMap((facts) => facts.names).sort());
  });

  it.each(rows)('says of %s what checkCompatibility goes by', (apps, ...cells) => {
    for (const name of apps.split(', ')) {
      const facts = appFacts.find(({ names }) => names.includes(name));
      expect(facts && readmeCells(facts), name).toEqual(cells);
    }
  });
});

function readmeCells(facts: AppFacts): string[] {
  const { SHA256 = 'yes', SHA512 = 'yes', digits8 = 'yes', hotp = 'yes' } = facts;
  const algorithms = SHA256 === SHA512 ? [SHA256] : [SHA256, SHA512];
  const spoken = (support: string): string => readmeWords[support] ?? support;
  return [algorithms.map(spoken).join(', '), spoken(digits8), periodsInReadme(facts.periods), spoken(hotp)];
}

function periodsInReadme(periods?: PeriodFacts): string {
  if (periods === undefined) return 'yes';
  const { only, from, to, others } = periods;
  if (from !== undefined) return `from ${from} seconds`;
  if (to !== undefined) return `to ${to} seconds`;
  const counted = only?.filter((period) => period !== 30) ?? [];
  return counted.length === 0 ? (readmeWords[others] ?? others) : `${list(counted)} seconds`;
}

function otherPeriods(periods?: PeriodFacts): string {
  if (periods === undefined) return 'yes';
  const { only, from, to, others } = periods;
  if (from !== undefined) return `from ${from}; shorter ones: ${others}`;
  if (to !== undefined) return `to ${to}; longer ones: ${others}`;
  const counted = only?.filter((period) => period !== 30 && period !== 60) ?? [];
  return counted.length === 0 ? inWords(others) : `${list(counted)}; others: ${others}`;
}

function supportOf({ periods }: AppFacts, period: number): string {
  if (periods === undefined) return 'yes';
  const { only = [period], from = 0, to = Infinity, others } = periods;
  return only.includes(period) && from <= period && period <= to ? 'yes' : others;
}

function inWords(support = 'yes'): string {
  return words[support] ?? support;
}

function list(numbers: readonly number[]): string {
  return new Intl.ListFormat('en-GB').format(numbers.map(String));
}

/** The tables of a Markdown file: rows of cells without footnote marks, the head first. */
function tablesOf(file: string): string[][][] {
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  const tables = text.match(/(?:^\|.*\n)+/gm) ?? [];
  return tables.map((table) =>
    table
      .trim()
      .split('\n')
      .map((row) =>
        row
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim().replace(/ [¹²³⁴-⁹]$/, '')),
      ),
  );
}

/** The rows of the only table with a column of this title. */
function tableWith(tables: readonly string[][][], title: string): string[][] {
  const found = tables.filter(([head]) => head?.includes(title));
  expect(found).toHaveLength(1);
  return found[0]?.slice(2) ?? [];
}

function messageOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}
