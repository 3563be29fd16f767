import { describe, expect, it } from 'vitest';
import { ForkableStore } from '../support/flow/stores.js';
import { type Channel, type Leak, live } from './canary/life.js';
import { needlesOf } from './canary/needles.js';
import { searchLife, searchLives } from './canary/search.js';

describe('promise 11, in every spelling', () => {
  it('no secret is in anything printed, thrown, told, answered, stored or mailed', async () => {
    const { findings, errors, acts, texts } = await searchLives(6);
    expect(findings).toEqual([]);
    expect(errors).toBeGreaterThan(50);
    expect(Object.keys(acts)).toHaveLength(18);
    expect(Object.keys(texts).sort()).toEqual(['event', 'mailed', 'notice', 'result', 'stored', 'thrown']);
  });
});

describe('the search itself', () => {
  const leaks: readonly (readonly [string, Channel, Leak])[] = [
    [
      'an event with the code of an app',
      'event',
      ({ put, flow }) => {
        put('event', { type: 'rejected', detail: flow.appCode() });
      },
    ],
    [
      'a line on the console with a secret in Base32',
      'printed',
      ({ flow }) => {
        process.stdout.write(`debug ${flow.secret.toBase32()}\n`);
      },
    ],
    [
      'an error whose cause has the bytes of a secret',
      'thrown',
      ({ put, flow }) => {
        put('thrown', new Error('failed', { cause: { args: [flow.secret.toBytes()] } }));
      },
    ],
    [
      'a record with a mailed code in hexadecimal digits',
      'stored',
      ({ put, flow }) => {
        put('stored', { value: Buffer.from(flow.mails.at(-1)?.code ?? '').toString('hex') });
      },
    ],
    [
      'a record with a secret in the middle of other bytes, in base64',
      'stored',
      ({ put, flow }) => {
        put(
          'stored',
          Buffer.concat([Buffer.from('x'), flow.secret.toBytes(), Buffer.from('y')]).toString('base64'),
        );
      },
    ],
  ];

  it.each(leaks)('finds %s', async (_, channel, leak) => {
    const { findings } = searchLife(await live({ store: new ForkableStore(), leak }));
    expect(findings.length).toBeGreaterThan(0);
    expect(new Set(findings.map((finding) => finding.channel))).toEqual(new Set([channel]));
  });

  it('knows a six-digit code alone, grouped and encoded, and not inside another number', () => {
    const needles = needlesOf({ kind: 'app code', value: '417204' });
    const isFound = (text: string): boolean => needles.some(({ matches }) => matches(text));
    for (const text of ['code 417204.', '"417204"', '417 204', '343137323034', 'NDE3MjA0', 'GQYTOMRQGQ']) {
      expect(isFound(text), text).toBe(true);
    }
    expect(isFound('1417204000')).toBe(false);
  });
});
