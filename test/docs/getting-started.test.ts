import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
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
  const mailedCodes = (): string[] => program.output().match(/^\d{6}$/gm) ?? [];

  /** Gives the password, and returns the code of the mail that it brings. */
  async function askForCode(visitor: Visitor): Promise<string> {
    const { length } = mailedCodes();
    expect(await visitor.post('/login', password)).toContain('We sent a code to y***@e***');
    return vi.waitFor(() => {
      const codes = mailedCodes();
      expect(codes.length).toBeGreaterThan(length);
      return codes.at(-1) ?? '';
    });
  }

  it('says no to a wrong password', async () => {
    const visitor = new Visitor(program.address);
    expect(await visitor.post('/login', { ...password, password: 'wrong' })).toContain('is wrong');
  });

  it.each(['at once', 'one after another'])('logs both requests of a double click in, %s', async (order) => {
    const visitor = new Visitor(program.address);
    const code = await askForCode(visitor);
    const second = visitor.copy();
    const send = (who: Visitor): Promise<string> => who.post('/code', { code });
    const pages =
      order === 'at once'
        ? Promise.all([send(visitor), send(second)])
        : [await send(visitor), await send(second)];
    for (const page of await pages) expect(page).toContain('You are logged in');
    for (const who of [visitor, second]) expect(await who.get('/')).toContain('You are logged in');
  });

  it('keeps the session from before the code at the second step', async () => {
    const visitor = new Visitor(program.address);
    const code = await askForCode(visitor);
    const planted = visitor.copy();
    expect(await visitor.post('/code', { code })).toContain('You are logged in');
    for (const path of ['/app', '/app/confirm']) expect(await planted.post(path)).toContain('action="/code"');
    expect(await planted.post('/code', { code: '12' })).toContain('That code is wrong');
  });

  it('says that a session has ended', async () => {
    for (const path of ['/code', '/app', '/app/confirm'])
      expect(await new Visitor(program.address).post(path, { code: '123456' })).toContain(
        'Your login has ended',
      );
  });

  it('mails in the language of the browser', async () => {
    const visitor = new Visitor(program.address, { 'accept-language': 'de-AT,de;q=0.9' });
    const { length } = program.output();
    const code = await askForCode(visitor);
    expect(program.output().slice(length)).toContain('Guten Tag');
    expect(await visitor.post('/code', { code })).toContain('You are logged in');
  });

  it('logs in by mail, then by an app, then by a recovery code', async () => {
    const visitor = new Visitor(program.address);
    const mailed = await askForCode(visitor);
    expect(await visitor.post('/code', { code: 'no code' })).toContain('That code is wrong');
    const inside = await visitor.post('/code', { code: mailed });
    expect(inside).toContain('The second factor is: email');

    const setup = await visitor.post('/app');
    expect(await visitor.get('/')).toBe(setup);
    const secret = Secret.fromBase32(/enter ([A-Z2-7]{32})/.exec(setup)?.[1] ?? '');
    const wrong = await visitor.post('/app/confirm', { code: 'no code' });
    expect(wrong).toContain('That code is wrong');
    expect(wrong).toContain(secret.toBase32());
    const code = generateTotp(secret);
    const again = visitor.copy();
    const active = await visitor.post('/app/confirm', { code });
    expect(active).toContain('The second factor is: authenticator. Recovery codes left: 10');
    const [recoveryCode = ''] = /(?:[A-Z0-9]{5}-){4}[A-Z0-9]{5}/.exec(active) ?? [];
    expect(await again.post('/app/confirm', { code })).toContain(recoveryCode);

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
