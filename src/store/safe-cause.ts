/** What may be said of a driver's error, which often carries the record and the customer's address. */

/**
 * Describes an error by its name, message and code alone.
 *
 * Drivers attach the command (ioredis `command.args`, postgres.js `parameters`, mysql2 `sql`, pg `detail`), and some
 * repeat values in the message. Of the message only the first line is kept, and no quoted text but identifiers, such
 * as a table's name.
 *
 * @param error - what a store rejected with
 * @returns an error that is safe to log
 */
export function safeCause(error: unknown): Error {
  if (!(error instanceof Error)) return new Error('the store failed with a value that is no Error');
  const cause = new Error(safeMessage(error.message));
  // The stack of the driver's error begins with its message.
  cause.stack = `${cause.name}: ${cause.message}`;
  return Object.assign(cause, own('name', error), own('code', error), own('errno', error));
}

const IDENTIFIER = /^[\w.$-]{1,64}$/;
const MAX_MESSAGE = 200;

function own(property: 'name' | 'code' | 'errno', error: Error): object {
  const value = (error as unknown as Record<string, unknown>)[property];
  const isSafe = typeof value === 'number' || (typeof value === 'string' && IDENTIFIER.test(value));
  return isSafe ? { [property]: value } : {};
}

function safeMessage(message: unknown): string {
  const [line = ''] = typeof message === 'string' ? message.split(/[\r\n]/, 1) : [];
  return withoutValues(line).slice(0, MAX_MESSAGE);
}

/**
 * Cuts quoted values out. A value may itself hold quotes, so everything from its opening quote to the line's last quote
 * of that kind goes.
 */
function withoutValues(line: string): string {
  const opening = /["'`]/.exec(line);
  if (opening === null) return line;
  const quote = opening[0];
  const start = opening.index;
  const next = line.indexOf(quote, start + 1);
  if (next > 0 && IDENTIFIER.test(line.slice(start + 1, next)))
    return line.slice(0, next + 1) + withoutValues(line.slice(next + 1));
  const last = line.lastIndexOf(quote);
  const rest = last > start ? line.slice(last + 1) : '';
  return `${line.slice(0, start)}${quote}…${quote}${withoutValues(rest)}`;
}
