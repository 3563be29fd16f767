/** What the test appends to the blocks of the guide, so that they show what they do. */
export const checks = {
  store: `
await store.setup();
const key = crypto.randomUUID();
const record = { value: 'a', etag: 'a1', expiresAt: null };
const written = await store.write(key, record, null);
const again = await store.write(key, { ...record, etag: 'a2' }, null);
const replaced = await store.write(key, { ...record, value: 'b', etag: 'b1' }, 'a1');
const { value, etag } = (await store.read(key)) ?? {};
const removed = await store.write(key, null, 'b1');
const isKept = written && !again && replaced && value === 'b' && etag === 'b1' && removed;
console.log(isKept && (await store.read(key)) === undefined ? 'kept' : 'not kept');
process.exit(0);
`,

  account: `
const { Secret } = await import('countersign');
await postgresStore(db.$client).setup();
await db.$client.query('CREATE TABLE users (id text PRIMARY KEY, has_app boolean NOT NULL DEFAULT false)');
await db.$client.query('CREATE TABLE erasures (user_id text PRIMARY KEY)');
const userId = '12345';
await db.insert(users).values({ id: userId });
const shown = async () => {
  await new Promise((resolve) => setTimeout(resolve, 200));
  const [user] = await db.select().from(users);
  return user?.hasApp ? 'app' : 'no app';
};
const seen = [await shown()];
await twoFactor.adopt({ userId, secret: Secret.generate() });
seen.push(await shown());
await twoFactor.erase(userId);
seen.push(await shown());
await twoFactor.adopt({ userId, secret: Secret.generate() });
await deleteAccount(userId);
const { apps } = await twoFactor.status(userId);
const [left, open] = [await db.select().from(users), await db.select().from(erasures)];
console.log(\`\${seen.join(', ')}; deleted: \${left.length} users, \${apps.length} apps, \${open.length} erasures\`);
process.exit(0);
`,

  kit: {
    PostgreSQL: `
import { postgresStore } from 'countersign/postgres';
import { pushSchema } from 'drizzle-kit/api';
import { drizzle } from 'drizzle-orm/node-postgres';
const db = drizzle('postgres://localhost/app');
await postgresStore(db.$client).setup();
const wanted = async (schema) => {
  const { statementsToExecute } = await pushSchema(schema, db, ['public'], ['countersign_records']);
  return statementsToExecute;
};
const [withTable, without] = [await wanted({ countersignRecords }), await wanted({})];
console.log('\\n' + JSON.stringify({ withTable, without }));
process.exit(0);
`,
    SQLite: `
import { sqliteStore } from 'countersign/sqlite';
import { pushSQLiteSchema } from 'drizzle-kit/api';
import { drizzle } from 'drizzle-orm/better-sqlite3';
import Database from 'better-sqlite3';
const db = drizzle({ client: new Database('app.db') });
await sqliteStore(db.$client).setup();
const wanted = async (schema) => (await pushSQLiteSchema(schema, db)).statementsToExecute;
const [withTable, without] = [await wanted({ countersignRecords }), await wanted({})];
console.log('\\n' + JSON.stringify({ withTable, without }));
process.exit(0);
`,
  },

  synchronize: `
await store.setup();
await store.write('synchronized', { value: 'a', etag: 'a1', expiresAt: null }, null);
await dataSource.synchronize();
console.log((await store.read('synchronized'))?.etag === 'a1' ? 'kept' : 'lost');
process.exit(0);
`,
} as const;
