import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createEmailTokens } from '../../src/email-token/email-tokens.js';
import type { EmailTokensOptions } from '../../src/email-token/settings.js';
import { isCountersignError } from '../../src/internal/errors.js';
import { memoryStore } from '../../src/store/memory-store.js';
import { formatEnvelope, recordKey } from '../../src/store/record.js';
import type { Store } from '../../src/store/store.js';
import {
  address,
  DAY,
  key,
  login,
  MINUTE,
  rejection,
  tokenHarness,
  wrongCode,
} from '../support/tokens/harness.js';
import { fromCall } from '../support/tokens/stores.js';

/** Long, so that no time or date looks like one by chance. */
const digits = 8;
const keyText = 'ZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmZmY';

describe('promise 11: no code and no key', () => {
  it('is in an event, a result, an error or the object itself, whatever way it is printed', async () => {
    const { tokens, ask, redeem, events, mailService, clock, written } = tokenHarness({
      digits,
      keys: [keyText],
    });
    const results: unknown[] = [tokens];
    for (let round = 0; round < 8; round++) {
      clock.advance(DAY);
      const { code, ...granted } = await ask();
      const guess = { ...granted, code };
      results.push(granted, await tokens.issue({ ...login, to: address }));
      results.push(await tokens.issue({ ...login, to: 'other@example.com' }));
      for (const typed of [wrongCode(code), `${code}1`, code, code]) results.push(await redeem(guess, typed));
      clock.advance(MINUTE);
      mailService.isDown = true;
      results.push(await rejection(ask({ to: 'other@example.com' })));
      mailService.isDown = false;
    }
    const codes = written.map(({ code }) => code);
    expect(new Set(codes).size).toBe(16);
    expect(events.length).toBeGreaterThan(50);
    const everything = printed([events, results]);
    for (const secret of [...codes, ...codes.map((code) => wrongCode(code)), keyText])
      expect(everything).not.toContain(secret);
    expect(everything).not.toContain(Buffer.from(keyText, 'base64').toString('hex').slice(0, 12));
  });

  it('and this would have been noticed, however deep it hides', () => {
    const hidden = Object.defineProperty({}, 'code', { value: '12345678', enumerable: false });
    expect(printed([{ a: { b: { c: { d: [hidden] } } } }])).toContain('12345678');
    expect(printed(new Error('outer', { cause: new Error('code 12345678') }))).toContain('12345678');
  });

  it.each([1, 2, 3])('is in the error of a store that fails from call %i on', async (call) => {
    const { ask, redeem, tokens, store, written } = tokenHarness({ digits });
    const granted = await ask();
    store.plan(fromCall(call, 'request lost'));
    const outcome: unknown = await redeem(granted).catch((error: unknown) => error);
    store.plan(fromCall(call, 'request lost'));
    const again = { ...login, to: 'other@example.com' };
    const second: unknown = await tokens.issue(again).catch((error: unknown) => error);
    expect([outcome, second].filter(isCountersignError).length).toBe(call === 3 ? 0 : 1 + Number(call === 1));
    for (const { code } of written) expect(printed([outcome, second])).not.toContain(code);
  });

  it('is in the error of a driver that keeps its command', async () => {
    const value = (error: object): Store => ({
      read: () => Promise.resolve(undefined),
      write: (_, next) =>
        Promise.reject(Object.assign(new Error('connection reset'), error, { parameters: [next?.value] })),
    });
    const { ask } = tokenHarness({ store: value({ code: 'ECONNRESET' }) });
    const error = await rejection(ask());
    expect(error).toMatchObject({
      code: 'ERR_STORE_FAILED',
      cause: { message: 'connection reset', code: 'ECONNRESET' },
    });
    expect(printed(error)).not.toContain(address);
  });

  it('is in the error of a record that is damaged, nor anything of the record', async () => {
    const { ask, redeem, store, record } = tokenHarness();
    const granted = await ask();
    const { value = '', etag = '' } = (await record()) ?? {};
    const name = recordKey('email-token', login.purpose, login.subject);
    const damaged = formatEnvelope({ value: value.slice(20, -3), expiresAt: null, lineage: [] });
    await store.write(name, { value: damaged, etag: 'damaged', expiresAt: null }, etag);
    const error = await rejection(redeem(granted));
    expect(error).toMatchObject({ code: 'ERR_RECORD_UNREADABLE' });
    for (const part of [address, granted.challenge, granted.code, '"id"'])
      expect(printed(error)).not.toContain(part);
  });

  it.each<[string, object]>([
    ['a short key', { keys: ['c2hvcnQtc2VjcmV0'] }],
    ['a key that is no base64', { keys: ['not base64: c2hvcnQtc2VjcmV0'] }],
    ['a key in the place of an option', { ['c2hvcnQtc2VjcmV0']: true }],
    ['a key in the place of the store', { store: 'c2hvcnQtc2VjcmV0' }],
    ['a key in the place of the limits', { limits: { ['c2hvcnQtc2VjcmV0']: 1 } }],
  ])('is in the error for %s', (_, options) => {
    const good: EmailTokensOptions = { store: memoryStore(), keys: [key], send: () => Promise.resolve() };
    const create = (): unknown => createEmailTokens({ ...good, ...options });
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
      const error = await rejection(tokens.redeem(request as Parameters<typeof tokens.redeem>[0]));
      expect(isCountersignError(error)).toBe(true);
      expect(printed(error)).not.toContain('12345678');
    }
  });
});

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
