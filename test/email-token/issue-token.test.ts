import { describe, expect, it } from 'vitest';
import { freePlace, issueToken, type MailFate, mailLimitedUntil } from '../../src/email-token/issue-token.js';
import { type Account, account, type GrantedOutcome } from '../support/tokens/account.js';
import {
  address,
  DAY,
  HOUR,
  key,
  MINUTE,
  otherKey,
  SECOND,
  START,
  wrongCode,
} from '../support/tokens/harness.js';

const other = 'other@example.com';

describe('a request for a mail', () => {
  it('issues a token: a mail, an expiry after ttlSeconds, another mail after resendAfterSeconds', () => {
    const { ask } = account();
    expect(ask({ id: 'first' })).toMatchObject({
      ...{
        ok: true,
        joined: false,
        expiresAt: START + 15 * MINUTE,
        resendAt: START + MINUTE,
        ticketAt: START,
      },
      mail: {
        form: 'digits',
        askedAt: START,
        token: { id: 'first', to: address, purpose: 'login', attempts: 0, mails: 1 },
      },
    });
  });

  it('dates token and mail from when it was made, however long the mail took to render', () => {
    const tokens = account();
    tokens.grant();
    tokens.advance(20 * MINUTE);
    const askedAt = tokens.now;
    const { mail, expiresAt } = tokens.grant();
    expect([mail?.askedAt, expiresAt]).toEqual([askedAt, askedAt + 15 * MINUTE]);
  });
});

describe('asking again joins', () => {
  it('within the cooldown without a mail: the one that is on its way serves both', () => {
    const tokens = account();
    const first = tokens.grant();
    tokens.advance(150);
    expect(tokens.grant()).toEqual({
      ...{ ok: true, mail: null, joined: true, expiresAt: first.expiresAt, resendAt: START + MINUTE },
      ticketAt: START + 150,
    });
    expect(tokens.answer(tokens.codeIn(first))).toBe('ok');
  });

  it('after the cooldown with the same code mailed again, and the same expiry', () => {
    const tokens = account();
    const first = tokens.grant();
    tokens.advance(MINUTE);
    const again = tokens.grant();
    expect(again).toMatchObject({ joined: true, expiresAt: first.expiresAt, resendAt: START + 2 * MINUTE });
    expect(tokens.codeIn(again)).toBe(tokens.codeIn(first));
    expect(tokens.state.token).toMatchObject({ mails: 2, issuedAt: START });
    expect(tokens.answer(tokens.codeIn(first))).toBe('ok');
  });

  it('through the first two thirds of the token’s life and no longer', () => {
    const tokens = account();
    const first = tokens.grant();
    tokens.advance(10 * MINUTE - 1);
    expect(tokens.grant()).toMatchObject({ joined: true, expiresAt: first.expiresAt });
    const untouched = account();
    untouched.grant();
    untouched.advance(10 * MINUTE);
    expect(untouched.grant()).toMatchObject({ joined: false });
    tokens.advance(1);
    expect(tokens.grant()).toMatchObject({ joined: true, mail: null });
    tokens.advance(MINUTE);
    expect(tokens.grant()).toMatchObject({ joined: false, expiresAt: tokens.now + 15 * MINUTE });
  });

  it('also while it costs attempts, and keeps those that are spent', () => {
    const tokens = account();
    const code = tokens.codeIn(tokens.grant());
    for (let guess = 1; guess <= 4; guess++) tokens.type(wrongCode(code, guess));
    tokens.advance(2 * MINUTE);
    expect(tokens.grant()).toMatchObject({ joined: true });
    expect(tokens.type(wrongCode(code, 5))).toMatchObject({ reason: 'mismatch', attemptsLeft: 0 });
  });

  it('without a mail when the quota is used up, for the token is alive', () => {
    const tokens = account();
    const first = tokens.grant();
    for (let mail = 2; mail <= 5; mail++) {
      tokens.advance(MINUTE);
      expect(tokens.grant().mail).not.toBeNull();
    }
    tokens.advance(MINUTE);
    expect(tokens.grant()).toMatchObject({ mail: null, joined: true, resendAt: START + HOUR });
    expect(tokens.answer(tokens.codeIn(first))).toBe('ok');
  });
});

