import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Render } from '../../src/email-token/settings.js';
import { isCountersignError } from '../../src/internal/errors.js';
import { memoryStore } from '../../src/store/memory-store.js';
import { faultyStore } from '../support/faulty-store.js';
import { address, bareMessage, login, tokenHarness, wrongCode } from '../support/token-harness.js';

/** Long, so that no time or date looks like one by chance. */
const digits = 8;
const keyText = 'ZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmY';

describe('promise 11: no code and no key', () => {
  it('is in an event, a result or the object itself, whatever way it is printed', async () => {
    const { render, codes } = codeCollector();
    const { tokens, issue, events, mailService, clock } = tokenHarness({ digits, keys: [keyText], render });
    const results: unknown[] = [tokens];
    for (let round = 0; round < 8; round++) {
      clock.advance(86_400_000);
      const { challenge, code } = await issue();
      const guess = { ...login, challenge };
      results.push(await tokens.issue({ ...login, to: address }));
      results.push(await tokens.redeem({ ...guess, code: wrongCode(code) }));
      results.push(await tokens.redeem({ ...guess, code: `${code}1` }));
      results.push(await tokens.redeem({ ...guess, code }), await tokens.redeem({ ...guess, code }));
    }
    mailService.isDown = true;
    await issue().catch((error: unknown) => results.push(error));
    const guesses = codes.flatMap((code) => [code, wrongCode(code)]);
    expect(codes).toHaveLength(17);
    expect(events.length).toBeGreaterThan(40);
    for (const secret of [...guesses, keyText]) expect(printed([events, results])).not.toContain(secret);
  });

  it('and this would have been noticed, however deep it hides', () => {
    const hidden = Object.defineProperty({}, 'code', { value: '12345678', enumerable: false });
    expect(printed([{ a: { b: { c: { d: [hidden] } } } }])).toContain('12345678');
    expect(printed(new Error('outer', { cause: new Error('code 12345678') }))).toContain('12345678');
  });

  it.each([1, 2, 3])('is in the error of a store that fails at call %i', async (call) => {
    const network = faultyStore(memoryStore());
    const { render, codes } = codeCollector();
    const { tokens, issue } = tokenHarness({ store: network, digits, render, now: Date.now });
    const { challenge, code } = await issue();
    network.plan({ call, when: 'before', isLasting: true });
    const error: unknown = await tokens
      .redeem({ ...login, challenge, code })
      .catch((reason: unknown) => reason);
    const issueError: unknown = await issue().catch((reason: unknown) => reason);
    expect(codes).toHaveLength(2);
    for (const made of codes) expect(printed([error, issueError])).not.toContain(made);
    expect(isCountersignError(error) || call === 3).toBe(true);
  });

  it('is in the error of a record that is damaged', async () => {
    const inner = memoryStore();
    const { tokens, issue } = tokenHarness({
      store: {
        read: async (name) => {
          const record = await inner.read(name);
          return record && { ...record, value: record.value.slice(0, -3) };
        },
        write: (name, next, expected) => inner.write(name, next, expected),
      },
      now: Date.now,
    });
    const { challenge, code } = await issue();
    const error: unknown = await tokens
      .redeem({ ...login, challenge, code })
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'ERR_RECORD_UNREADABLE' });
    expect(printed(error)).not.toContain(challenge);
  });

  it.each<[string, object]>([
    ['a short key', { keys: ['c2hvcnQtc2VjcmV0'] }],
    ['a key that is no base64url', { keys: ['not base64url: c2hvcnQtc2VjcmV0'] }],
    ['a key in the place of an option', { ['c2hvcnQtc2VjcmV0']: true }],
    ['a key in the place of the store', { store: 'c2hvcnQtc2VjcmV0' }],
  ])('is in the error for %s', (_, options) => {
    const create = (): unknown => tokenHarness(options);
    expect(create).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('c2hv') as unknown }),
    );
  });

  it('is in the error for a request that is wrong', async () => {
    const { tokens } = tokenHarness();
    const requests: object[] = [
      { ...login, challenge: 'c', code: '12345678', '12345678-12345678': 1 },
      { purpose: 'login', subject: ['12345678'], challenge: 'c', code: '12345678' },
    ];
    for (const request of requests) {
      const redeem = tokens.redeem(request as Parameters<typeof tokens.redeem>[0]);
      const error: unknown = await redeem.catch((reason: unknown) => reason);
      expect(isCountersignError(error)).toBe(true);
      expect(printed(error)).not.toContain('12345678');
    }
  });
});

/** A template that keeps all codes, also those whose mail is never sent. */
function codeCollector(): { render: Render; codes: string[] } {
  const codes: string[] = [];
  const render: Render = (input) => {
    codes.push(input.code);
    return bareMessage(input);
  };
  return { render, codes };
}

/** All that a logger could make of a value. */
function printed(value: unknown): string {
  const shown = inspect(value, {
    showHidden: true,
    depth: Infinity,
    getters: true,
    maxStringLength: Infinity,
  });
  return [shown, JSON.stringify(value), String(value)].join('\n');
}
