import {
  DeleteItemCommand,
  type DynamoDB,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DynamodbClient, dynamodbSchema, dynamodbStore } from '../../src/store/dynamodb.js';
import { testClock } from '../../src/testing/test-clock.js';
import { testStore } from '../../src/testing/test-store.js';
import { describeWith } from '../support/engines/external.js';
import { itPasses } from '../support/harness/it-passes.js';
import {
  connectDynamodb,
  type Dynalite,
  dynaliteConfig,
  dynaliteNeeds,
  hasDynalite,
  startDynalite,
  startCuttingProxy,
} from './dynalite.js';
import { deadPort } from '../support/engines/engines.js';

describeWith(dynaliteNeeds, hasDynalite, 'dynamodbStore', () => {
  let server: Dynalite;
  let client: DynamoDB;
  const clock = testClock();
  const dead = connectDynamodb(deadPort, { maxAttempts: 1 });

  beforeAll(async () => {
    server = await startDynalite();
    client = connectDynamodb(server.port);
    await client.createTable(dynamodbSchema());
    await client.createTable(dynamodbSchema('Other.Table-1'));
  });
  afterAll(async () => {
    client.destroy();
    dead.destroy();
    await server.close();
  });

  describe('through DynamoDB of the SDK', () => {
    testStore({
      create: () => dynamodbStore(client, { now: clock.now }),
      createUnreachable: () => dynamodbStore(dead),
      it: itPasses,
      clock,
    });
  });

  it('works with the commands that a DynamoDBClient sends', async () => {
    const sender = new DynamoDBClient(dynaliteConfig(server.port));
    const store = dynamodbStore(withCommands(sender));
    expect(await store.write('sent', { value: 'a', etag: 'a1', expiresAt: null }, null)).toBe(true);
    expect(await store.write('sent', { value: 'b', etag: 'b1', expiresAt: null }, null)).toBe(false);
    expect(await store.read('sent')).toEqual({ value: 'a', etag: 'a1' });
    expect(await store.write('sent', null, 'a1')).toBe(true);
    expect(await store.read('sent')).toBeUndefined();
    sender.destroy();
  });

  it('never reports a write as refused that has happened, though the SDK sends it again', async () => {
    const proxy = await startCuttingProxy(server.port);
    const cut = connectDynamodb(proxy.port);
    const store = dynamodbStore(cut);
    const answers: (boolean | 'rejected')[] = [];
    for (let i = 0; i < 20; i++) {
      proxy.cutNextAnswer();
      const write = store.write(`cut-${i}`, { value: 'a', etag: `e${i}`, expiresAt: null }, null);
      answers.push(await write.catch(() => 'rejected' as const));
      expect(await store.read(`cut-${i}`)).toEqual({ value: 'a', etag: `e${i}` });
    }
    expect(proxy.cuts()).toBe(20);
    // This DynamoDB does not hand the item back with a refusal; the real one does, and then the answer is true.
    expect(answers).toEqual(Array.from({ length: 20 }, () => 'rejected'));
    cut.destroy();
    await proxy.close();
  });

  it('keeps what DynamoDB needs to delete an expired item a day after its expiry, in seconds', async () => {
    const store = dynamodbStore(client, { table: 'Other.Table-1' });
    const expiresAt = new Date(Date.now() + 60_500);
    await store.write('with-ttl', { value: 'a', etag: 'a1', expiresAt }, null);
    await store.write('for-ever', { value: 'a', etag: 'a1', expiresAt: null }, null);
    const { Item } = await client.getItem({ TableName: 'Other.Table-1', Key: { id: { S: 'with-ttl' } } });
    expect(Item?.['ttl']?.N).toBe(String(Math.ceil(expiresAt.getTime() / 1000) + 86_400));
    const other = await client.getItem({ TableName: 'Other.Table-1', Key: { id: { S: 'for-ever' } } });
    expect(other.Item).not.toHaveProperty('ttl');
  });

  it('counts an expired item that DynamoDB has not deleted as absent', async () => {
    const store = dynamodbStore(client);
    const expiresAt = new Date(Date.now() + 50);
    expect(await store.write('late', { value: 'a', etag: 'a1', expiresAt }, null)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await store.read('late')).toBeUndefined();
    const { Item } = await client.getItem({ TableName: 'countersign_records', Key: { id: { S: 'late' } } });
    expect(Item?.['etag']).toEqual({ S: 'a1' });
  });

  it('rejects while its table does not exist', async () => {
    const store = dynamodbStore(client, { table: 'absent' });
    await expect(store.read('key')).rejects.toThrow();
    await expect(store.write('key', { value: 'a', etag: 'a1', expiresAt: null }, null)).rejects.toThrow();
  });
});

/** As the guide shows it for an application that has a DynamoDBClient. */
function withCommands(client: DynamoDBClient): DynamodbClient {
  return {
    getItem: (input) => client.send(new GetItemCommand(input)),
    putItem: (input) => client.send(new PutItemCommand(input)),
    deleteItem: (input) => client.send(new DeleteItemCommand(input)),
  };
}
