import { describe, expect, it } from 'vitest';
import { resolvePolicy } from '../../src/email-token/policy.js';
import {
  asOfNow,
  emptyTokenState,
  pastOf,
  ticketInstant,
  ticketRefusal,
  tokensExpireAt,
  type TokenState,
  unlockTokens,
  voidTickets,
  withoutExpired,
} from '../../src/email-token/token-state.js';
import { account } from '../support/tokens/account.js';
import { address, DAY, MINUTE, SECOND, START, wrongCode } from '../support/tokens/harness.js';

const policy = resolvePolicy({});
const { codes } = account();
const at = (now: number) => ({ now, policy, codes });
const token = {
  ...{ id: 'id', key: codes.newKey, purpose: 'login', to: address },
  ...{ issuedAt: START, expiresAt: START + 15 * MINUTE, attempts: 0, mails: 1 },
};

describe('a ticket', () => {
  it('is good for ttlSeconds from its issue', () => {
    expect(ticketRefusal(emptyTokenState, START, at(START))).toBeNull();
    expect(ticketRefusal(emptyTokenState, START, at(START + 15 * MINUTE - 1))).toBeNull();
    expect(ticketRefusal(emptyTokenState, START, at(START + 15 * MINUTE))).toBe('expired');
  });

  it('may come from a clock that is five minutes ahead, and from none further', () => {
    expect(ticketRefusal(emptyTokenState, START + 5 * MINUTE, at(START))).toBeNull();
    expect(ticketRefusal(emptyTokenState, START + 5 * MINUTE + 1, at(START))).toBe('unknown');
  });

  it('from before a revocation is unknown, and none is dated before it', () => {
    const revoked = voidTickets(emptyTokenState, START);
    expect(ticketRefusal(revoked, START, at(START))).toBe('unknown');
    expect(ticketRefusal(revoked, START - 10 * MINUTE, at(START))).toBe('unknown');
    // In the same millisecond, and by a clock that is behind.
    for (const now of [START, START - MINUTE])
      expect(ticketRefusal(revoked, ticketInstant(revoked, now), at(now))).toBeNull();
  });

  it('is voided by every further revocation, in the same millisecond as well', () => {
    let state: TokenState = emptyTokenState;
    for (let round = 0; round < 5; round++) {
      const ticketAt = ticketInstant(state, START);
      expect(ticketRefusal(state, ticketAt, at(START))).toBeNull();
      state = voidTickets(state, START);
      expect(ticketRefusal(state, ticketAt, at(START))).toBe('unknown');
    }
  });

  it('is still void as long as it would be good, and the revocation is forgotten after that', () => {
    const revoked = voidTickets(emptyTokenState, START);
    const end = (revoked.voidBefore ?? 0) + 15 * MINUTE;
    expect(withoutExpired(revoked, at(end - 1)).voidBefore).toBe(revoked.voidBefore);
    expect(withoutExpired(revoked, at(end)).voidBefore).toBeNull();
    expect(ticketRefusal(emptyTokenState, START, at(end))).toBe('expired');
    expect(tokensExpireAt(revoked, policy)).toBe(end);
  });
});

describe('revoke', () => {
  it('ends every token and voids every ticket, and forgets neither failures nor quotas', () => {
    const tokens = account();
    const first = tokens.codeIn(tokens.grant());
    tokens.type(wrongCode(first));
    tokens.advance(12 * MINUTE);
    const { ticketAt } = tokens.grant({ fate: null });
    tokens.advance(MINUTE);
    const { failures, sentAt } = tokens.state;
    tokens.revoke();
    expect(tokens.state).toMatchObject({ token: null, sending: null, long: null, failures, sentAt });
    expect(tokens.answer(first, { ticketAt })).toBe('unknown');
    expect(tokens.answer(first, { ticketAt: tokens.now + 1 })).toBe('superseded');
  });

  it('before a mail was accepted leaves its code dead', () => {
    const tokens = account();
    tokens.grant();
    tokens.advance(12 * MINUTE);
    const sending = tokens.grant({ fate: null });
    tokens.revoke();
    tokens.settle(sending, 'accepted');
    tokens.advance(MINUTE);
    expect(tokens.answer(tokens.codeIn(sending))).toBe('superseded');
  });

  it('ends the long code, too', () => {
    const tokens = account({ limits: { maxFailures: 1 } });
    tokens.type(wrongCode(tokens.codeIn(tokens.grant())));
    const long = tokens.codeIn(tokens.grant());
    tokens.revoke();
    expect(tokens.answer(long, { ticketAt: tokens.now + 1 })).toBe('superseded');
  });
});