describe('in the last third of a token’s life', () => {
  it('a fresh token takes its place if cooldown and quota allow', () => {
    const tokens = account();
    const first = tokens.grant();
    tokens.advance(12 * MINUTE);
    const fresh = tokens.grant();
    expect(fresh).toMatchObject({ joined: false, replaces: true, expiresAt: tokens.now + 15 * MINUTE });
    expect(tokens.codeIn(fresh)).not.toBe(tokens.codeIn(first));
    expect(tokens.answer(tokens.codeIn(first))).toBe('superseded');
    expect(tokens.answer(tokens.codeIn(fresh))).toBe('ok');
  });

  it('it is joined if the cooldown does not', () => {
    const tokens = account();
    tokens.grant();
    tokens.advance(10 * MINUTE - SECOND);
    tokens.grant();
    tokens.advance(2 * SECOND);
    expect(tokens.grant()).toMatchObject({ joined: true, mail: null, expiresAt: START + 15 * MINUTE });
  });

  it('it is joined if the quota does not', () => {
    const tokens = account({ limits: { sendsPerHour: 1 } });
    tokens.grant();
    tokens.advance(12 * MINUTE);
    expect(tokens.grant()).toMatchObject({ joined: true, mail: null, resendAt: START + HOUR });
  });
});

describe('a token that cannot be joined', () => {
  it.each<[string, { to?: string; purpose?: string }]>([
    ['address', { to: other }],
    ['purpose', { purpose: 'delete-account' }],
  ])('because the request is for another %s: cooldown, and a fresh one after it', (_, request) => {
    const tokens = account();
    const first = tokens.grant();
    expect(tokens.ask(request)).toEqual({ ok: false, reason: 'cooldown', retryAt: START + MINUTE });
    tokens.advance(MINUTE);
    const fresh = tokens.grant(request);
    expect(fresh).toMatchObject({ joined: false, replaces: true });
    expect(tokens.answer(tokens.codeIn(fresh), request)).toBe('ok');
    expect(tokens.answer(tokens.codeIn(first))).not.toBe('ok');
  });

  it('because its attempts are used up: cooldown, and a fresh one after it', () => {
    const tokens = account({ maxAttempts: 2, limits: { freeFailures: 4 } });
    const code = tokens.codeIn(tokens.grant());
    for (const distance of [1, 2]) tokens.type(wrongCode(code, distance));
    expect(tokens.answer(code)).toBe('exhausted');
    expect(tokens.ask()).toEqual({ ok: false, reason: 'cooldown', retryAt: START + MINUTE });
    tokens.advance(MINUTE);
    const fresh = tokens.grant();
    expect(fresh.joined).toBe(false);
    expect(fresh.replaces).toBeUndefined();
    expect(tokens.answer(tokens.codeIn(fresh))).toBe('ok');
  });

  it('because it has expired: a fresh one', () => {
    const tokens = account();
    tokens.grant();
    tokens.advance(15 * MINUTE);
    expect(tokens.grant()).toMatchObject({ joined: false });
  });

  it('because its key is gone: a fresh one', () => {
    const before = account({ keys: [otherKey] });
    const old = before.codeIn(before.grant());
    const after = account({ keys: [key] });
    after.state = before.state;
    expect(after.answer(old)).toBe('expired');
    after.advance(MINUTE);
    const fresh = after.grant();
    expect(fresh).toMatchObject({ joined: false });
    expect(after.answer(after.codeIn(fresh))).toBe('ok');
  });

  it('while the quota is used up: limit, with the instant at which it has room', () => {
    const tokens = account({ limits: { sendsPerHour: 2 } });
    tokens.grant();
    tokens.advance(MINUTE);
    tokens.grant();
    tokens.state = { ...tokens.state, longSentAt: tokens.now };
    tokens.advance(MINUTE);
    expect(tokens.ask({ to: other })).toEqual({ ok: false, reason: 'limit', retryAt: START + HOUR });
    expect(mailLimitedUntil(tokens.state, tokens.context())).toBe(START + HOUR);
    tokens.now = START + HOUR;
    expect(mailLimitedUntil(tokens.state, tokens.context())).toBeNull();
    expect(tokens.grant({ to: other })).toMatchObject({ joined: false });
  });
});

