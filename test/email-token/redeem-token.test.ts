import { describe, expect, it } from 'vitest';
import type { MailedCodes } from '../../src/email-token/challenge.js';
import { placesBesides } from '../../src/email-token/redeem-token.js';
import { type Account, account } from '../support/tokens/account.js';
import { address, DAY, HOUR, key, MINUTE, otherKey, START, wrongCode } from '../support/tokens/harness.js';

describe('a right code', () => {
  it('is accepted, and says which address it proves', () => {
    const tokens = account();
    expect(tokens.type(tokens.codeIn(tokens.grant({ to: 'b@example.com' })))).toEqual({
      ok: true,
      to: 'b@example.com',
    });
  });

  it('is accepted once: after that it is replayed, and that is not counted', () => {
    const tokens = account();
    const code = tokens.codeIn(tokens.grant());
    expect(tokens.answer(code)).toBe('ok');
    const { state } = tokens;
    for (let again = 0; again < 20; again++)
      expect(tokens.type(code)).toEqual({ ok: false, reason: 'replayed' });
    expect(tokens.state).toBe(state);
  });

  it('leaves nothing of the token but its binding, until it would have expired', () => {
    const tokens = account();
    const code = tokens.codeIn(tokens.grant());
    tokens.type(code);
    expect(tokens.state).toMatchObject({
      token: null,
      past: [{ end: 'redeemed', expiresAt: START + 15 * MINUTE }],
    });
    expect(JSON.stringify(tokens.state)).not.toContain(address);
    tokens.advance(15 * MINUTE);
    expect(tokens.answer(code)).toBe('unknown');
  });

  it('is accepted up to the instant of its expiry, and is expired from then on', () => {
    const tokens = account();
    const code = tokens.codeIn(tokens.grant());
    tokens.advance(15 * MINUTE);
    expect(tokens.type(code)).toEqual({ ok: false, reason: 'expired' });
    tokens.advance(-1);
    expect(tokens.answer(code)).toBe('ok');
  });

  it('is accepted beside four wrong ones, in whatever order', () => {
    for (let place = 0; place < 5; place++) {
      const tokens = account();
      const code = tokens.codeIn(tokens.grant());
      const typed = Array.from({ length: 5 }, (_, index) =>
        index === place ? code : wrongCode(code, index + 1),
      );
      expect(typed.map((each) => tokens.answer(each))[place]).toBe('ok');
    }
  });
});

describe('a wrong code', () => {
  it('is counted against the token and the account', () => {
    const tokens = account();
    const code = tokens.codeIn(tokens.grant());
    for (const attemptsLeft of [4, 3, 2, 1])
      expect(tokens.type(wrongCode(code, attemptsLeft))).toEqual({
        ...{ ok: false, reason: 'mismatch', attemptsLeft, failures: 5 - attemptsLeft, block: null },
      });
    expect(tokens.type(wrongCode(code))).toMatchObject({ attemptsLeft: 0, block: { reason: 'delayed' } });
    expect(tokens.state).toMatchObject({ token: { attempts: 5 }, failures: { inARow: 5 } });
  });

  it('counts for the token alone when it comes from a known browser, which does not wait either', () => {
    const tokens = account({ limits: { freeFailures: 0 } });
    const code = tokens.codeIn(tokens.grant());
    tokens.type(wrongCode(code));
    const exempt = { isExempt: true };
    expect(tokens.answer(wrongCode(code))).toBe('delayed');
    for (const attemptsLeft of [3, 2])
      expect(tokens.type(wrongCode(code), exempt)).toEqual({ ok: false, reason: 'mismatch', attemptsLeft });
    expect(tokens.state.failures.at).toHaveLength(1);
    expect(tokens.answer(code, exempt)).toBe('ok');
  });

  it('may be tried five times at one token, however often it is asked for in between', () => {
    const tokens = account({ limits: { freeFailures: 4 } });
    const code = tokens.codeIn(tokens.grant());
    for (let guess = 1; guess <= 4; guess++) {
      expect(tokens.answer(wrongCode(code, guess))).toBe('mismatch');
      tokens.grant();
    }
    expect(tokens.answer(wrongCode(code, 5))).toBe('mismatch');
    tokens.advance(MINUTE);
    expect([tokens.answer(code), tokens.answer(wrongCode(code))]).toEqual(['exhausted', 'exhausted']);
  });

  it('is counted over a resend, a replacement, a success and a new purpose', () => {
    const tokens = account();
    const first = tokens.codeIn(tokens.grant());
    tokens.type(wrongCode(first));
    tokens.advance(MINUTE);
    tokens.grant();
    tokens.type(wrongCode(first));
    tokens.advance(12 * MINUTE);
    const second = tokens.codeIn(tokens.grant());
    tokens.type(wrongCode(second));
    expect(tokens.answer(second)).toBe('ok');
    const third = tokens.codeIn(tokens.grant({ purpose: 'delete-account' }));
    expect(tokens.type(wrongCode(third), { purpose: 'delete-account' })).toMatchObject({ failures: 4 });
  });
});

