import { CountersignError } from '../internal/errors.js';
import { failUnreadable } from '../internal/record-text.js';
import { Secret } from '../otp/secret.js';
import type { AccountState, AccountStep } from './account.js';
import { replaceSealed } from './account-state.js';
import { applyStep } from './record.js';
import type { TwoFactorSettings } from './settings.js';

/** Encrypts a secret for one customer's record: copied into another's, it does not open. */
export function sealSecret({ cipher }: TwoFactorSettings, userId: string, secret: Secret): Promise<string> {
  return cipher.seal(secret.toBytes(), [userId]);
}

/**
 * As `applyStep`, with the record's secret at hand.
 *
 * Decryption is asynchronous and a transition is not. So a transition that meets a ciphertext nobody has decrypted
 * yet changes nothing and asks for it; the next round goes on only if the record still holds the same one. What was
 * sealed with an older key is sealed with the first one in whichever write comes next.
 *
 * @param pick - which ciphertext the transition needs; null: none
 */
export async function applyWithSecret<Outcome>(
  settings: TwoFactorSettings,
  userId: string,
  pick: (state: AccountState) => string | null,
  transition: (state: AccountState, secret: Secret | null, time: number) => AccountStep<Outcome>,
): Promise<Outcome> {
  let held: Unsealed | null = null;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const unsealed: Unsealed | null = held;
    const outcome = await applyStep<Outcome | Wanted>(settings, userId, (state, time) => {
      const sealed = pick(state);
      if (sealed === null) return transition(state, null, time);
      if (sealed !== unsealed?.sealed) return { state, outcome: new Wanted(sealed) };
      return resealed(state, transition(state, unsealed.secret, time), unsealed);
    });
    if (!(outcome instanceof Wanted)) return outcome;
    held = await unseal(settings, userId, outcome.sealed);
  }
  throw new CountersignError('ERR_STORE_CONTENTION', 'the secret was replaced again and again');
}

/** A ciphertext changes with an activation or a new key only: more rounds than one or two are somebody's loop. */
const MAX_ROUNDS = 16;

interface Unsealed {
  readonly sealed: string;
  readonly secret: Secret;
  /** The same secret under the first key. */
  readonly current: string;
}

/** Asks for the secret of a ciphertext. */
class Wanted {
  constructor(readonly sealed: string) {}
}

async function unseal(settings: TwoFactorSettings, userId: string, sealed: string): Promise<Unsealed> {
  const opened = (await settings.cipher.open(sealed, [userId])) ?? failUnreadable();
  const secret = Secret.fromBytes(opened.plain);
  const current = opened.isCurrent ? sealed : await sealSecret(settings, userId, secret);
  return { sealed, secret, current };
}

function resealed<Outcome>(
  before: AccountState,
  step: AccountStep<Outcome>,
  { sealed, current }: Unsealed,
): AccountStep<Outcome> {
  if (step.state === before || sealed === current) return step;
  return { ...step, state: replaceSealed(step.state, sealed, current) };
}