describe('the quotas', () => {
  it('are five mails in any hour and ten in any day by default', () => {
    const tokens = account();
    const sent: number[] = [];
    while (tokens.now < START + 3 * DAY) {
      if (tokens.grant().mail?.form === 'digits') sent.push(tokens.now);
      tokens.state = { ...tokens.state, token: null, longSentAt: tokens.now };
      const retryAt = tokens.ask({ fate: null });
      tokens.now = retryAt.ok ? tokens.now + MINUTE : retryAt.retryAt;
    }
    expect(sent.length).toBeGreaterThanOrEqual(20);
    for (const [index, at] of sent.entries()) {
      expect((sent[index + 5] ?? Infinity) - at).toBeGreaterThanOrEqual(HOUR);
      expect((sent[index + 10] ?? Infinity) - at).toBeGreaterThanOrEqual(DAY);
    }
  });

  it('are freed by a success: the places of all mails of its token', () => {
    const tokens = account();
    for (let login = 0; login < 30; login++) {
      const first = tokens.grant();
      tokens.advance(MINUTE);
      tokens.grant();
      expect(tokens.state.sentAt).toHaveLength(2);
      expect(tokens.answer(tokens.codeIn(first))).toBe('ok');
      expect(tokens.state.sentAt).toEqual([]);
    }
  });

  it('are not freed for the mails of a token that was replaced', () => {
    const tokens = account();
    tokens.grant();
    tokens.advance(12 * MINUTE);
    const fresh = tokens.grant();
    expect(tokens.answer(tokens.codeIn(fresh))).toBe('ok');
    expect(tokens.state.sentAt).toEqual([START]);
  });

  it('are freed by unlock, and the failures with them', () => {
    const tokens = account({ limits: { sendsPerHour: 1, maxFailures: 1, freeFailures: 0 } });
    const code = tokens.codeIn(tokens.grant());
    tokens.type(wrongCode(code));
    expect(tokens.answer(code)).toBe('locked');
    tokens.unlock();
    expect(tokens.answer(code)).toBe('ok');
    expect(tokens.grant()).toMatchObject({ joined: false });
  });
});

