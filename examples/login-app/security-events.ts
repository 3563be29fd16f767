import type { Store, TwoFactorEvent } from 'countersign';
import { documents } from './documents.js';

/** A line of the page. `at` is in ms. */
export interface SecurityEvent {
  readonly at: number;
  readonly text: string;
}

export interface SecurityEvents {
  add(event: TwoFactorEvent): void;
  /** The newest first. */
  list(customerNumber: string): Promise<readonly SecurityEvent[]>;
}

/** The last events of each customer, for the customer to read. */
export function createSecurityEvents(store: Store): SecurityEvents {
  const kept = documents<SecurityEvent[]>(store, 'events');
  let writing: Promise<unknown> = Promise.resolve();
  return {
    // One after the other, so that the page shows them in their order.
    add(event) {
      const text = describeEvent(event);
      if (text === null) return;
      const entry = { at: event.at.getTime(), text };
      const write = (): Promise<void> =>
        kept.update(event.userId, (events) => [entry, ...(events ?? [])].slice(0, KEPT));
      writing = writing.then(write).catch((error: unknown) => {
        console.error('an event was not kept:', error);
      });
    },
    async list(customerNumber) {
      await writing;
      return (await kept.read(customerNumber)) ?? [];
    },
  };
}

const KEPT = 50;

/** What an event means to the customer; null for what he need not know. */
export function describeEvent(event: TwoFactorEvent): string | null {
  switch (event.type) {
    case 'sent':
      return 'A security token was sent by e-mail.';
    case 'send_failed':
      return 'A security token could not be sent.';
    case 'redeemed':
      return loginBy[event.method];
    case 'rejected':
      return event.reason === 'mismatch' ? 'A wrong code was entered.' : null;
    case 'replay_refused':
      return 'A code that had been used before was refused.';
    case 'locked':
      return 'Codes were locked after too many wrong ones.';
    case 'unlocked':
      return 'Codes were unlocked by our support.';
    case 'activated':
      return 'Two-factor authentication was activated.';
    case 'deactivated':
      return 'Two-factor authentication was deactivated.';
    case 'recovery_code_used':
      return `A recovery code was used; ${event.left} are left.`;
    case 'recovery_codes_renewed':
      return 'New recovery codes were made.';
    case 'erased':
      return 'Two-factor authentication was removed by our support.';
    case 'replaced':
      return 'The authenticator app was replaced.';
    case 'adopted':
      return 'The authenticator app was taken over from our old login.';
    case 'revoked':
    case 'browsers_forgotten':
    case 'remembered':
    case 'issued':
    case 'joined':
    case 'activation_begun':
      return null;
  }
}

const loginBy = {
  email: 'Logged in with a token sent by e-mail.',
  authenticator: 'Logged in with a code of the authenticator app.',
  recovery: 'Logged in with a recovery code.',
};
