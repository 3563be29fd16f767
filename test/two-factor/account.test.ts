import { describe, expect, it } from 'vitest';
import { mailedCodes } from '../../src/email-token/challenge.js';
import { resolvePolicy } from '../../src/email-token/policy.js';
import { readKeys } from '../../src/internal/keys.js';
import {
  accountAsOfNow,
  accountExpiresAt,
  type AccountState,
  accountWithoutExpired,
  afterFactorChange,
  emptyAccount,
  type FlowContext,
  type FlowPolicy,
  type KnownBrowser,
  PENDING_MS,
} from '../../src/two-factor/account.js';
import {
  browserPayer,
  enterBrowser,
  withBrowserFailure,
  withBrowserMails,
  withoutBrowserMailsSince,
} from '../../src/two-factor/browsers.js';
import type { MailFate } from '../../src/email-token/issue-token.js';
import { beginLogin, settleLoginMail } from '../../src/two-factor/login-state.js';
import { resolveFlowPolicy } from '../../src/two-factor/options.js';
import { userId } from '../support/flow/flow.js';
import { DAY, HOUR, MINUTE } from '../support/flow/time.js';

const START = Date.UTC(2030, 0);
const YEAR = 365 * DAY;
const policy: FlowPolicy = {
  ...resolvePolicy({}),
  ...resolveFlowPolicy({ browsers: { rememberSeconds: 86_400, max: 3 } }),
  mailDigits: 6,
};
const codes = mailedCodes(readKeys([new Uint8Array(32).fill(1)]), 6)(userId);
const at = (now: number): FlowContext => ({ now, policy, codes, userId });
const empty = emptyAccount('salt');

function browser(id: string, part: Partial<KnownBrowser> = {}): KnownBrowser {
  const fresh = { id, digest: `digest of ${id}`, lastUsedAt: START, failures: 0 };
  return { ...fresh, sentAt: [], rememberedAt: null, ...part };
}

const withBrowsers = (...browsers: KnownBrowser[]): AccountState => ({ ...empty, browsers });

describe('an account, as it counts now', () => {
  it.each<[string, Partial<KnownBrowser>, Partial<KnownBrowser>]>([
    ['was used', { lastUsedAt: START + YEAR }, { lastUsedAt: START }],
    ['was remembered', { rememberedAt: START + YEAR }, { rememberedAt: START }],
    ['was sent a mail', { sentAt: [START + YEAR] }, { sentAt: [START] }],
  ])('has no browser that %s in the future', (_, part, expected) => {
    const old = browser('old', {
      lastUsedAt: START - DAY,
      sentAt: [START - HOUR],
      rememberedAt: START - HOUR,
    });
    const state = withBrowsers(old, browser('b', part));
    expect(accountAsOfNow(state, at(START)).browsers).toEqual([old, browser('b', expected)]);
  });

  it('keeps what a browser has, beside an instant in the future', () => {
    const ahead = browser('b', { lastUsedAt: START + YEAR, sentAt: [START - HOUR, START + YEAR] });
    expect(accountAsOfNow(withBrowsers(ahead), at(START)).browsers).toEqual([
      browser('b', { sentAt: [START - HOUR, START] }),
    ]);
  });

  it('has no pending secret that lasts longer than ten minutes', () => {
    const pending = [PENDING_MS - 1, PENDING_MS, YEAR].map((ms) => {
      return { name: 'app', sealed: 's', expiresAt: START + ms };
    });
    const now = accountAsOfNow({ ...empty, pending }, at(START));
    const left = now.pending.map(({ expiresAt }) => expiresAt - START);
    expect(left).toEqual([PENDING_MS - 1, PENDING_MS, PENDING_MS]);
  });

  it('is the same object if there is nothing to change', () => {
    const pending = [{ name: 'app', sealed: 's', expiresAt: START + PENDING_MS }];
    const known = browser('b', { rememberedAt: START, sentAt: [START] });
    const state = { ...withBrowsers(known), pending };
    expect(accountAsOfNow(state, at(START))).toBe(state);
  });
});

describe('an account, as it is written', () => {
  it('has no browser that is no longer known, and no mail of one from more than a day ago', () => {
    const { knownSeconds } = policy.browsers;
    const lastUsedAt = START - knownSeconds * 1000;
    const sentAt = [START - DAY - 1, START - DAY, START - DAY + 1];
    const state = withBrowsers(
      browser('gone', { lastUsedAt }),
      browser('b', { lastUsedAt: lastUsedAt + 1, sentAt }),
    );
    expect(accountWithoutExpired(state, at(START)).browsers).toEqual([
      browser('b', { lastUsedAt: lastUsedAt + 1, sentAt: [START - DAY + 1] }),
    ]);
  });

  it('has a pending secret for a day after it expired', () => {
    const pending = [0, 1].map((ms) => ({ name: 'app', sealed: 's', expiresAt: START - DAY + ms }));
    expect(accountWithoutExpired({ ...empty, pending }, at(START)).pending).toEqual([pending[1]]);
  });

  it('stays as long as a browser of it is known', () => {
    const until = START + policy.browsers.knownSeconds * 1000;
    expect(accountExpiresAt(withBrowsers(browser('b')), policy)).toBe(until);
  });
});

describe('a change of a factor', () => {
  it('ends that browsers are remembered, and not that they are known', () => {
    const known = browser('b', { rememberedAt: START, failures: 3, sentAt: [START] });
    const { browsers } = afterFactorChange(withBrowsers(known), at(START));
    expect(browsers).toEqual([{ ...known, rememberedAt: null }]);
  });
});