describe('the long code', () => {
  const delayed = (): Account => {
    const tokens = account();
    for (let failure = 0; failure < 12; failure++) failOnce(tokens);
    return tokens;
  };

  it('is mailed when the account is delayed beyond an hour, and good for 24 hours', () => {
    const tokens = delayed();
    const long = tokens.grant();
    expect(long).toMatchObject({
      long: true,
      joined: false,
      expiresAt: tokens.now + DAY,
      resendAt: tokens.now + DAY,
    });
    expect(long.mail).toMatchObject({ form: 'letters', askedAt: tokens.now });
    expect(tokens.codeIn(long)).toMatch(/^(\w{5}-){4}\w{5}$/);
    expect(tokens.answer(tokens.codeIn(long))).toBe('ok');
  });

  it('is not mailed for a delay of an hour or less', () => {
    const tokens = account();
    for (let failure = 0; failure < 11; failure++) failOnce(tokens);
    expect(tokens.grant().long).toBeUndefined();
  });

  it('is not mailed for a delay that ends in exactly an hour', () => {
    const tokens = delayed();
    const answer = tokens.type('111111');
    if (answer.ok || answer.reason !== 'delayed') throw new Error('there is no delay');
    tokens.now = answer.retryAt - HOUR;
    expect(tokens.grant().long).toBeUndefined();
    const before = delayed();
    before.now = answer.retryAt - HOUR - 1;
    expect(before.grant().long).toBe(true);
  });

  it('is mailed when the account is locked', () => {
    const tokens = account({ limits: { maxFailures: 1 } });
    tokens.type(wrongCode(tokens.codeIn(tokens.grant())));
    const long = tokens.grant();
    expect(long.long).toBe(true);
    expect(tokens.answer(tokens.codeIn(long))).toBe('ok');
  });

  it('is mailed when the account is out of mails and no token can be joined', () => {
    const tokens = account({ limits: { sendsPerHour: 1 } });
    tokens.grant();
    expect(tokens.grant()).toMatchObject({ joined: true });
    tokens.advance(15 * MINUTE);
    const long = tokens.grant();
    expect(long).toMatchObject({ long: true, joined: false });
    expect(tokens.answer(tokens.codeIn(long))).toBe('ok');
  });

  it('is mailed once in 24 hours, also when it was used', () => {
    const tokens = account({ limits: { maxFailures: 1 } });
    tokens.type(wrongCode(tokens.codeIn(tokens.grant())));
    const sentAt = tokens.now;
    expect(tokens.answer(tokens.codeIn(tokens.grant()))).toBe('ok');
    expect(tokens.ask()).toEqual({ ok: false, reason: 'locked', retryAt: sentAt + DAY });
    tokens.advance(DAY - 1);
    expect(tokens.ask()).toMatchObject({ ok: false, reason: 'locked' });
    tokens.advance(1);
    expect(tokens.grant()).toMatchObject({ long: true, joined: false });
  });

  it('is what a refusal counts to, if it can be had before the quotas have room', () => {
    const tokens = account({ limits: { sendsPerDay: 1 } });
    tokens.grant();
    const longSentAt = START - 20 * HOUR;
    tokens.state = { ...tokens.state, longSentAt };
    expect(tokens.ask({ to: other })).toEqual({ ok: false, reason: 'limit', retryAt: longSentAt + DAY });
    tokens.now = longSentAt + DAY;
    expect(tokens.grant({ to: other })).toMatchObject({ long: true, joined: false });
  });

  it('is joined by later logins for its address and purpose, without another mail', () => {
    const tokens = account({ limits: { maxFailures: 1 } });
    tokens.type(wrongCode(tokens.codeIn(tokens.grant())));
    const first = tokens.grant();
    tokens.advance(20 * HOUR);
    expect(tokens.grant()).toMatchObject({
      long: true,
      joined: true,
      mail: null,
      expiresAt: first.expiresAt,
      resendAt: first.resendAt,
    });
    expect(tokens.ask({ to: other })).toMatchObject({ ok: false, reason: 'locked' });
    expect(tokens.ask({ purpose: 'delete-account' })).toMatchObject({ ok: false, reason: 'locked' });
    expect(tokens.answer(tokens.codeIn(first))).toBe('ok');
  });

  it('is judged outside the budget: wrong letters are neither counted nor delayed, nor an attempt', () => {
    const tokens = account({ limits: { maxFailures: 1 } });
    tokens.type(wrongCode(tokens.codeIn(tokens.grant())));
    const long = tokens.grant();
    const { state } = tokens;
    for (let guess = 0; guess < 200; guess++)
      expect(tokens.type('33333-33333-33333-33333-33333')).toEqual({ ok: false, reason: 'mismatch' });
    expect(tokens.state).toBe(state);
    expect(tokens.answer(tokens.codeIn(long))).toBe('ok');
  });

  it('is accepted once, and replayed after that', () => {
    const tokens = account({ limits: { maxFailures: 1 } });
    tokens.type(wrongCode(tokens.codeIn(tokens.grant())));
    const long = tokens.codeIn(tokens.grant());
    expect([tokens.answer(long), tokens.answer(long)]).toEqual(['ok', 'replayed']);
  });

  it('clears the delay and not the rolling total', () => {
    const tokens = delayed();
    const { failures } = tokens.state;
    expect(tokens.answer(tokens.codeIn(tokens.grant()))).toBe('ok');
    expect(tokens.state.failures).toEqual({ at: failures.at, inARow: 0 });
    expect(tokens.grant().long).toBeUndefined();
  });

  it('that was not sent costs no place: the next request gets it', () => {
    const tokens = account({ limits: { maxFailures: 1 } });
    tokens.type(wrongCode(tokens.codeIn(tokens.grant())));
    const refused = tokens.grant({ fate: 'refused' });
    expect(tokens.answer(tokens.codeIn(refused))).toBe('unknown');
    const late = tokens.grant({ fate: 'timed out' });
    expect(tokens.answer(tokens.codeIn(late))).toBe('superseded');
    expect(tokens.answer(tokens.codeIn(tokens.grant()))).toBe('ok');
  });

  it('for a null address is never right', () => {
    const tokens = account({ limits: { maxFailures: 1 } });
    tokens.type(wrongCode(tokens.codeIn(tokens.grant({ to: null }))));
    const long = tokens.grant({ to: null });
    expect(tokens.type(tokens.codeIn(long))).toEqual({ ok: false, reason: 'mismatch' });
  });
});

