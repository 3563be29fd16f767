import { fileURLToPath } from 'node:url';

/** What the environment says. */
export interface Settings {
  readonly port: number;
  readonly folder: string;
  /** Where browsers find the app, if a proxy in front makes that another address. */
  readonly origin: string | undefined;
  /** The mail server; without one, mails go to a page that everybody may read. */
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string;
}

/** Reads the environment. Throws where it would serve the mails of real customers to everybody. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const { PORT, DATA_DIR, PUBLIC_URL, SMTP_URL, MAIL_FROM } = env;
  const origin = PUBLIC_URL ? readOrigin(PUBLIC_URL) : undefined;
  const smtpUrl = SMTP_URL === '' ? undefined : SMTP_URL;
  if (origin !== undefined && smtpUrl === undefined) {
    throw new Error(
      'PUBLIC_URL needs SMTP_URL: without a mail server, anybody could read the security tokens on /outbox',
    );
  }
  const port = Number(PORT ?? 3000);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('PORT must be from 0 to 65535');
  return {
    port,
    folder: DATA_DIR ?? fileURLToPath(new URL('.data', import.meta.url)),
    origin,
    smtpUrl,
    mailFrom: MAIL_FROM ?? 'Example Hosting <no-reply@example.com>',
  };
}

function readOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.pathname !== '/') {
    throw new Error('PUBLIC_URL must be an origin, such as https://panel.example');
  }
  return url.origin;
}