describe('what happens to one browser', () => {
  const [a, b] = [browser('a'), browser('b', { sentAt: [START - HOUR] })];

  it('leaves the others as they are: a failure, and a mail', () => {
    const state = withBrowsers(a, b);
    expect(withBrowserFailure(state, b).browsers).toEqual([a, { ...b, failures: 1 }]);
    expect(withBrowserMails(state, b, [START]).browsers).toEqual([a, { ...b, sentAt: [START] }]);
    expect(withBrowserMails(state, b, b.sentAt)).toBe(state);
  });

  it('gives the places of a redeemed token’s mails back, of whatever browser, and no others', () => {
    const state = withBrowsers(
      browser('before', { sentAt: [START - 2, START - 1] }),
      browser('both', { sentAt: [START - 1, START, START + 1] }),
      browser('none'),
    );
    expect(withoutBrowserMailsSince(state, START).browsers).toEqual([
      browser('before', { sentAt: [START - 2, START - 1] }),
      browser('both', { sentAt: [START - 1] }),
      browser('none'),
    ]);
    expect(withoutBrowserMailsSince(state, START + 2)).toBe(state);
    const single = withBrowsers(browser('one', { sentAt: [START] }));
    expect(withoutBrowserMailsSince(single, START).browsers).toEqual([browser('one')]);
  });

  it('has a limit of its own mails until the oldest of them is a day old', () => {
    const sentAt = Array.from({ length: policy.sendsPerHour }, (_, index) => START + index * MINUTE);
    const payer = (now: number): unknown => browserPayer(browser('b', { sentAt }), at(now)).nextMail(sentAt);
    expect(payer(START + DAY - 1)).toEqual({ retryAt: START + DAY, reason: 'limit' });
    expect(payer(START + DAY)).toEqual({ retryAt: START + DAY, reason: 'cooldown' });
  });
});

describe('a mail of a login that was not sent', () => {
  const token = {
    ...{ id: 'id', key: codes.newKey, purpose: 'login', to: 'customer@example.com' },
    ...{ issuedAt: START, expiresAt: START + 15 * MINUTE, attempts: 0, mails: 1 },
  };
  const draft = { token, form: 'digits', askedAt: START } as const;
  const paid = [browser('a', { sentAt: [START] }), browser('b', { sentAt: [START] })];
  const state = { ...withBrowsers(...paid), token, sentAt: [START] };
  const places = (payer: string | null, fate: MailFate, form: 'digits' | 'letters' = 'digits'): unknown => {
    const { sentAt, browsers } = settleLoginMail(
      state,
      { draft: { ...draft, form }, payer, fate },
      at(START),
    );
    return [sentAt.length, ...browsers.map((each) => each.sentAt.length)];
  };

  it('gives its payer the place back, and nobody else', () => {
    for (const fate of ['refused', 'timed out'] as const) {
      expect(places(null, fate)).toEqual([0, 1, 1]);
      expect(places('a', fate)).toEqual([1, 0, 1]);
      expect(places('b', fate)).toEqual([1, 1, 0]);
    }
  });

  it('keeps it if it was accepted, and if it was a long one, which has taken none', () => {
    for (const payer of [null, 'a']) {
      expect(places(payer, 'accepted')).toEqual([1, 1, 1]);
      expect(places(payer, 'refused', 'letters')).toEqual([1, 1, 1]);
    }
  });
});

describe('a mail of a login', () => {
  const ask = { purpose: 'login', to: 'customer@example.com', at: START, id: 'id' };
  const value = 'v'.repeat(27);
  const known = enterBrowser(
    empty,
    { value: null, fresh: { id: 'b', value }, remember: false },
    at(START),
  ).state;

  it('is paid for by the browser that is known, and else by the account', () => {
    const own = beginLogin(known, { ask, browser: value, expectsApp: false }, at(START));
    expect(own).toMatchObject({
      outcome: { payer: 'b' },
      state: { sentAt: [], browsers: [{ sentAt: [START] }] },
    });
    const other = beginLogin(known, { ask, browser: undefined, expectsApp: false }, at(START));
    expect(other).toMatchObject({
      outcome: { payer: null },
      state: { sentAt: [START], browsers: [{ sentAt: [] }] },
    });
  });
});

describe('a login from a browser', () => {
  const fresh = { id: 'new', value: 'v'.repeat(27) };

  it('takes the place of the one that was used least recently, in whatever order they stand', () => {
    const used = [3, 1, 2].map((days) => browser(`${days} days ago`, { lastUsedAt: START - days * DAY }));
    const { state } = enterBrowser(withBrowsers(...used), { value: null, fresh, remember: false }, at(START));
    expect(state.browsers.map(({ id }) => id)).toEqual(['2 days ago', '1 days ago', 'new']);
  });

  it('is remembered only where the policy says how long', () => {
    const login = { value: null, fresh, remember: true };
    expect(enterBrowser(empty, login, at(START)).state.browsers).toMatchObject([{ rememberedAt: START }]);
    const never = { ...policy, browsers: { ...policy.browsers, rememberSeconds: 0 } };
    const { state } = enterBrowser(empty, login, { ...at(START), policy: never });
    expect(state.browsers).toMatchObject([{ rememberedAt: null }]);
  });
});
