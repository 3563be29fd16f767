import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { transform } from 'esbuild';
import pg from 'pg';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresSchema } from '../../src/store/postgres.js';
import { isListening, postgresServer } from '../support/engines/engines.js';
import { describeWith } from '../support/engines/external.js';
import { checks } from './checks.js';

const root = new URL('../..', import.meta.url).pathname;
const folder = join(root, 'test/.blocks', `orm-${process.pid}`);
const isAvailable =
  existsSync(join(root, 'test/orm/node_modules/drizzle-orm')) && (await isListening(postgresServer.port));
const database = `cs_test_${randomUUID().replaceAll('-', '').slice(0, 12)}`;
const url = `postgres://${postgresServer.user}@${postgresServer.host}:${postgresServer.port}/${database}`;
const page = readFileSync(join(root, 'docs/guides/beside-an-orm.md'), 'utf8');

/** The blocks of TypeScript, each under the heading, or the line such as `For SQLite:`, that stands nearest above it. */
const blocks = Array.from(page.matchAll(/^```typescript\n([^]*?)^```$/gm), ({ index, 1: code = '' }) => {
  const titles = page.slice(0, index).matchAll(/^(?:##+ (.+)|For (\w+):)$/gm);
  const [, heading, engine = ''] = Array.from(titles).at(-1) ?? [];
  return { title: heading ?? engine, code };
});
/** Loading an ORM takes seconds on a busy machine. */
const SLOW_MS = 180_000;
const adapters = blocks.filter(({ code }) => code.includes('const store = '));

describeWith(
  'PostgreSQL on port 5432, and the ORMs (npm ci --ignore-scripts --prefix test/orm)',
  isAvailable,
  'the guide for ORMs',
  () => {
    const server = new pg.Pool({ ...postgresServer, max: 1 });

    beforeAll(async () => {
      mkdirSync(folder, { recursive: true });
      symlinkSync(join(root, 'test/orm/node_modules'), join(folder, 'node_modules'));
      await server.query(`CREATE DATABASE ${database}`);
    });
    afterAll(async () => {
      await server.query(`DROP DATABASE ${database} WITH (FORCE)`);
      await server.end();
      rmSync(folder, { recursive: true, force: true });
    });

    it('has a line for each of seven clients, two tables and an application', () => {
      expect(adapters.map(({ title }) => title)).toEqual([
        'Drizzle with node-postgres',
        'Drizzle with postgres.js',
        'Drizzle with better-sqlite3',
        'Kysely',
        'Knex',
        'TypeORM',
        'Prisma',
      ]);
      expect(blocks.map(({ title }) => title).slice(7)).toEqual([
        'PostgreSQL',
        'SQLite',
        'When an account is deleted',
      ]);
    });

    it('type-checks', { timeout: SLOW_MS }, () => {
      expect(typeErrors(blocks.map(({ code }) => code))).toEqual([]);
    });

    it.each(adapters)(
      'keeps records with the line for $title',
      { timeout: SLOW_MS },
      async ({ title, code }) => {
        expect(await run(title, code + checks.store)).toBe('kept');
      },
    );

    it('keeps the column by the events, and erases what was deleted', { timeout: SLOW_MS }, async () => {
      const code = blocks.find(({ title }) => title === 'When an account is deleted')?.code ?? '';
      expect(await run('account', code + checks.account)).toBe(
        'no app, app, no app; deleted: 0 users, 0 apps, 0 erasures',
      );
    });

    it.each(['PostgreSQL', 'SQLite'])(
      'shows a schema for %s with which drizzle-kit wants no change, and without which it drops the table',
      { timeout: SLOW_MS },
      async (title) => {
        const code = blocks.find((block) => block.title === title)?.code ?? '';
        expect(JSON.parse(await run(`kit-${title}`, code + checks.kit[title as 'SQLite']))).toEqual({
          withTable: [],
          without: [expect.stringMatching(/^DROP TABLE .?countersign_records/)],
        });
      },
    );

    it('leaves the table alone when TypeORM synchronizes', { timeout: SLOW_MS }, async () => {
      const code = adapters.find(({ title }) => title === 'TypeORM')?.code ?? '';
      expect(await run('typeorm-synchronize', code + checks.synchronize)).toBe('kept');
    });

    it('shows a Prisma model with the columns of the table', () => {
      const [, model = ''] = /^```prisma\n([^]*?)^```$/m.exec(page) ?? [];
      const fields = Array.from(model.matchAll(/^ {2}\w+ +(\w+\??)(.*)$/gm), ([line, type, rest]) => {
        const name = /@map\("(\w+)"\)/.exec(rest ?? '')?.[1] ?? line.trim().split(' ')[0];
        return `${name} ${type}`;
      });
      expect(fields).toEqual(['id String', 'value String', 'etag String', 'expires_at BigInt?']);
      const columns = Array.from(postgresSchema().matchAll(/^ {2}(\w+) (\w+)/gm), ([, ...column]) => column);
      expect(columns.map(([name, type]) => `${name} ${type}`)).toEqual([
        'id text',
        'value text',
        'etag text',
        'expires_at bigint',
      ]);
    });
  },
);

describe('the blocks of the guide for ORMs', () => {
  it('connect to one database', () => {
    const urls = page.match(/postgres:\/\/[\w/]+/g) ?? [];
    expect(new Set(urls)).toEqual(new Set(['postgres://localhost/app']));
  });
});

function typeErrors(codes: readonly string[]): string[] {
  const paths = codes.map((code, index) => {
    const path = join(folder, `types-${index}.ts`);
    writeFileSync(path, `${code}export {};\n`);
    return path;
  });
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram(paths, { ...options, noUnusedLocals: false, noUnusedParameters: false });
  return paths
    .flatMap((path) => program.getSemanticDiagnostics(program.getSourceFile(path)))
    .map(
      ({ file, messageText }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
}

/** Runs a block in a process of its own; better-sqlite3 is libsql there, which has its interface and needs no compiler. */
async function run(name: string, code: string): Promise<string> {
  const path = join(folder, `${name.replaceAll(/\W/g, '-')}.mjs`);
  const text = code
    .replaceAll('postgres://localhost/app', url)
    .replaceAll("from 'better-sqlite3'", "from 'libsql'")
    .replaceAll("'app.db'", "':memory:'");
  writeFileSync(path, (await transform(text, { loader: 'ts', target: 'node20' })).code);
  const { stdout } = await promisify(execFile)(process.execPath, [path], { cwd: folder });
  return stdout.trim().split('\n').at(-1) ?? '';
}
