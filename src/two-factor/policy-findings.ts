import { blockOf, countFailure, noFailures } from '../internal/throttle.js';
import { type FlowPolicy, MAX_BROWSER_FAILURES } from './account.js';

/** What a policy makes of one clause of a standard. */
export interface PolicyFinding {
  readonly standard: 'NIST SP 800-63B-4' | 'OWASP ASVS 5.0' | 'PCI DSS 4';
  readonly clause: string;
  readonly met: boolean;
  /** Why it is met, or what would meet it. */
  readonly note: string;
}

/** Holds a policy against the clauses that a policy can meet or miss. */
export function policyFindings(policy: FlowPolicy): readonly PolicyFinding[] {
  return [...nistFindings(policy), ...asvsFindings(policy), ...pciFindings(policy)];
}

const MAX_OUT_OF_BAND_SECONDS = 600;
const MAX_CONSECUTIVE_FAILURES = 100;
const PCI_ATTEMPTS = 10;
const PCI_LOCK_MS = 30 * 60_000;

function nistFindings(policy: FlowPolicy): PolicyFinding[] {
  const { ttlSeconds, fallback, browsers, maxFailures } = policy;
  const hasMail = fallback === 'email';
  const failures = browsers.max * MAX_BROWSER_FAILURES + maxFailures;
  const finding = (clause: string, met: boolean, note: string): PolicyFinding => ({
    standard: 'NIST SP 800-63B-4',
    clause,
    met,
    note,
  });
  return [
    finding('3.1.2.2', true, 'Recovery codes have 114 bits and are stored as salted digests.'),
    finding(
      '3.1.3.1',
      !hasMail,
      hasMail
        ? "E-mail is no out-of-band authenticator for NIST. fallback: 'none' sends none, and needs an app for everybody."
        : 'No code is sent by e-mail.',
    ),
    finding(
      '3.1.3.2',
      !hasMail || ttlSeconds <= MAX_OUT_OF_BAND_SECONDS,
      `A mailed code is good for ${ttlSeconds} s; the clause allows ${MAX_OUT_OF_BAND_SECONDS}. Set ttlSeconds: 600.`,
    ),
    finding('3.1.4.2', true, 'The code of an app is accepted once.'),
    finding(
      '3.2.1',
      browsers.rememberSeconds === 0,
      'A remembered browser is a cookie, which is no authenticator above AAL1. Set browsers.rememberSeconds: 0 for AAL2.',
    ),
    finding(
      '3.2.2',
      failures <= MAX_CONSECUTIVE_FAILURES,
      `At most ${failures} failures in a row over all browsers; the clause allows ${MAX_CONSECUTIVE_FAILURES}. ` +
        'Lower limits.maxFailures or browsers.max.',
    ),
  ];
}

function asvsFindings({ ttlSeconds, fallback, window }: FlowPolicy): PolicyFinding[] {
  const hasMail = fallback === 'email';
  const isShort = !hasMail || ttlSeconds <= MAX_OUT_OF_BAND_SECONDS;
  const isNarrow = window.past === 0 && window.future === 0;
  const finding = (clause: string, met: boolean, note: string): PolicyFinding => ({
    standard: 'OWASP ASVS 5.0',
    clause,
    met,
    note,
  });
  return [
    finding(
      '6.3.6',
      !hasMail,
      "At level 3 e-mail is no factor. fallback: 'none' sends no code, and needs an app for everybody.",
    ),
    finding('6.5.1', true, 'Every code is accepted once.'),
    finding(
      '6.5.2',
      true,
      'Recovery codes have 114 bits, more than the 112 from which a plain digest is allowed.',
    ),
    finding(
      '6.5.5',
      isShort && isNarrow,
      `A mailed code is good for ${ttlSeconds} s and an app's for ${(window.past + 1 + window.future) * 30} s; the clause ` +
        'allows 600 and 30. Spread strictPolicy into the options.',
    ),
    finding(
      '6.6.2',
      !hasMail,
      'A mailed code is bound to person, purpose and address, and not to one login, so that nobody is kept out who asks ' +
        'twice: decision 0022.',
    ),
    finding('6.6.3', true, 'Guesses are limited for the account, whatever the number of logins.'),
  ];
}

function pciFindings(policy: FlowPolicy): PolicyFinding[] {
  return [
    {
      standard: 'PCI DSS 4',
      clause: '8.3.4',
      met: waitAfter(PCI_ATTEMPTS, policy) >= PCI_LOCK_MS,
      note: 'After ten wrong codes the account must wait for 30 minutes. Set limits: { firstDelaySeconds: 1800 }.',
    },
    { standard: 'PCI DSS 4', clause: '8.5.1', met: true, note: 'No code is accepted twice.' },
  ];
}

/** How long no code is evaluated after so many failures in a row, in ms. */
function waitAfter(attempts: number, policy: FlowPolicy): number {
  let now = 0;
  let failures = noFailures;
  for (let attempt = 0; attempt < attempts; attempt++) {
    now = blockOf(failures, { now, policy })?.retryAt ?? now;
    failures = countFailure(failures, { now, policy }).failures;
  }
  return (blockOf(failures, { now, policy })?.retryAt ?? now) - now;
}
