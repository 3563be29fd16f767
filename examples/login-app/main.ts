/** Serves the app, as the environment says, until it is told to stop. */
import { readKeys } from './data/keys.js';
import { openStore } from './data/open-store.js';
import { smtpDelivery } from './mail/deliver.js';
import { createOutbox } from './mail/outbox.js';
import { startServer } from './server.js';
import { readSettings } from './settings.js';

try {
  await main();
} catch (error) {
  // A wrong setting deserves a line, not a stack.
  console.error(`login-app: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

async function main(): Promise<void> {
  const { port, folder, origin, smtpUrl, mailFrom } = readSettings(process.env);
  const opened = await openStore(process.env, folder);
  const { store, name } = opened;
  const keys = await readKeys(process.env, folder);
  const outbox = smtpUrl === undefined ? createOutbox(store, Date.now, console.log) : null;
  const deliver = outbox?.deliver ?? smtpDelivery(smtpUrl ?? '', mailFrom);
  const server = await startServer({ store, keys, deliver, outbox, origin }, port);
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
