/** The one path of a mail: rendered before anything is written, sent after, and both within one deadline. */
import { ownOnly } from '../internal/asserts.js';
import { CountersignError } from '../internal/errors.js';
import type { Needs, Step, Worker } from '../store/transact.js';
import type { MailDraft, MailFate } from './issue-token.js';
import { formatLetters, type MailedCodes } from './challenge.js';
import type { MailMessage } from './message.js';
import type { Mailer } from './settings.js';

/** Whom a mail is for. */
export interface MailRequest {
  readonly subject: string;
  readonly purpose: string;
  readonly to: string | null;
  readonly locale?: string | undefined;
  readonly context?: unknown;
}

/** What renders and sends the mails of one request. */
export interface Post {
  readonly mailer: Mailer;
  readonly codes: MailedCodes;
  readonly timeoutSeconds: number;
  readonly request: MailRequest;
}

/** What this file needs to know of a decision about a mail. */
export interface Mailing {
  readonly ok: boolean;
  /** The mail to send; missing or null if there is none. */
  readonly mail?: MailDraft | null;
  /** Whether the mail's token takes a live one's place once it was accepted. */
  readonly replaces?: true;
}

/** A mail that was rendered. */
export interface RenderedMail {
  readonly draft: MailDraft;
  readonly code: string;
  readonly message: MailMessage;
}

/** The steps of a request for a mail, on whichever record. */
export interface MailSteps<Outcome extends Mailing> {
  /** Decides and writes. The worker renders the mail that the decision asks for. */
  readonly reserve: (worker: Worker<MailDraft, RenderedMail | null>) => Promise<Outcome>;
  /** Records what became of the mail. */
  readonly settle: (draft: MailDraft, fate: MailFate) => Promise<unknown>;
  /** Tells the application's observer of the decision. */
  readonly announce: (outcome: Outcome) => void;
  /** Tells the application's observer whether the mail was accepted. */
  readonly report: (type: 'sent' | 'send_failed') => void;
}

/** Has a decision wait until its mail is rendered, so that a template that fails costs nothing. */
export function afterRendering<State, Outcome extends Mailing>(
  step: Step<State, Outcome>,
  rendered: RenderedMail | null,
): Step<State, Outcome> | Needs<MailDraft> {
  const { mail = null } = ownOnly(step.outcome);
  if (mail === null || (rendered !== null && isSameMail(rendered.draft, mail))) return step;
  return { needs: mail };
}

/**
 * Runs the steps of a request for a mail. For a null address the mail is rendered and not sent: the same work.
 *
 * @throws {@link CountersignError} `ERR_SEND_FAILED` if the mail was not rendered or not accepted
 */
export async function issueByMail<Outcome extends Mailing>(
  post: Post,
  steps: MailSteps<Outcome>,
): Promise<Outcome> {
  const deadline = newDeadline(post.timeoutSeconds);
  try {
    const worker = renderer(post, deadline);
    // What the decision leaves out stays left out for everything that reads it from here on.
    const outcome = ownOnly(await steps.reserve(worker));
    steps.announce(outcome);
    const { mail = null, replaces = false } = outcome;
    if (mail === null) return outcome;
    await sendReserved({ post, deadline, steps }, worker.last(), mail);
    if (replaces) await steps.settle(mail, 'accepted');
    return outcome;
  } finally {
    deadline.stop();
  }
}

interface Deadline {
  /** Resolves or rejects as the act does, or rejects when the time is over. */
  readonly race: <T>(act: () => T | PromiseLike<T>) => Promise<T>;
  readonly isOver: () => boolean;
  readonly stop: () => void;
}

/** The deadline begins with the first act, so that a slow store takes nothing from the time of `render` and `send`. */
function newDeadline(seconds: number): Deadline {
  let isOver = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over: Promise<never> | undefined;
  const begin = (): Promise<never> => {
    const end = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        isOver = true;
        reject(new Error(`render and send did not settle within ${seconds} s`));
      }, seconds * 1000);
    });
    // Nobody may be waiting when the time is over.
    end.catch(() => undefined);
    return end;
  };
  return {
    // A `send` that returns a plain value counts as sent. What would begin too late is not begun.
    race: (act) => {
      over ??= begin();
      return isOver ? over : Promise.race([Promise.resolve().then(act), over]);
    },
    isOver: () => isOver,
    stop: () => {
      clearTimeout(timer);
    },
  };
}

interface Renderer extends Worker<MailDraft, RenderedMail | null> {
  /** The mail that was rendered last. */
  readonly last: () => RenderedMail | null;
}

function renderer(post: Post, deadline: Deadline): Renderer {
  let last: RenderedMail | null = null;
  return {
    known: null,
    last: () => last,
    perform: async (draft) => {
      last = await renderMail(post, deadline, draft);
      return last;
    },
  };
}

