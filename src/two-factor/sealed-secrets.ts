import type { Cipher } from '../internal/cipher.js';
import { Secret } from '../otp/secret.js';
import { failUnreadable } from '../store/record.js';
import type { Needs, Worker } from '../store/transact.js';
import type { AccountState } from './account.js';

/** The secrets that a decision has had decrypted, by their sealed texts. */
export type OpenedSecrets = ReadonlyMap<string, OpenedSecret>;

/** A secret that was decrypted. */
export interface OpenedSecret {
  readonly secret: Secret;
  /** The secret under the first key; the sealed text itself if that key sealed it. */
  readonly current: string;
}

/** Encrypts a secret for one customer's record: copied into another's, it does not open. */
export function sealSecret(cipher: Cipher, userId: string, secret: Secret): Promise<string> {
  return cipher.seal(secret.toBytes(), [userId]);
}

/**
 * Decrypts the secrets that a transition asks for. Decryption is asynchronous and a transition is not, so one that meets
 * a sealed text answers what it needs, and runs again with the result on the same read.
 */
export function secretOpener(cipher: Cipher, userId: string): Worker<readonly string[], OpenedSecrets> {
  return {
    known: new Map(),
    perform: async (sealed, known) => {
      const opened = sealed.map(async (text) => [text, await openSecret(cipher, userId, text)] as const);
      return new Map([...known, ...(await Promise.all(opened))]);
    },
  };
}

/** What a transition answers if it lacks secrets; null if it has them all. */
export function needsSecrets(
  items: readonly { readonly sealed: string }[],
  secrets: OpenedSecrets,
): Needs<readonly string[]> | null {
  const missing = items.map(({ sealed }) => sealed).filter((sealed) => !secrets.has(sealed));
  return missing.length === 0 ? null : { needs: missing };
}

/** The same state with the secrets that an older key sealed under the first key. */
export function resealed(state: AccountState, secrets: OpenedSecrets): AccountState {
  const reseal = <Item extends { readonly sealed: string }>(item: Item): Item => ({
    ...item,
    sealed: secrets.get(item.sealed)?.current ?? item.sealed,
  });
  return { ...state, apps: state.apps.map(reseal), pending: state.pending.map(reseal) };
}

async function openSecret(cipher: Cipher, userId: string, sealed: string): Promise<OpenedSecret> {
  const { plain, isCurrent } = (await cipher.open(sealed, [userId])) ?? failUnreadable();
  const secret = Secret.fromBytes(plain, { allowShort: true });
  return { secret, current: isCurrent ? sealed : await sealSecret(cipher, userId, secret) };
}
