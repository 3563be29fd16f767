import { describe, expect, it } from 'vitest';
import { type RecordedCall, recordingStore } from '../support/recording-store.js';
import { address, HOUR, login, MINUTE, tokenHarness, wrongCode } from '../support/token-harness.js';

/** What one customer's session looks like from outside and from the store. */
interface Story {
  readonly answers: readonly unknown[];
  readonly calls: readonly unknown[];
  readonly valueLengths: readonly number[];
  readonly renders: number;
  readonly mails: number;
}

describe('promise 12: an unknown customer is answered like a known one', () => {
  it('in every answer of a session of wishes, wrong guesses and waits', async () => {
    const [known, unknown] = [await story(address), await story(null)];
    expect(known.answers).toHaveLength(19);
    expect(unknown.answers).toEqual(known.answers);
  });

  it('with the same calls of the store, with keys of the same length', async () => {
    const [known, unknown] = [await story(address), await story(null)];
    expect(known.calls.length).toBeGreaterThan(20);
    expect(unknown.calls).toEqual(known.calls);
  });

  it('with values that differ in the address alone', async () => {
    const [known, unknown] = [await story(address), await story(null)];
    const missing = JSON.stringify(address).length - JSON.stringify(null).length;
    for (const [index, length] of known.valueLengths.entries())
      expect(Math.abs(length - (unknown.valueLengths[index] ?? 0))).toBeLessThanOrEqual(missing);
  });

  it('with a mail that is written all the same, and sent to nobody', async () => {
    const [known, unknown] = [await story(address), await story(null)];
    expect(unknown.renders).toBe(known.renders);
    expect(known.mails).toBe(3);
    expect(unknown.mails).toBe(0);
  });

  it('even if somebody learns the code: nobody was mailed it, so it logs nobody in', async () => {
    let code = '';
    const { tokens, issue, mails } = tokenHarness({
      render: (input) => {
        ({ code } = input);
        return { subject: '', text: '', html: '', headers: {} };
      },
    });
    const { challenge } = await issue(null);
    expect(mails).toEqual([]);
    expect(await tokens.redeem({ ...login, challenge, code })).toEqual({
      ok: false,
      reason: 'mismatch',
      attemptsLeft: 4,
    });
  });

  it('and does not wait for the mail service in vain: a hanging one does not hold up the answer', async () => {
    const { tokens } = tokenHarness({ send: () => new Promise(() => undefined) });
    expect(await tokens.issue({ ...login, to: null })).toMatchObject({ ok: true });
  });
});

/** The same session, whoever it is. */
async function story(to: string | null): Promise<Story> {
  const calls: RecordedCall[] = [];
  let renders = 0;
  let typed = '';
  const { tokens, clock, mails } = tokenHarness({
    wrapStore: (inner) => recordingStore(inner, calls),
    render: ({ code }) => {
      renders++;
      typed = wrongCode(code);
      return { subject: '', text: '', html: '', headers: {} };
    },
  });
  const answers: unknown[] = [];
  let challenge = '';
  for (const wait of [0, MINUTE - 1, 1, HOUR]) {
    clock.advance(wait);
    const issued = await tokens.issue({ ...login, to });
    answers.push({ ...issued, ...('challenge' in issued ? { challenge: issued.challenge.length } : {}) });
    if (issued.ok) ({ challenge } = issued);
    for (let guess = 0; guess < 3; guess++)
      answers.push(await tokens.redeem({ ...login, challenge, code: typed }));
  }
  clock.advance(20 * MINUTE);
  answers.push(await tokens.redeem({ ...login, challenge, code: typed }));
  answers.push(await tokens.redeem({ ...login, challenge: 'another', code: typed }));
  await tokens.revoke(login);
  answers.push(await tokens.redeem({ ...login, challenge, code: typed }));
  return {
    answers,
    calls: calls.map(traceOf),
    valueLengths: calls.map(lengthOf),
    renders,
    mails: mails.length,
  };
}

function traceOf({ verb, key, next, expected }: RecordedCall): unknown {
  return {
    verb,
    key: key.length,
    etag: next?.etag.length,
    expires: next?.expiresAt,
    expected: expected?.length,
  };
}

function lengthOf({ next }: RecordedCall): number {
  return next?.value.length ?? 0;
}
