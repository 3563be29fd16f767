/** How many wrong passwords one network address may send: ten in ten minutes. */
export interface PasswordLimit {
  /** Counts an attempt, before it is looked at; an instant in ms if it must wait until then. */
  attempt(address: string): number | null;
  /** Takes the last attempt back, since the password was right. */
  forgive(address: string): void;
}

/**
 * Counts by network address, never by customer number: otherwise a stranger could keep a customer out. It counts in this
 * process; several of them need a store that they share.
 */
export function createPasswordLimit(now: () => number): PasswordLimit {
  const attempts = new Map<string, number[]>();
  return {
    attempt(address) {
      const network = networkOf(address);
      const recent = (attempts.get(network) ?? []).filter((at) => at > now() - WINDOW_MS);
      const [oldest] = recent;
      if (oldest !== undefined && recent.length >= MAX_ATTEMPTS) return oldest + WINDOW_MS;
      // Deleted first, so that the map begins with the one that was quiet for longest.
      attempts.delete(network);
      attempts.set(network, [...recent, now()]);
      const [quietest] = attempts.keys();
      if (attempts.size > MAX_NETWORKS && quietest !== undefined) attempts.delete(quietest);
      return null;
    },
    forgive(address) {
      attempts.get(networkOf(address))?.pop();
    },
  };
}

const MAX_ATTEMPTS = 10;
const WINDOW_MS = 10 * 60_000;
const MAX_NETWORKS = 10_000;

/** A customer of a provider has a whole network of IPv6 addresses (/64). */
function networkOf(address: string): string {
  return address.includes(':') ? address.split(':', 4).join(':') : address;
}
