import type { Store, TwoFactorEvent } from 'countersign';
import type { Words } from '../words/en.js';
import { documents } from './documents.js';

type Texts = Words['events']['texts'];

/** A line of the page. `at` is in ms. */
export interface SecurityEvent {
  readonly at: number;
  readonly what: keyof Texts;
  /** An app's name, or the recovery codes left. */
  readonly detail: string;
}

export interface SecurityEvents {
  add(event: TwoFactorEvent): void;
  /** The newest first. */
  list(customerNumber: string): Promise<readonly SecurityEvent[]>;
}

/** The last events of each customer, for the customer to read in their language. */
export function createSecurityEvents(store: Store): SecurityEvents {
  const kept = documents<SecurityEvent[]>(store, 'events');
  let writing: Promise<unknown> = Promise.resolve();
  return {
    // One after the other, so that the page shows them in their order.
    add(event) {
      const what = event.decoy === true ? null : kindOf(event);
      if (what === null) return;
      const entry = { at: event.at.getTime(), what, detail: detailOf(event) };
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

export function describeEvent({ what, detail }: SecurityEvent, { events: { texts } }: Words): string {
  const text = texts[what];
  return typeof text === 'string' ? text : text(detail);
}

const KEPT = 50;

/** What an event means to the customer; null for what they need not know. */
function kindOf(event: TwoFactorEvent): keyof Texts | null {
  switch (event.type) {
    case 'redeemed':
      return event.method;
    case 'rejected':
      return event.reason === 'mismatch' ? 'mismatch' : null;
    case 'replaced':
    case 'adopted':
      return 'activated';
    case 'issued':
    case 'joined':
    case 'revoked':
    case 'activation_begun':
      return null;
    case 'sent':
    case 'send_failed':
    case 'remembered':
    case 'replay_refused':
    case 'locked':
    case 'unlocked':
    case 'activated':
    case 'deactivated':
    case 'recovery_code_used':
    case 'recovery_codes_renewed':
    case 'browsers_forgotten':
    case 'erased':
      return event.type;
  }
}

function detailOf(event: TwoFactorEvent): string {
  if ('name' in event) return event.name;
  return 'left' in event ? String(event.left) : '';
}
