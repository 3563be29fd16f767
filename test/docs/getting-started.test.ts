import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateTotp, Secret } from '../../src/index.js';
import { blockWith, type Program, runProgram, Visitor } from './guide-program.js';

describe('the program of Getting started', () => {
  let program: Program;
  beforeAll(async () => {
    const code = blockWith('docs/guides/getting-started.md', '// server.ts');
    const COUNTERSIGN_KEY = randomBytes(32).toString('base64');
    program = await runProgram('getting-started', code, { COUNTERSIGN_KEY });
  });
  afterAll(() => {
    program.stop();
  });

  const password = { number: '12345', password: 'correct horse' };
  const mailedCode = (): string => /^\d{6}$/m.exec(program.output())?.[0] ?? '';

  it('says no to a wrong password', async () => {
    const visitor = new Visitor(program.address);
    expect(await visitor.post('/login', { ...password, password: 'wrong' })).toContain('is wrong');
  });

  it('logs in by mail, then by an app, then by a recovery code', async () => {
    const visitor = new Visitor(program.address);
    expect(await visitor.post('/login', password)).toContain('We sent a code to y***@e***');
    expect(await visitor.post('/code', { code: 'no code' })).toContain('That code is wrong');
    const inside = await visitor.post('/code', { code: mailedCode() });
    expect(inside).toContain('The second factor is: email');

    const setup = await visitor.post('/app');
    const secret = Secret.fromBase32(/enter ([A-Z2-7]{32})/.exec(setup)?.[1] ?? '');
    const code = generateTotp(secret);
    const active = await visitor.post('/app/confirm', { code });
    expect(active).toContain('The second factor is: authenticator. Recovery codes left: 10');
    const [recoveryCode = ''] = /(?:[A-Z0-9]{5}-){4}[A-Z0-9]{5}/.exec(active) ?? [];
    expect(await visitor.post('/app/confirm', { code })).toContain(recoveryCode);

    await visitor.post('/logout');
    expect(await visitor.post('/login', password)).toContain('your authenticator app');
    expect(await visitor.post('/code', { code })).toContain('used already');
    const next = generateTotp(secret, { at: Date.now() + 30_000 });
    expect(await visitor.post('/code', { code: next })).toContain('You are logged in');

    await visitor.post('/logout');
    await visitor.post('/login', password);
    expect(await visitor.post('/code', { code: recoveryCode })).toContain('Recovery codes left: 9');
  });

  it('lets nobody past the second step with a session that has passed the first', async () => {
    const visitor = new Visitor(program.address);
    await visitor.post('/login', password);
    for (const path of ['/app', '/app/confirm']) {
      expect(await visitor.post(path, { code: '123456' })).toContain('action="/code"');
    }
  });
});
