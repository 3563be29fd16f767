import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateTotp, Secret } from '../../src/index.js';
import { describeWith } from '../support/engines/external.js';
import { blockWith, type Program, runProgram, Visitor } from './guide-program.js';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** Stands for the reader's own module; mails are printed. */
const yourApp = `
export const checkPassword = async (number, password) =>
  number === '12345' && password === 'right' ? { id: '12345', email: 'ada@example.com' } : null;
export const sendMail = async ({ to, text }) => console.log('to', to, text);
`;

describe('the program of the README', () => {
  let program: Program;
  beforeAll(async () => {
    // PGlite is PostgreSQL without a server.
    const pool =
      "import { PGlite } from '@electric-sql/pglite';\nconst pg = { Pool: class extends PGlite { constructor() { super(); } } };";
    const code = blockWith('README.md', '// server.ts').replace("import pg from 'pg';", pool);
    const secret = (): string => randomBytes(32).toString('base64');
    const env = { COUNTERSIGN_KEY: secret(), SESSION_SECRET: secret() };
    program = await runProgram('readme', code, env, { 'your-app.js': yourApp });
  });
  afterAll(() => {
    program.stop();
  });

  it('logs in by mail, then by an app', async () => {
    const visitor = new Visitor(program.address);
    expect(await visitor.json('/login', { number: '12345', password: 'wrong' })).toMatchObject({
      status: 401,
    });
    const password = { number: '12345', password: 'right' };
    expect((await visitor.json('/login', password)).body).toMatchObject({
      method: 'email',
      sentTo: 'a***@e***',
    });
    expect((await visitor.json('/code', { code: '12' })).body).toMatchObject({ reason: 'malformed' });
    const code = /^\d{6}$/m.exec(program.output())?.[0];
    expect((await visitor.json('/code', { code })).body).toEqual({ ok: true });

    const { text } = (await visitor.json('/app')).body as { text: string };
    const secret = Secret.fromBase32(text);
    const confirmed = await visitor.json('/app/confirm', { code: generateTotp(secret) });
    expect(confirmed.body).toMatchObject({ ok: true, recoveryCodes: { length: 10 } });

    const next = new Visitor(program.address);
    expect((await next.json('/login', password)).body).toMatchObject({ method: 'authenticator' });
    const later = generateTotp(secret, { at: Date.now() + 30_000 });
    expect((await next.json('/code', { code: later })).body).toEqual({ ok: true });
  });

  it('opens nothing before the second step', async () => {
    const visitor = new Visitor(program.address);
    for (const path of ['/code', '/app', '/app/confirm']) {
      expect((await visitor.json(path)).status).toBe(401);
    }
  });
});

const peersPage = 'docs/guides/coming-from/feature-table.md';
const hasPeersPage = existsSync(new URL(`../../${peersPage}`, import.meta.url));

describeWith(peersPage, hasPeersPage, 'the table of peers in the README', () => {
  it('has the rows that the test of the peers has checked', () => {
    const rows = (text: string): string[][] =>
      (text.match(/^\|.*\w.*$/gm) ?? []).map((line) => line.split('|').map((cell) => cell.trim()));
    const [, readme = ''] = read('README.md').split('<!-- peers -->');
    const [, page = ''] = read(peersPage).split('<!-- table -->');
    const [table = ''] = page.split('<!-- end of table -->');
    const [shown = ''] = readme.split(/^## /m);
    expect(rows(table).length).toBeGreaterThan(20);
    expect(rows(shown)).toEqual(rows(table));
  });
});
