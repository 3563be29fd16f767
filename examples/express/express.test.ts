import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describeLogin } from '../framework-login/login-suite.js';
import { createApp } from './app.js';

describeLogin('Express', async (options) => {
  const server = createApp(options).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, close: () => once(server.close(), 'close') };
});
