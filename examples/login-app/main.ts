/** Reads the environment, and serves the app until it is told to stop. */
import { fileURLToPath } from 'node:url';
import { readKeys } from './keys.js';
import { createOutbox, smtpDelivery } from './mail.js';
import { openStore } from './open-store.js';
import { startServer } from './server.js';

try {
  await main();
} catch (error) {
  // A wrong setting deserves a line, not a stack.
  console.error(`login-app: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

async function main(): Promise<void> {
  const { env } = process;
  const folder = env['DATA_DIR'] ?? fileURLToPath(new URL('.data', import.meta.url));
  const keys = await readKeys(env, folder);
  const opened = await openStore(env, folder);
  const { store, name } = opened;
  const outbox = env['SMTP_URL'] ? null : createOutbox(store, Date.now, console.log);
  const from = env['MAIL_FROM'] ?? 'Example Hosting <no-reply@example.com>';
  const deliver = outbox?.deliver ?? smtpDelivery(env['SMTP_URL'] ?? '', from);
  const options = { store, keys, deliver, outbox, origin: env['PUBLIC_URL'] };
  const server = await startServer(options, Number(env['PORT'] ?? 3000));
  console.log(`\n  ${server.url}  (kept in ${name})`);
  console.log('  Customer number 12345, password "correct horse battery staple"');
  if (outbox !== null) console.log(`  Mails appear here and on ${server.url}/outbox`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      void server
        .close()
        .then(() => opened.close())
        .then(() => process.exit(0));
    });
}
