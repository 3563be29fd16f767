import { CountersignError } from '../internal/errors.js';
import { deriveKeyRing, type KeyRing } from '../internal/keys.js';
import { randomBytes } from '../internal/random.js';
import { failUnreadable } from '../internal/record-text.js';
import { Secret } from '../otp/secret.js';
import type { AccountState, AccountStep } from './account.js';
import { replaceSealed } from './account-state.js';
import { applyStep } from './record.js';
import type { TwoFactorSettings } from './settings.js';

/** What goes with an app and is in the store only under encryption. */
export interface AppSecrets {
  /** The one that the phone holds. */
  readonly secret: Secret;
  /**
   * What makes the digests of the recovery codes. Its random key goes wherever the secret goes, so both live through a
   * new key of the application; and the phone does not know it.
   */
  readonly recoveryRing: () => KeyRing;
}

/** Makes the secrets of a new app, encrypted for one customer's record: copied into another's, they do not open. */
export async function makeSecrets(
  { cipher }: TwoFactorSettings,
  userId: string,
): Promise<{ readonly secret: Secret; readonly sealed: string }> {
  const secret = Secret.generate();
  const plain = Uint8Array.of(...randomBytes(RECOVERY_KEY_BYTES), ...secret.toBytes());
  return { secret, sealed: await cipher.seal(plain, [userId]) };
}

/** The ciphertext that a code of the active app or a recovery code needs. */
export function sealedOfApp({ app }: AccountState): string | null {
  return app === null ? null : app.sealed;
}

/** The ciphertext that a code needs which confirms an activation. */
export function sealedOfPending({ app, pending }: AccountState): string | null {
  return app === null && pending !== null ? pending.sealed : null;
}

/**
 * As `applyStep`, with the secrets of the record's app at hand.
 *
 * Decryption is asynchronous and a transition is not. So a transition that meets a ciphertext nobody has decrypted
 * yet changes nothing and asks for it; the next round goes on only if the record still holds the same one. What was
 * sealed with an older key is sealed with the first one in whichever write comes next.
 *
 * @param pick - which ciphertext the transition needs; null: none
 */
export async function applyWithSecrets<Outcome>(
  settings: TwoFactorSettings,
  userId: string,
  pick: (state: AccountState) => string | null,
  transition: (state: AccountState, secrets: AppSecrets | null, time: number) => AccountStep<Outcome>,
): Promise<Outcome> {
  let held: Unsealed | null = null;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const unsealed: Unsealed | null = held;
    const outcome = await applyStep<Outcome | Wanted>(settings, userId, (state, time) => {
      const sealed = pick(state);
      if (sealed === null) return transition(state, null, time);
      if (sealed !== unsealed?.sealed) return { state, outcome: new Wanted(sealed) };
      return resealed(state, transition(state, unsealed.secrets, time), unsealed);
    });
    if (!(outcome instanceof Wanted)) return outcome;
    held = await unseal(settings, userId, outcome.sealed);
  }
  throw new CountersignError('ERR_STORE_CONTENTION', 'the app was replaced again and again');
}

const RECOVERY_KEY_BYTES = 32;

/** A ciphertext changes with an activation or a new key only: more rounds than one or two are somebody's loop. */
const MAX_ROUNDS = 16;

interface Unsealed {
  readonly sealed: string;
  readonly secrets: AppSecrets;
  /** The same secrets under the first key. */
  readonly current: string;
}

/** Asks for the secrets of a ciphertext. */
class Wanted {
  constructor(readonly sealed: string) {}
}

async function unseal(settings: TwoFactorSettings, userId: string, sealed: string): Promise<Unsealed> {
  const opened = (await settings.cipher.open(sealed, [userId])) ?? failUnreadable();
  const current = opened.isCurrent ? sealed : await settings.cipher.seal(opened.plain, [userId]);
  return { sealed, secrets: readSecrets(opened.plain), current };
}

function readSecrets(plain: Uint8Array): AppSecrets {
  let ring: KeyRing | undefined;
  return {
    secret: Secret.fromBytes(plain.slice(RECOVERY_KEY_BYTES)),
    // Derived on demand: nearly every login is by the app, and needs none.
    recoveryRing: () => (ring ??= deriveKeyRing(plain.slice(0, RECOVERY_KEY_BYTES), 'two-factor recovery')),
  };
}

function resealed<Outcome>(
  before: AccountState,
  step: AccountStep<Outcome>,
  { sealed, current }: Unsealed,
): AccountStep<Outcome> {
  if (step.state === before || sealed === current) return step;
  return { ...step, state: replaceSealed(step.state, sealed, current) };
}
