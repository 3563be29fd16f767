import { createTwoFactor, memoryStore, type Send, type TwoFactor } from 'countersign';
import { noteApp } from '@/lib/customers';

declare global {
  var countersignFlow: TwoFactor | undefined;
}

/**
 * The one flow of this process.
 *
 * It is kept on `globalThis`: in development Next evaluates a module again after each change, and a flow in a module
 * variable would lose its memory, or open one more pool of database connections each time.
 */
export function twoFactor(): TwoFactor {
  return (globalThis.countersignFlow ??= createTwoFactor({
    store: memoryStore(), // The line that changes, to a store that outlives the process: docs/guides/stores.md
    keys: [process.env.COUNTERSIGN_KEY ?? crypto.getRandomValues(new Uint8Array(32))],
    issuer: 'Example Hosting',
    send: print,
    onEvent: noteApp,
    browsers: { rememberSeconds: 30 * 86_400 },
  }));
}

/** Stands for your mail service: docs/guides/sending-mail.md */
const print: Send = ({ to, message }) => {
  console.log(`To: ${to}\nSubject: ${message.subject}\n\n${message.text}\n`);
  return Promise.resolve();
};
