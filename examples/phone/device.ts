import { generateTotp, parseOtpauthUri, Secret, totpValidity, type TotpParameters } from 'countersign';

/** What an authenticator app keeps of an account. */
export interface Device {
  readonly secret: Secret;
  readonly parameters: TotpParameters;
  /** What it shows beside the code: issuer and account, or nothing for a bare secret. */
  readonly title: string;
}

/** Reads what a QR code holds, or the secret that is printed below one. */
export function readDevice(text: string): Device {
  const secretOptions = { allowShort: true };
  if (!/^otpauth:/i.test(text))
    return { secret: Secret.fromBase32(text, secretOptions), parameters: {}, title: '' };
  const parsed = parseOtpauthUri(text, secretOptions);
  if (parsed.type !== 'totp')
    throw new Error('this phone has a clock and no counter: it shows TOTP codes only');
  const { secret, algorithm, digits, period, issuer, account } = parsed;
  return {
    secret,
    parameters: { algorithm, digits, period },
    title: issuer === null ? account : `${issuer} (${account})`,
  };
}

/** The code that the device shows at an instant, without spaces. */
export function codeOf({ secret, parameters }: Device, at: Date): string {
  return generateTotp(secret, { ...parameters, at });
}

/** The lines that the device shows at an instant: the title, the code in two groups, and how long it is shown. */
export function screenOf(device: Device, at: Date): string[] {
  const { period = 30 } = device.parameters;
  const { remainingSeconds } = totpValidity({ period, at });
  const code = codeOf(device, at);
  const half = Math.ceil(code.length / 2);
  return [
    device.title,
    `${code.slice(0, half)} ${code.slice(half)}`,
    `${bar(remainingSeconds / period)} ${remainingSeconds} s`,
  ].filter((line) => line !== '');
}

const BAR_WIDTH = 20;

function bar(share: number): string {
  const filled = Math.ceil(share * BAR_WIDTH);
  return '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
}
