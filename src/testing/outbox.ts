import type { OutgoingMail } from '../email-token/settings.js';

/** A mail service that keeps what it is given. */
export interface Outbox {
  /** The `send` option of `createEmailTokens` and `createTwoFactor`; may be passed on by itself. */
  send: (mail: OutgoingMail) => Promise<void>;
  /** The mails accepted, oldest first. */
  readonly mails: readonly OutgoingMail[];
  /** Makes the next `send` reject, as if the mail service were down; the mail is not kept. */
  refuseNext: () => void;
}

/**
 * A mail service for tests.
 *
 * @returns an empty outbox
 * @example
 * ```ts
 * import { outbox } from 'countersign/testing';
 *
 * const { send, mails } = outbox();
 * // … issue a token with this `send`, then:
 * console.log(mails.at(-1)?.code);
 * ```
 */
export function outbox(): Outbox {
  const mails: OutgoingMail[] = [];
  let refusals = 0;
  return {
    mails,
    refuseNext: () => {
      refusals++;
    },
    send: (mail) => {
      if (refusals === 0) {
        mails.push(mail);
        return Promise.resolve();
      }
      refusals--;
      return Promise.reject(new Error('the outbox was told to refuse this mail'));
    },
  };
}