describe('the order of the checks', () => {
  it('puts the ticket first', () => {
    const { tokens, past, code } = troubled({ limits: { freeFailures: 0 } });
    const stale = { ticketAt: tokens.now - 15 * MINUTE };
    for (const typed of [past, code, wrongCode(code)]) expect(tokens.answer(typed, stale)).toBe('expired');
  });

  it('puts an older mail’s code before lock, delay and attempts', () => {
    for (const limits of [{ freeFailures: 0 }, { maxFailures: 1 }, {}]) {
      const { tokens, past } = troubled({ limits, maxAttempts: 1 });
      expect(tokens.answer(past)).toBe('superseded');
    }
  });

  it('puts the lock and the delay before the attempts, and evaluates nothing while they last', () => {
    for (const [limits, reason] of [
      [{ freeFailures: 0 }, 'delayed'],
      [{ maxFailures: 1 }, 'locked'],
      [{ freeFailures: 0, maxFailures: 1 }, 'locked'],
    ] as const) {
      const { tokens, code } = troubled({ limits, maxAttempts: 1 });
      const { state } = tokens;
      for (const typed of [code, wrongCode(code)])
        expect(tokens.type(typed)).toMatchObject({
          ok: false,
          reason,
          retryAt: expect.any(Number) as number,
        });
      expect(tokens.state).toBe(state);
    }
  });

  it('puts the attempts before the code', () => {
    const { tokens, code } = troubled({ maxAttempts: 1 });
    const { state } = tokens;
    for (const typed of [code, wrongCode(code)])
      expect(tokens.type(typed)).toEqual({ ok: false, reason: 'exhausted' });
    expect(tokens.state).toBe(state);
  });
});

describe('a code of an older mail', () => {
  it('is superseded, and neither counted nor delayed', () => {
    const { tokens, past } = troubled();
    const { state } = tokens;
    for (let again = 0; again < 60; again++)
      expect(tokens.type(past)).toEqual({ ok: false, reason: 'superseded' });
    expect(tokens.state).toBe(state);
  });

  it('is known for the newest five replaced and redeemed tokens, and a wrong one after that', () => {
    const tokens = account({ ttlSeconds: 900 });
    const redeemed = Array.from({ length: 6 }, () => {
      const code = tokens.codeIn(tokens.grant());
      tokens.type(code);
      return code;
    });
    tokens.grant();
    const [oldest = '', ...newest] = redeemed;
    expect(newest.map((code) => tokens.answer(code))).toEqual(newest.map(() => 'replayed'));
    expect(tokens.answer(oldest)).toBe('mismatch');
    expect(tokens.state.past).toHaveLength(5);
  });

  it('is forgotten when its token would have expired, and a wrong one then', () => {
    const tokens = account();
    const past = tokens.codeIn(tokens.grant());
    tokens.advance(12 * MINUTE);
    tokens.grant();
    tokens.advance(3 * MINUTE - 1);
    expect(tokens.answer(past)).toBe('superseded');
    tokens.advance(1);
    expect(tokens.answer(past)).toBe('mismatch');
  });

  it('is nothing to another purpose', () => {
    const { tokens, past } = troubled();
    expect(tokens.answer(past, { purpose: 'delete-account' })).toBe('unknown');
  });

  it('is unknown while the live token is another purpose’s: "use the newest mail" would be no help', () => {
    const tokens = account();
    const past = tokens.codeIn(tokens.grant());
    tokens.advance(MINUTE);
    const live = tokens.codeIn(tokens.grant({ purpose: 'delete-account' }));
    expect(tokens.answer(past)).toBe('unknown');
    expect(tokens.answer(live)).toBe('unknown');
    expect(tokens.state.failures.at).toEqual([]);
    expect(tokens.answer(live, { purpose: 'delete-account' })).toBe('ok');
    expect(tokens.answer(past)).toBe('superseded');
  });

  it('is replayed if it was redeemed, also while the live token is another purpose’s', () => {
    const tokens = account();
    const code = tokens.codeIn(tokens.grant());
    tokens.type(code);
    tokens.grant({ purpose: 'delete-account' });
    expect(tokens.answer(code)).toBe('replayed');
  });
});

