import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, type Device, readDevice, screenOf } from './device.js';

const device = read(process.argv[2] ?? (await ask()));
if (process.stdout.isTTY) await show(device);
else console.log(codeOf(device, new Date()));

/** An argument ends up in the shell's history: typed here, the secret does not. */
async function ask(): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(process.stdin.isTTY ? 'otpauth URI or secret: ' : '');
  terminal.close();
  return answer;
}

/** A typo deserves a line, not a stack. The library's messages are safe to print: they never hold a secret. */
function read(text: string): Device {
  try {
    return readDevice(text.trim());
  } catch (error) {
    console.error(`phone: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}

/** Draws the screen over itself each second, until Ctrl+C. */
async function show(device: Device): Promise<never> {
  process.once('SIGINT', () => {
    // Below the screen, so that the shell's prompt does not stand in it.
    process.stdout.write('\n'.repeat(screenOf(device, new Date()).length));
    process.exit(0);
  });
  for (;;) {
    const lines = screenOf(device, new Date());
    process.stdout.write(`${lines.map((line) => `\x1b[2K${line}`).join('\n')}\n\x1b[${lines.length}A`);
    await sleep(1000 - (Date.now() % 1000));
  }
}
