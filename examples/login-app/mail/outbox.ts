import type { Store } from 'countersign';
import { documents } from '../data/documents.js';
import type { Deliver } from './deliver.js';

/** Mails where there is no mail server: kept to be read on a page, and printed. */
export interface Outbox {
  readonly deliver: Deliver;
  /** The newest first. */
  list(): Promise<readonly KeptMail[]>;
}

/** `at` is in ms. */
export interface KeptMail {
  readonly at: number;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string | undefined;
}

export function createOutbox(store: Store, now: () => number, print: (text: string) => void): Outbox {
  const kept = documents<KeptMail[]>(store, 'outbox');
  return {
    async deliver({ to, subject, text, html }) {
      const mail = { at: now(), to, subject, text, html };
      await kept.update('all', (mails) => [mail, ...(mails ?? [])].slice(0, 20));
      print(`\n--- mail to ${to}: ${subject}\n${text}\n---\n`);
    },
    list: async () => (await kept.read('all')) ?? [],
  };
}
