import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { describeWith } from '../../test/support/engines/external.js';
import { describeLogin } from '../framework-login/login-suite.js';

const isInstalled = existsSync(new URL('node_modules/@nestjs', import.meta.url));

describeWith('NestJS (npm ci --prefix examples/nest)', isInstalled, 'the NestJS application', () => {
  describeLogin('NestJS', async (options) => {
    const { createApp } = await import('./src/app.js');
    const app = await createApp(options);
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    return { port, close: () => app.close() };
  });

  it('compiles', () => {
    const folder = fileURLToPath(new URL('.', import.meta.url));
    const compile = () => execFileSync('npx', ['tsc', '--noEmit', '-p', folder], { encoding: 'utf8' });
    expect(compile()).toBe('');
  });
});
