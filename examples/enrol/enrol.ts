/**
 * Enrols an authenticator app: shows a secret as a QR code, then verifies the codes that the app makes of it.
 * A real login also limits the guesses and keeps `device` in its database.
 */
import { createInterface } from 'node:readline';
import { isatty } from 'node:tty';
import { parseArgs } from 'node:util';
import { formatOtpauthUri, Secret, totpValidity } from 'countersign';
import { qrTerminal } from 'countersign/qr';
import { describeVerdict, type Device, groupsOfFour, judge } from './verdict.js';

interface Enrolment {
  readonly secret: Secret;
  readonly issuer: string;
  readonly account: string;
  readonly uri: string;
}

const usage = `Usage: npm run enrol -- [--secret BASE32] [--issuer NAME] [--account NAME]

Without --secret a new one is made. Codes are read from standard input, one a line.`;

const onTerminal = isatty(1);
const interactive = onTerminal && isatty(0);
const enrolment = readArguments();
show(enrolment);
await readCodes({ secret: enrolment.secret, lastTimeStep: null, drift: 0 });

function readArguments(): Enrolment {
  try {
    return parseArguments();
  } catch (error) {
    // A typo deserves a line, not a stack. The library's messages are safe to print: they never hold a secret.
    console.error(`enrol: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  }
}

function parseArguments(): Enrolment {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      secret: { type: 'string' },
      issuer: { type: 'string', default: 'Example' },
      account: { type: 'string', default: 'ada@example.com' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  // Not parseArgs's own complaint: that one repeats the text, which may be half a secret.
  if (positionals.length > 0) throw new Error('a secret with spaces needs quotes around it; see --help');
  const { issuer, account } = values;
  const secret = values.secret === undefined ? Secret.generate() : Secret.fromBase32(values.secret);
  return { secret, issuer, account, uri: formatOtpauthUri(secret, { issuer, account }) };
}

function show({ secret, issuer, account, uri }: Enrolment): void {
  console.log(`Add "${issuer}" (${account}) to your authenticator app\n`);
  console.log(qrTerminal(uri, { ansi: onTerminal }));
  console.log(`\nURI     ${uri}\nSecret  ${groupsOfFour(secret.toBase32())}\n`);
  if (interactive) console.log('Scan it, then type the codes that the app shows; Ctrl+D ends.\n');
}

async function readCodes(device: Device): Promise<void> {
  const lines = createInterface({
    input: process.stdin,
    output: interactive ? process.stdout : undefined,
    prompt: 'code> ',
  });
  process.once('SIGINT', () => {
    lines.close();
  });
  const counts = { accepted: 0, refused: 0 };
  if (interactive) lines.prompt();
  for await (const line of lines) {
    if (line.trim() !== '') {
      const at = new Date();
      const { verdict, next } = judge(device, line, at);
      device = next;
      counts[verdict.is === 'accepted' ? 'accepted' : 'refused']++;
      console.log(describeVerdict(verdict, totpValidity({ at }).remainingSeconds));
    }
    if (interactive) lines.prompt();
  }
  console.log(`\nCodes accepted: ${counts.accepted}, refused: ${counts.refused}.`);
}