describe('a mail that takes a live token’s place', () => {
  it('leaves the live token in force until it was accepted', () => {
    const { tokens, old, fresh } = replacing(null);
    expect(tokens.answer(wrongCode(old))).toBe('mismatch');
    expect(tokens.answer(old)).toBe('ok');
    tokens.settle(fresh, 'accepted');
    expect(tokens.answer(tokens.codeIn(fresh))).toBe('ok');
  });

  it('is joined while it is on its way', () => {
    const { tokens, fresh } = replacing(null);
    expect(tokens.grant()).toMatchObject({ joined: true, mail: null, expiresAt: fresh.expiresAt });
  });

  it('and was refused leaves the live token in force, and costs no cooldown', () => {
    const { tokens, old, fresh } = replacing('refused');
    expect(tokens.state.sending).toBeNull();
    expect(tokens.answer(tokens.codeIn(fresh))).toBe('mismatch');
    expect(tokens.grant({ fate: 'refused' }).mail).not.toBeNull();
    expect(tokens.answer(old)).toBe('ok');
  });

  it('and timed out leaves the live token in force, and its own code is superseded should it still arrive', () => {
    const { tokens, old, fresh } = replacing('timed out');
    expect(tokens.answer(tokens.codeIn(fresh))).toBe('superseded');
    expect(tokens.answer(old)).toBe('ok');
  });

  it('and timed out after all its time leaves the live token in force, too', () => {
    const { tokens, old, fresh } = replacing(null);
    tokens.advance(30 * SECOND + 200);
    tokens.settle(fresh, 'timed out');
    expect(tokens.answer(tokens.codeIn(fresh))).toBe('superseded');
    expect(tokens.answer(old)).toBe('ok');
  });

  it('and of which nothing was heard again, since the process died, takes the place when its time is over', () => {
    const { tokens, old, fresh } = replacing(null);
    tokens.advance(2 * MINUTE);
    expect(tokens.answer(old)).toBe('superseded');
    expect(tokens.answer(tokens.codeIn(fresh))).toBe('ok');
  });

  it.each([
    ['accepted', 'superseded'],
    ['refused', 'mismatch'],
    ['timed out', 'superseded'],
  ] as const)(
    'and is overtaken by a request for another address loses to it: if it is %s in the end, its code is a %s',
    (fate, answer) => {
      const { tokens, fresh } = replacing(null);
      tokens.advance(MINUTE);
      const newest = tokens.grant({ to: other, fate: null });
      tokens.settle(fresh, fate);
      tokens.settle(newest, 'accepted');
      expect(tokens.answer(tokens.codeIn(fresh))).toBe(answer);
      expect(tokens.answer(tokens.codeIn(newest))).toBe('ok');
    },
  );
});

describe('a mail on its way, while a mail may take a minute', () => {
  const underway = (): ReturnType<typeof replacing> => {
    const tokens = account({ sendTimeoutSeconds: 60 });
    const old = tokens.codeIn(tokens.grant());
    tokens.advance(12 * MINUTE);
    const fresh = tokens.grant({ fate: null });
    tokens.advance(MINUTE);
    return { tokens, old, fresh };
  };

  it('is mailed again after the cooldown, and the live token stays', () => {
    const { tokens, old, fresh } = underway();
    const again = tokens.grant({ fate: null });
    expect(again).toMatchObject({ joined: true, replaces: true });
    expect(tokens.codeIn(again)).toBe(tokens.codeIn(fresh));
    expect(tokens.state.sending).toMatchObject({ mails: 2 });
    expect(tokens.answer(old)).toBe('ok');
  });

  it('is superseded by a mail for another address, whatever becomes of it, and the live token stays', () => {
    const { tokens, old, fresh } = underway();
    tokens.grant({ to: other, fate: null });
    expect(tokens.answer(tokens.codeIn(fresh))).toBe('superseded');
    tokens.settle(fresh, 'refused');
    expect(tokens.answer(old)).toBe('ok');
  });

  it('can be settled after everything was revoked', () => {
    const { tokens, fresh } = underway();
    tokens.revoke();
    const { state } = tokens;
    tokens.settle(fresh, 'refused');
    expect(tokens.state).toMatchObject({ token: null, sending: null, past: state.past });
  });
});

