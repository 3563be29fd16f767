import type { Context } from 'hono';
import type { Cookies } from './cookies.js';
import { en, type Words } from './words/en.js';
import type { Message } from './words/message.js';

export type MessageKey = keyof Words['messages'];

/** What the next page says, once. */
export interface Flash extends Message {
  readonly says: MessageKey;
  /** The field that is wrong. */
  readonly field?: 'password' | 'code' | 'proof';
  /** The customer number, so that nobody types it twice. */
  readonly typed?: string;
}

/** Kept in a cookie from the redirect to the page: a reload of the page does not say it again. */
export function setFlash(cookies: Cookies, c: Context, flash: Flash): void {
  cookies.set(c, NAME, JSON.stringify(flash));
}

export function takeFlash(cookies: Cookies, c: Context): Flash | null {
  const text = cookies.get(c, NAME);
  if (text === undefined) return null;
  cookies.remove(c, NAME);
  return readFlash(text);
}

/** Whether it is bad news, which a screen reader says at once. */
export function isError({ says }: Flash): boolean {
  return !notices.has(says);
}

const NAME = 'flash';

const notices: ReadonlySet<MessageKey> = new Set<MessageKey>([
  'sessionOver',
  'loginOver',
  'loggedOut',
  'tokenSent',
  'tokenOnItsWay',
  'recoveryCodeUsed',
  'appAdded',
  'appAddedByRecovery',
  'alreadyActive',
  'appRemoved',
  'lastAppRemoved',
  'activationExpired',
  'codesGone',
  'browserEnded',
  'browsersEnded',
]);

/** The cookie is the browser's, so nothing of it is taken but values of the right type. */
function readFlash(text: string): Flash | null {
  try {
    const { says, ...values } = JSON.parse(text) as Record<string, unknown>;
    if (typeof says !== 'string' || !Object.hasOwn(en.messages, says)) return null;
    const good = Object.entries(values).filter(([name, value]) => isValue(name, value));
    return { says: says as MessageKey, ...Object.fromEntries(good) };
  } catch {
    return null;
  }
}

function isValue(name: string, value: unknown): boolean {
  if (name === 'by') return value === 'email' || value === 'authenticator' || value === 'recovery';
  if (name === 'field') return value === 'password' || value === 'code' || value === 'proof';
  if (name === 'typed' || name === 'name') return typeof value === 'string' && value.length <= 100;
  // Anything larger is no instant that a date can hold.
  return typeof value === 'number' && Math.abs(value) <= 8.64e15;
}