describe('unlock', () => {
  it('forgets failures and mails, those of the long code too, and no token', () => {
    const tokens = account({ limits: { maxFailures: 1 } });
    tokens.type(wrongCode(tokens.codeIn(tokens.grant())));
    tokens.grant();
    tokens.unlock();
    expect(tokens.state).toMatchObject({
      ...{ failures: { at: [], inARow: 0 }, sentAt: [], longSentAt: null, token: { attempts: 1 } },
    });
  });

  it('changes nothing where there is nothing to forget', () => {
    expect(unlockTokens(emptyTokenState)).toBe(emptyTokenState);
  });
});

describe('unlock of a state of which one part is there to forget', () => {
  it.each<[string, Partial<TokenState>]>([
    ['a failure', { failures: { at: [START], inARow: 1 } }],
    ['a mail', { sentAt: [START] }],
    ['a long mail', { longSentAt: START }],
  ])('forgets %s', (_, part) => {
    expect(unlockTokens({ ...emptyTokenState, ...part })).toEqual(emptyTokenState);
  });
});

describe('a token whose key is gone', () => {
  it('leaves nothing behind when it ends, since its code can never be told', () => {
    expect(pastOf({ ...token, key: 'gone' }, 'superseded', at(START))).toEqual([]);
  });
});

