// Runs lines of JavaScript with a prelude's exports in scope, and prints a JSON array of what each came to.
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';

const { prelude, lines } = JSON.parse(await text(process.stdin));
const scope = await import(`./preludes/${prelude}.mjs`);
const AsyncFunction = (async () => undefined).constructor;

async function resultOf(line) {
  try {
    const value = await new AsyncFunction(...Object.keys(scope), `return (${line})`)(...Object.values(scope));
    return inspect(value, { breakLength: Infinity, compact: true, depth: 4 });
  } catch (error) {
    return `throws ${error.name}`;
  }
}

const results = [];
// One after another: some of them count what the ones before did.
for (const line of lines) results.push(await resultOf(line));
process.stdout.write(JSON.stringify(results), () => process.exit(0));
