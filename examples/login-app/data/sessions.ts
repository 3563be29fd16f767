import type { Store } from 'countersign';
import { randomBytes } from 'node:crypto';
import type { Context } from 'hono';
import type { Cookies } from '../cookies.js';
import type { Answer } from '../once.js';
import type { CustomerNotebook } from './customer-notes.js';
import { documents } from './documents.js';
import { nameOf, seal, unseal } from './seal.js';
import type { Session } from './session.js';

export interface Sessions {
  /** Null if there is none, or none any more. */
  read(c: Context): Promise<Session | null>;
  /** Whether the browser had one, which has ended. */
  hadOne(c: Context): boolean;
  /** Begins a session under a new id, so that an id from before a step is worth nothing after it. */
  begin(c: Context, session: Session): Promise<void>;
  change<S extends Session>(c: Context, session: S, facts: Partial<S>): Promise<void>;
  end(c: Context): Promise<void>;
  /** Ends it where another one begins. */
  forget(c: Context): Promise<void>;
  /** Ends the customer's sessions in other browsers. */
  endOthers(c: Context, customerNumber: string): Promise<void>;
  /** Notes that a form was sent; false if it was sent a moment ago. Null without a session. */
  claim(c: Context, form: string): Promise<boolean | null>;
  /** Keeps the answer to a form, for a second one that asks the same; undefined if it failed. */
  settle(c: Context, form: string, answer: Answer | undefined): Promise<void>;
  /** The form that was sent before, whose answer is null until it is ready; null if the form failed. */
  sentBefore(c: Context, form: string): Promise<{ readonly answer: Answer | null } | null>;
}

interface Kept {
  readonly session: Session;
  /** See {@link CustomerNotebook.endSessions}. */
  readonly generation: number;
  readonly expiresAt: number;
  /** Its last form began another session: nothing is left of it but the answer. */
  readonly isOver: boolean;
  readonly sent: { readonly form: string; readonly at: number; readonly answer: Answer | null } | null;
}

interface SessionParts {
  readonly store: Store;
  readonly cookies: Cookies;
  readonly notebook: CustomerNotebook;
  readonly now: () => number;
}

/** Sessions on the server, named by a cookie, which is also the key to what is kept: a leaked table holds nothing. */
export function createSessions({ store, cookies, notebook, now }: SessionParts): Sessions {
  const documentsOf = documents<string>(store, 'session');
  const idOf = (c: Context): string | undefined => cookies.get(c, NAME);
  const open = (id: string, sealed: string | null): Kept | null => {
    const kept = sealed === null ? null : (JSON.parse(unseal(id, sealed)) as Kept);
    return kept !== null && kept.expiresAt > now() ? kept : null;
  };
  const load = async (c: Context): Promise<Kept | null> => {
    const id = idOf(c);
    return id === undefined ? null : open(id, await documentsOf.read(nameOf(id)));
  };
  const save = async (id: string, kept: Kept): Promise<void> => {
    await documentsOf.update(nameOf(id), () => seal(id, JSON.stringify(kept)), new Date(kept.expiresAt));
  };
  const update = async (c: Context, change: (kept: Kept) => Kept): Promise<void> => {
    const id = idOf(c);
    const kept = await load(c);
    if (id === undefined || kept === null) return;
    const apply = (sealed: string | null): string | null => {
      const current = open(id, sealed);
      return current === null ? null : seal(id, JSON.stringify(change(current)));
    };
    await documentsOf.update(nameOf(id), apply, new Date(kept.expiresAt));
  };

  const forget = async (c: Context): Promise<void> => {
    const id = idOf(c);
    if (id !== undefined) await documentsOf.update(nameOf(id), () => null);
  };

  return {
    async read(c) {
      const kept = await load(c);
      if (kept === null || kept.isOver) return null;
      const { generation, except } = await notebook.read(kept.session.customerNumber);
      return kept.generation === generation || nameOf(idOf(c) ?? '') === except ? kept.session : null;
    },
    hadOne: (c) => idOf(c) !== undefined,
    async begin(c, session) {
      const id = randomBytes(32).toString('base64url');
      const { generation } = await notebook.read(session.customerNumber);
      const expiresAt = now() + LIFE_MS[session.stage];
      await save(id, { session, generation, expiresAt, isOver: false, sent: null });
      cookies.set(c, NAME, id);
    },
    change: (c, { stage }, facts) =>
      update(c, (kept) =>
        kept.session.stage === stage ? { ...kept, session: { ...kept.session, ...facts } } : kept,
      ),
    async end(c) {
      await forget(c);
      cookies.remove(c, NAME);
    },
    forget,
    endOthers: (c, customerNumber) => notebook.endSessions(customerNumber, nameOf(idOf(c) ?? '')),
    async claim(c, form) {
      let isFirst: boolean | null = null;
      await update(c, (kept) => {
        const { sent } = kept;
        isFirst = sent?.form !== form || sent.at + REPEATED_MS < now();
        return isFirst ? { ...kept, sent: { form, at: now(), answer: null } } : kept;
      });
      return isFirst;
    },
    settle: (c, form, answer) =>
      update(c, (kept) => {
        const isOver = answer?.begins !== undefined || kept.isOver;
        const sent = answer === undefined ? null : { form, at: now(), answer };
        return { ...kept, isOver, sent };
      }),
    async sentBefore(c, form) {
      const sent = (await load(c))?.sent;
      return sent?.form === form ? sent : null;
    },
  };
}

const NAME = 'session';
const LIFE_MS = { half: 30 * 60_000, in: 8 * 3_600_000 };
/** The same form within this time is a double click, not a second try. */
const REPEATED_MS = 10_000;