describe('two tokens that share a code by chance', () => {
  const [first, second] = twinIds(account().codes);

  it('do not make the right code a superseded one', () => {
    const tokens = account();
    const code = tokens.codeIn(tokens.grant({ id: first }));
    tokens.advance(12 * MINUTE);
    expect(tokens.codeIn(tokens.grant({ id: second }))).toBe(code);
    expect(tokens.answer(code)).toBe('ok');
  });

  it('do not make the right code a replayed one', () => {
    const tokens = account();
    const code = tokens.codeIn(tokens.grant({ id: first }));
    expect(tokens.answer(code)).toBe('ok');
    tokens.grant({ id: second });
    expect([tokens.answer(code), tokens.answer(code)]).toEqual(['ok', 'replayed']);
  });

  it.each(['timed out', 'refused'] as const)(
    'do not make the right code wrong when the other’s mail was %s',
    (fate) => {
      const tokens = account();
      const code = tokens.codeIn(tokens.grant({ id: first }));
      tokens.advance(12 * MINUTE);
      tokens.grant({ id: second, fate });
      expect(tokens.answer(code)).toBe('ok');
    },
  );

  it('do not make the right code a replayed one when the live token was redeemed while the other was on its way', () => {
    const tokens = account();
    const code = tokens.codeIn(tokens.grant({ id: first }));
    tokens.advance(12 * MINUTE);
    const sending = tokens.grant({ id: second, fate: null });
    expect(tokens.answer(code)).toBe('ok');
    tokens.settle(sending, 'accepted');
    expect(tokens.answer(code)).toBe('ok');
  });
});

describe('keys', () => {
  it('make one code for one token, whatever their order in two processes', () => {
    const [one, two] = [account({ keys: [key, otherKey] }), account({ keys: [otherKey, key] })];
    const mailed = one.codeIn(one.grant());
    two.state = one.state;
    two.advance(MINUTE);
    expect(two.codeIn(two.grant())).toBe(mailed);
    expect(two.state.token?.mails).toBe(2);
    expect(two.answer(mailed)).toBe('ok');
  });

  it('that are gone make a token count as expired, and cost no attempt', () => {
    const before = account({ keys: [otherKey] });
    const code = before.codeIn(before.grant());
    const after = account({ keys: [key] });
    after.state = before.state;
    expect(after.type(code)).toEqual({ ok: false, reason: 'expired' });
    expect(after.state).toBe(before.state);
  });
});

describe('a code without a token', () => {
  it('is unknown, and costs nothing', () => {
    const tokens = account();
    expect(tokens.type('287082')).toEqual({ ok: false, reason: 'unknown' });
    expect(tokens.type('33333-33333-33333-33333-33333')).toEqual({ ok: false, reason: 'unknown' });
    expect(tokens.state.failures.at).toEqual([]);
  });

  it('is told that it expired for a day after that', () => {
    const tokens = account();
    const code = tokens.codeIn(tokens.grant());
    tokens.advance(15 * MINUTE + 23 * HOUR);
    expect(tokens.answer(code)).toBe('expired');
  });

  it('in 25 letters is expired when the long code is', () => {
    const tokens = account({ limits: { maxFailures: 1 } });
    tokens.type(wrongCode(tokens.codeIn(tokens.grant())));
    const long = tokens.codeIn(tokens.grant());
    tokens.advance(DAY);
    expect(tokens.answer(long)).toBe('expired');
  });
});

describe('a null address', () => {
  it('has a code that is never right, and that costs an attempt like any wrong one', () => {
    const tokens = account();
    const code = tokens.codeIn(tokens.grant({ to: null }));
    expect(tokens.type(code)).toMatchObject({ ok: false, reason: 'mismatch', attemptsLeft: 4, failures: 1 });
  });
});

/** An account whose first token was replaced, and whose live one has had a wrong code. */
function troubled(options: Parameters<typeof account>[0] = {}): {
  tokens: Account;
  past: string;
  code: string;
} {
  const tokens = account(options);
  const past = tokens.codeIn(tokens.grant());
  tokens.advance(12 * MINUTE);
  const code = tokens.codeIn(tokens.grant());
  tokens.type(wrongCode(code));
  return { tokens, past, code };
}

/** Two ids of tokens that have one code: among a few thousand there are some. */
function twinIds(codes: MailedCodes): [string, string] {
  const seen = new Map<string, string>();
  for (let count = 0; ; count++) {
    const id = `twin-${count}`;
    const code = codes.codeOf({ id, key: codes.newKey, purpose: 'login', to: address }, 'digits') ?? '';
    const twin = seen.get(code);
    if (twin !== undefined) return [twin, id];
    seen.set(code, id);
  }
}

describe('the places in the quotas that a redeemed token gives back', () => {
  it('are those of its own mails: neither those before it nor those of the mail on its way', () => {
    const tokens = account();
    tokens.grant();
    const live = tokens.state.token;
    if (live === null) throw new Error('there is no token');
    const { issuedAt } = live;
    const places = [issuedAt - 1, issuedAt, issuedAt + 5, issuedAt + 10, issuedAt + 11];
    expect(placesBesides(live, places, null)).toEqual([issuedAt - 1]);
    const sending = { ...live, issuedAt: issuedAt + 10 };
    expect(placesBesides(live, places, sending)).toEqual([issuedAt - 1, issuedAt + 10, issuedAt + 11]);
  });
});
