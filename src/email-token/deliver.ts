import { CountersignError } from '../internal/errors.js';

/** One mail on its way. */
export interface Delivery {
  /** Hands the mail over; it fails by rejecting or throwing. */
  readonly send: () => Promise<unknown>;
  /** When that counts as failed. */
  readonly timeoutSeconds: number;
  /** Takes the token back whose mail was not accepted. */
  readonly takeBack: () => Promise<unknown>;
}

/** Sends a mail; gives the error to throw if it was not accepted, null if it was. */
export async function deliver({
  send,
  timeoutSeconds,
  takeBack,
}: Delivery): Promise<CountersignError | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    await new Promise((resolve, reject) => {
      // A `send` that returns no promise has sent.
      Promise.resolve(send()).then(resolve, reject);
      const fail = (): void => {
        reject(new Error(`send did not settle within ${timeoutSeconds} s`));
      };
      timer = setTimeout(fail, timeoutSeconds * 1000);
    });
    return null;
  } catch (error) {
    const cause = await causeAfter(takeBack, error);
    return new CountersignError('ERR_SEND_FAILED', 'the mail was not accepted; its token is dead', { cause });
  } finally {
    clearTimeout(timer);
  }
}

/** Should taking back fail too, nobody knows the token's code, and the cause holds both failures. */
async function causeAfter(takeBack: () => Promise<unknown>, sendError: unknown): Promise<unknown> {
  try {
    await takeBack();
    return sendError;
  } catch (storeError) {
    return new AggregateError([sendError, storeError], 'neither the mail service nor the store answered');
  }
}
