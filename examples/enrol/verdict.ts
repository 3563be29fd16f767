import { allowReplay, type Secret, type TotpMatch, verifyTotp } from 'countersign';

/** What a login system stores for a person's app (there, the secret is encrypted). */
export interface Device {
  readonly secret: Secret;
  /** The step of the newest code accepted; null before the first. */
  readonly lastTimeStep: number | null;
  /** How far the app's clock was off then, in steps. */
  readonly drift: number;
}

export type Verdict =
  { readonly is: 'accepted'; readonly drift: number } | { readonly is: 'already used' | 'wrong' };

/** Verifies a typed code; `next` is what to store before anyone is let in. */
export function judge(device: Device, code: string, at: Date): { verdict: Verdict; next: Device } {
  const { secret, lastTimeStep, drift } = device;
  const match = verifyTotp(secret, code, { lastTimeStep, drift, at });
  if (match) return { verdict: { is: 'accepted', drift: match.drift }, next: remember(secret, match) };
  const replay = verifyTotp(secret, code, { lastTimeStep: allowReplay, drift, at });
  return { verdict: { is: replay ? 'already used' : 'wrong' }, next: device };
}

/** What the person reads. */
export function describeVerdict(verdict: Verdict, remainingSeconds: number): string {
  return `${wordsFor(verdict)} The next code comes in ${remainingSeconds} s.`;
}

/** A drift in words: apps are late when the code was typed slowly or their clock is behind. */
export function describeDrift(drift: number): string {
  if (drift === 0) return 'on time';
  const steps = Math.abs(drift) === 1 ? 'one step' : `${Math.abs(drift)} steps`;
  return drift < 0 ? `${steps} late (drift ${drift})` : `${steps} early (drift +${drift})`;
}

/** 'ABCD EFGH …': the form in which people can copy a secret by hand. */
export function groupsOfFour(text: string): string {
  return text.replace(/(.{4})(?=.)/g, '$1 ');
}

function remember(secret: Secret, { timeStep, drift }: TotpMatch): Device {
  return { secret, lastTimeStep: timeStep, drift };
}

function wordsFor(verdict: Verdict): string {
  switch (verdict.is) {
    case 'accepted':
      return `✓ accepted, ${describeDrift(verdict.drift)}.`;
    case 'already used':
      return '✗ already used: a code is good for one login only.';
    case 'wrong':
      return '✗ wrong: the app shows another code now.';
  }
}