describe('26: instants from a clock that was a year ahead for one call', () => {
  const YEAR = 365 * DAY;

  it('of a token: its cooldown and its life are counted from now', () => {
    const tokens = account();
    tokens.now = START + YEAR;
    const ahead = tokens.codeIn(tokens.grant());
    tokens.now = START;
    expect(tokens.grant()).toMatchObject({
      joined: true,
      mail: null,
      resendAt: START + MINUTE,
      expiresAt: START + 15 * MINUTE,
    });
    expect(tokens.state).toMatchObject({ token: { issuedAt: START }, sentAt: [START] });
    tokens.advance(MINUTE);
    expect(tokens.grant()).toMatchObject({ joined: true, expiresAt: START + 15 * MINUTE });
    expect(tokens.answer(ahead)).toBe('ok');
  });

  it('of a failure: its delay and its lock are counted from now, and a refusal writes that back', () => {
    const tokens = account({ limits: { freeFailures: 0 } });
    tokens.now = START + YEAR;
    const code = tokens.codeIn(tokens.grant());
    tokens.type(wrongCode(code));
    tokens.now = START;
    expect(tokens.type(code)).toEqual({ ok: false, reason: 'delayed', retryAt: START + 30 * SECOND });
    expect(tokens.state.failures.at).toEqual([START]);
    tokens.advance(30 * SECOND);
    expect(tokens.answer(code)).toBe('ok');
  });

  it('of a revocation: new tickets are good', () => {
    const tokens = account();
    const stale = tokens.grant().ticketAt;
    tokens.now = START + YEAR;
    tokens.revoke();
    tokens.now = START + MINUTE;
    const fresh = tokens.grant();
    expect(tokens.answer(tokens.codeIn(fresh), { ticketAt: stale })).toBe('unknown');
    expect(tokens.answer(tokens.codeIn(fresh), { ticketAt: fresh.ticketAt })).toBe('ok');
  });

  it('of the long code, of an ended token and of a mail on its way', () => {
    const ahead = START + YEAR;
    const far = { ...token, issuedAt: ahead, expiresAt: ahead + DAY };
    const past = [{ bound: 'b', key: codes.newKey, expiresAt: ahead, end: 'redeemed' as const }];
    const state = { ...emptyTokenState, long: far, sending: far, longSentAt: ahead, past, voidBefore: ahead };
    const now = asOfNow(state, at(START));
    expect(now).toMatchObject({
      long: { issuedAt: START, expiresAt: START + DAY },
      sending: { issuedAt: START, expiresAt: START + DAY },
      ...{ longSentAt: START, voidBefore: START, past: [{ expiresAt: START + DAY }] },
    });
    expect(tokensExpireAt(now, policy)).toBe(START + 2 * DAY);
  });

  it('within five minutes void what they void, and beyond from now on', () => {
    const state = { ...emptyTokenState, voidBefore: START + 5 * MINUTE };
    expect(asOfNow(state, at(START))).toBe(state);
    const beyond = { ...emptyTokenState, voidBefore: START + 5 * MINUTE + 1 };
    expect(asOfNow(beyond, at(START))).toEqual({ ...emptyTokenState, voidBefore: START });
  });

  it.each<[string, Partial<TokenState>, Partial<TokenState>]>([
    ['the live token', { token: { ...token, issuedAt: START + YEAR, expiresAt: START + YEAR + MINUTE } }, {}],
    ['the only mail', { sentAt: [START + YEAR] }, { sentAt: [START] }],
    ['the only failure', { failures: { at: [START + YEAR], inARow: 1 } }, {}],
    ['the long mail', { longSentAt: START + YEAR }, { longSentAt: START }],
    ['an ended token', { past: [{ bound: 'b', key: 'k', expiresAt: START + YEAR, end: 'redeemed' }] }, {}],
  ])('count as now where nothing but %s has one', (_, part, expected) => {
    const now = asOfNow({ ...emptyTokenState, ...part }, at(START));
    expect(now).toMatchObject(expected);
    expect(JSON.stringify(now)).not.toContain(String(START + YEAR));
    expect(tokensExpireAt(now, policy)).toBeLessThanOrEqual(START + 30 * DAY);
  });

  it('leave what is beside them as it is', () => {
    const older = { ...token, issuedAt: START - MINUTE, expiresAt: START + 14 * MINUTE };
    for (const voidBefore of [null, START - DAY, START, START + 5 * MINUTE]) {
      const state = { ...emptyTokenState, token: older, voidBefore, sentAt: [START + YEAR] };
      expect(asOfNow(state, at(START))).toEqual({ ...state, sentAt: [START] });
    }
  });

  it('change nothing where there are none', () => {
    const tokens = account();
    tokens.type(wrongCode(tokens.codeIn(tokens.grant())));
    expect(asOfNow(tokens.state, tokens.context())).toBe(tokens.state);
  });
});

describe('what is written', () => {
  it('holds no address of a token that has expired, wherever it stands', () => {
    const expired = { ...token, expiresAt: START };
    const state = { ...emptyTokenState, token: expired, sending: expired, long: expired };
    expect(JSON.stringify(withoutExpired(state, at(START)))).not.toContain('example.com');
    expect(JSON.stringify(withoutExpired(state, at(START - 1)))).toContain('example.com');
  });

  it('holds no mail older than a day, and no ended token that has expired', () => {
    const past = [{ bound: 'b', key: codes.newKey, expiresAt: START, end: 'redeemed' as const }];
    const state = { ...emptyTokenState, past, sentAt: [START - DAY, START - DAY + 1] };
    expect(withoutExpired(state, at(START))).toMatchObject({ past: [], sentAt: [START - DAY + 1] });
  });

  it('outlives the expiry of a token by a day, so that it is said, and of failures by their window', () => {
    expect(tokensExpireAt({ ...emptyTokenState, token }, policy)).toBe(token.expiresAt + DAY);
    const failed = { ...emptyTokenState, token, failures: { at: [START], inARow: 1 } };
    expect(tokensExpireAt(failed, policy)).toBe(START + 30 * DAY);
    expect(tokensExpireAt({ ...emptyTokenState, sentAt: [START] }, policy)).toBe(START + DAY);
    expect(tokensExpireAt({ ...emptyTokenState, longSentAt: START }, policy)).toBe(START + DAY);
    expect(tokensExpireAt(emptyTokenState, policy)).toBe(-Infinity);
  });
});
