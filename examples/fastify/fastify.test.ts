import { describeLogin } from '../framework-login/login-suite.js';
import { createApp } from './app.js';

describeLogin('Fastify', async (options) => {
  const app = createApp(options);
  const { port } = new URL(await app.listen({ port: 0, host: '127.0.0.1' }));
  return { port: Number(port), close: () => app.close() };
});
