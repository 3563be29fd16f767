import type { Store } from 'countersign';
import type { Language } from '../words/languages.js';
import { documents } from './documents.js';

/** What the app remembers of a customer. */
export interface CustomerNotes {
  /** The language of the last login, for mails that nobody asked for. */
  readonly language: Language;
  /** Sessions of an older generation have ended, but for one. */
  readonly generation: number;
  readonly except: string | null;
}

export interface CustomerNotebook {
  read(customerNumber: string): Promise<CustomerNotes>;
  noteLanguage(customerNumber: string, language: Language): Promise<void>;
  /** Ends every session of a customer but the one with this name. */
  endSessions(customerNumber: string, except: string | null): Promise<void>;
}

export function createCustomerNotebook(store: Store): CustomerNotebook {
  const kept = documents<CustomerNotes>(store, 'customer');
  return {
    read: async (number) => (await kept.read(number)) ?? blank,
    noteLanguage: async (number, language) => {
      const notes = (await kept.read(number)) ?? blank;
      if (notes.language !== language) await kept.update(number, (now) => ({ ...(now ?? blank), language }));
    },
    endSessions: (number, except) =>
      kept.update(number, (notes) => {
        const { language, generation } = notes ?? blank;
        return { language, generation: generation + 1, except };
      }),
  };
}

const blank: CustomerNotes = { language: 'en', generation: 0, except: null };
