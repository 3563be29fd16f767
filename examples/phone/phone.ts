import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeOf, type Device, readDevice, screenOf } from './device.js';

const device = readDevice((process.argv[2] ?? (await ask())).trim());
if (process.stdout.isTTY) await show(device);
else console.log(codeOf(device, new Date()));

/** An argument ends up in the shell's history: typed here, the secret does not. */
async function ask(): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question('otpauth URI or secret: ');
  terminal.close();
  return answer;
}

/** Draws the screen over itself each second, until Ctrl+C. */
async function show(device: Device): Promise<never> {
  for (;;) {
    const lines = screenOf(device, new Date());
    process.stdout.write(`${lines.map((line) => `\x1b[2K${line}`).join('\n')}\n\x1b[${lines.length}A`);
    await sleep(1000 - (Date.now() % 1000));
  }
}
