import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createEmailTokens, memoryStore } from 'countersign';
import { type ParsedMail, simpleParser } from 'mailparser';
import { createTransport } from 'nodemailer';
import { SMTPServer } from 'smtp-server';

// A mail server in this process stands in for yours: a mail is accepted when it has been read.
const inbox: ParsedMail[] = [];
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  onData: (stream, _session, done) => {
    simpleParser(stream).then((mail) => {
      inbox.push(mail);
      done();
    }, done);
  },
});
server.listen(0, '127.0.0.1');
await once(server.server, 'listening');
const { port } = server.server.address() as AddressInfo;
const transport = createTransport({ host: '127.0.0.1', port });

const tokens = createEmailTokens({
  store: memoryStore(),
  keys: [crypto.getRandomValues(new Uint8Array(32))],
  appName: 'Acme',
  send: ({ to, message }) =>
    transport.sendMail({ from: 'Acme <login@acme.example>', to: { name: '', address: to }, ...message }),
});

const login = { subject: '4711', purpose: 'login' };
const issued = await tokens.issue({ ...login, to: 'ada@example.com', locale: 'en-GB' });
if (!issued.ok) throw new Error(`no token: ${issued.reason}`);

const [mail] = inbox;
console.log(`Subject: ${mail?.subject ?? ''}\n\n${mail?.text ?? ''}`);

// The customer types it, and then a person who has looked over their shoulder.
const code = /^\d{6}$/m.exec(mail?.text ?? '')?.[0];
console.log('first time: ', await tokens.redeem({ ...login, challenge: issued.challenge, code }));
console.log('second time:', await tokens.redeem({ ...login, challenge: issued.challenge, code }));

transport.close();
server.close();