describe('the places of mails', () => {
  it('are freed one at a time, and none that is not there', () => {
    const places = [START, START, START + MINUTE];
    expect(freePlace(places, START)).toEqual([START, START + MINUTE]);
    expect(freePlace(places, START - 1)).toBe(places);
    expect(freePlace(places, START + 6 * MINUTE)).toBe(places);
  });

  it('are freed where another process, whose clock is behind, has dated them earlier', () => {
    expect(freePlace([START - DAY, START], START + SECOND)).toEqual([START - DAY]);
  });

  it('stand in order, also that of a mail that was asked for before another one', () => {
    const tokens = account();
    tokens.now = START + 10 * MINUTE;
    tokens.grant();
    const state = { ...tokens.state, token: null };
    tokens.now += MINUTE;
    const ask = { purpose: 'login', to: address, at: START + 5 * MINUTE, id: 'late' };
    expect(issueToken(state, ask, tokens.context()).state.sentAt).toEqual([ask.at, START + 10 * MINUTE]);
  });
});

describe('a first mail that was not sent', () => {
  it('leaves no token and costs neither cooldown nor quota when it was refused', () => {
    const tokens = account();
    for (let attempt = 0; attempt < 20; attempt++) {
      const refused = tokens.grant({ fate: 'refused' });
      expect(tokens.state).toMatchObject({ token: null, sending: null, past: [], sentAt: [] });
      expect(tokens.answer(tokens.codeIn(refused))).toBe('unknown');
    }
  });

  it('leaves its code as superseded when it timed out', () => {
    const tokens = account();
    const late = tokens.grant({ fate: 'timed out' });
    expect(tokens.state).toMatchObject({ token: null, sentAt: [] });
    expect(tokens.answer(tokens.codeIn(late))).toBe('superseded');
  });

  it('takes a token along only if no other mail carries its code', () => {
    const tokens = account();
    const first = tokens.grant();
    tokens.advance(MINUTE);
    for (const fate of ['refused', 'timed out'] as const) {
      expect(tokens.grant({ fate })).toMatchObject({ joined: true });
      expect(tokens.state).toMatchObject({ token: { mails: 1 }, sentAt: [START] });
    }
    expect(tokens.answer(tokens.codeIn(first))).toBe('ok');
  });

  it('leaves the failures so far', () => {
    const tokens = account();
    tokens.type(wrongCode(tokens.codeIn(tokens.grant())));
    tokens.advance(20 * MINUTE);
    tokens.grant({ fate: 'refused' });
    expect(tokens.state.failures.at).toHaveLength(1);
  });
});

/** One wrong code as soon as it is evaluated, at a token that is there or is asked for. */
function failOnce(tokens: Account): void {
  tokens.state = { ...tokens.state, token: null, sentAt: [] };
  const code = tokens.codeIn(tokens.grant());
  const first = tokens.type(wrongCode(code));
  if (first.ok || first.reason === 'mismatch') return;
  if (first.reason !== 'delayed') throw new Error(first.reason);
  tokens.now = first.retryAt;
  failOnce(tokens);
}

/** An account with a live token in its last third, and a mail on its way that takes its place. */
function replacing(fate: MailFate | null): { tokens: Account; old: string; fresh: GrantedOutcome } {
  const tokens = account();
  const old = tokens.codeIn(tokens.grant());
  tokens.advance(12 * MINUTE);
  return { tokens, old, fresh: tokens.grant({ fate }) };
}