async function renderMail(
  { mailer, codes, request }: Post,
  deadline: Deadline,
  draft: MailDraft,
): Promise<RenderedMail> {
  const { token, form, askedAt } = draft;
  const bare = codes.codeOf(token, form) ?? '';
  const code = form === 'letters' ? formatLetters(bare) : bare;
  const { appName, languages, render } = mailer;
  const { locale, purpose, context } = request;
  const input = {
    ...{ code, appName, languages, locale, purpose, context },
    long: form === 'letters',
    askedAt: new Date(askedAt),
    expiresInSeconds: Math.floor((token.expiresAt - askedAt) / 1000),
  };
  try {
    return { draft, code, message: readMessage(await deadline.race(() => render(input))) };
  } catch (error) {
    throw sendFailed('the mail could not be rendered, and nothing was changed', error, code);
  }
}

/** A template that forgets to return would have an empty mail sent. */
function readMessage(message: MailMessage): MailMessage {
  const { subject, text } = Object(message) as Partial<Record<keyof MailMessage, unknown>>;
  if (typeof subject === 'string' && typeof text === 'string') return message;
  throw new TypeError('render must return a MailMessage, with subject and text');
}

interface Sending {
  readonly post: Post;
  readonly deadline: Deadline;
  readonly steps: Pick<MailSteps<Mailing>, 'settle' | 'report'>;
}

async function sendReserved(
  { post, deadline, steps }: Sending,
  rendered: RenderedMail | null,
  { token, form }: MailDraft,
): Promise<void> {
  const { to, subject, purpose, context } = post.request;
  if (to === null || rendered === null) return;
  const { code, message, draft } = rendered;
  const mail = {
    ...{ to, code, subject, purpose, message },
    expiresAt: new Date(token.expiresAt),
    ...(form === 'letters' ? { long: true as const } : {}),
    ...(context === undefined ? {} : { context }),
  };
  try {
    await deadline.race(() => post.mailer.send(mail));
  } catch (error) {
    const cause = await causeAfter(
      () => steps.settle(draft, deadline.isOver() ? 'timed out' : 'refused'),
      error,
    );
    steps.report('send_failed');
    throw sendFailed('the mail was not accepted; it left no token that was not there before', cause, code);
  }
  steps.report('sent');
}

/** If the store fails too, the token stays, and nobody knows its code; the cause then names both failures. */
async function causeAfter(settle: () => Promise<unknown>, sendError: unknown): Promise<unknown> {
  try {
    await settle();
    return sendError;
  } catch (storeError) {
    const both = [sendError, storeError].map((error) => (error instanceof Error ? error.message : 'unknown'));
    return new Error(both.join('; and then the store failed: '));
  }
}

function sendFailed(what: string, error: unknown, code: string): CountersignError {
  return new CountersignError('ERR_SEND_FAILED', what, { cause: causeWithout(code, error) });
}

/**
 * The parts of a template's or mail service's error that are safe to pass on: name, message and code. The error may
 * repeat its input, so the mailed code is taken out of each, however it is spaced.
 */
function causeWithout(mailedCode: string, error: unknown): Error {
  if (!(error instanceof Error)) return new Error('render or send failed with a value that is no Error');
  const bare = mailedCode.replaceAll('-', '');
  const told = (text: unknown): string =>
    typeof text === 'string' ? readings.reduce(withoutCode(bare), text.slice(0, MAX_TOLD)) : '';
  const { name, message } = error;
  const { code } = error as { readonly code?: unknown };
  const kept = typeof code === 'string' ? told(code) : code;
  const isKept = typeof kept === 'string' || (typeof kept === 'number' && kept !== Number(bare));
  return Object.assign(new Error(told(message)), { name: told(name), ...(isKept ? { code: kept } : {}) });
}

const MAX_TOLD = 1000;
/** How a text may be read that carries a code between other characters: as it stands, and with escapes in it. */
const readings = [/([0-9a-z])/gi, /%[0-9a-f]{2}|\\[nrt]|([0-9a-z])/gi];

/** Takes a code out of a text, whatever stands between its letters and digits. */
function withoutCode(code: string): (text: string, reading: RegExp) => string {
  return (text, reading) => {
    const places = Array.from(text.matchAll(reading)).filter(([, letter]) => letter !== undefined);
    const letters = places.map(([letter]) => letter.toLowerCase()).join('');
    const found = letters.indexOf(code.toLowerCase());
    const [first, last] = [places[found]?.index, places[found + code.length - 1]?.index];
    if (found < 0 || first === undefined || last === undefined) return text;
    return withoutCode(code)(`${text.slice(0, first)}…${text.slice(last + 1)}`, reading);
  };
}

/** Tells whether a rendered mail can be sent. Its token's expiry may have moved since, from a clock that was ahead. */
function isSameMail(a: MailDraft, b: MailDraft): boolean {
  return a.token.id === b.token.id && a.form === b.form;
}
