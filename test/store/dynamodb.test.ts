import { DynamoDB, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { type DynamodbClient, dynamodbSchema, dynamodbStore } from '../../src/store/dynamodb.js';

const record = { value: 'a', etag: 'a1', expiresAt: null };

/** A client whose three calls do the same. */
function doing(act: () => unknown): DynamodbClient {
  const call = (): Promise<never> => Promise.resolve().then(act) as Promise<never>;
  return { getItem: call, putItem: call, deleteItem: call };
}

/** A client whose conditions do not hold. */
function refusing(details: object): DynamodbClient {
  return doing(() => {
    throw Object.assign(new Error('The conditional request failed'), {
      name: 'ConditionalCheckFailedException',
      ...details,
    });
  });
}

describe('dynamodbStore', () => {
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };

  it('takes the DynamoDB of the SDK as it is', () => {
    expect(dynamodbStore(new DynamoDB({ region: 'eu-central-1', credentials }))).toHaveProperty('read');
  });

  it('refuses a DynamoDBClient, and says what to pass', () => {
    const client = new DynamoDBClient({ region: 'eu-central-1', credentials });
    // @ts-expect-error: it has only send()
    expect(() => dynamodbStore(client)).toThrow(/new DynamoDB\(…\).*getItem, putItem and deleteItem/);
  });

  it('refuses version 2 of the SDK, whose calls return no promise', () => {
    const client = { ...doing(() => ({ $metadata: {} })), makeRequest: () => null };
    expect(() => dynamodbStore(client)).toThrow(expect.objectContaining({ code: 'ERR_STORE_UNSUITABLE' }));
  });

  it.each([null, undefined, 'eu-central-1', {}])('refuses %o as a client', (client) => {
    // @ts-expect-error: not a client
    expect(() => dynamodbStore(client)).toThrow(expect.objectContaining({ code: 'ERR_STORE_UNSUITABLE' }));
  });

  it.each(['getItem', 'putItem', 'deleteItem'])('refuses a client without %s', (name) => {
    const client = { ...doing(() => ({ $metadata: {} })), [name]: undefined };
    expect(() => dynamodbStore(client)).toThrow(expect.objectContaining({ code: 'ERR_STORE_UNSUITABLE' }));
  });

  it('refuses a clock that is no function', () => {
    expect(() =>
      dynamodbStore(
        doing(() => null),
        { now: 5 as never },
      ),
    ).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }));
  });

  it.each(['', 'ab', 'a b', 'a'.repeat(256)])('refuses the table name "%s"', (table) => {
    const refusal = expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }) as Error;
    expect(() =>
      dynamodbStore(
        doing(() => ({ $metadata: {} })),
        { table },
      ),
    ).toThrow(refusal);
    expect(() => dynamodbSchema(table)).toThrow(refusal);
  });

  it.each([undefined, null, {}, { Item: {} }, { $metadata: null }, { $metadata: 'a' }])(
    'rejects a reply of another shape, such as %o, instead of taking it for an answer',
    async (reply) => {
      const store = dynamodbStore(doing(() => reply));
      await expect(store.read('key')).rejects.toMatchObject({ code: 'ERR_STORE_FAILED' });
      await expect(store.write('key', record, null)).rejects.toMatchObject({ code: 'ERR_STORE_FAILED' });
      await expect(store.write('key', null, 'a1')).rejects.toMatchObject({ code: 'ERR_STORE_FAILED' });
    },
  );

  it.each([
    {},
    { value: { N: '1' }, etag: { S: 'a1' } },
    { value: { S: 'a' }, etag: { N: '1' } },
    { value: { S: 'a' } },
    { value: { S: 1 }, etag: { S: 'a1' } },
    { value: { S: 'a' }, etag: { S: 'a1' }, expires_at: {} },
  ])('rejects an item that is no record, such as %o', async (Item) => {
    const store = dynamodbStore(doing(() => ({ $metadata: {}, Item })));
    await expect(store.read('key')).rejects.toMatchObject({ code: 'ERR_STORE_FAILED' });
  });

  it.each([
    [999, undefined],
    [1000, undefined],
    [1001, { value: 'a', etag: 'a1' }],
  ])('reads at 1000 an item that expires at %i as %o', async (expiresAt, expected) => {
    const Item = { value: { S: 'a' }, etag: { S: 'a1' }, expires_at: { N: String(expiresAt) } };
    const store = dynamodbStore(
      doing(() => ({ $metadata: {}, Item })),
      { now: () => 1000 },
    );
    expect(await store.read('key')).toEqual(expected);
  });

  it('reads with strong consistency', async () => {
    const inputs: unknown[] = [];
    const getItem: DynamodbClient['getItem'] = (input) => {
      inputs.push(input);
      return Promise.resolve({ $metadata: {} });
    };
    expect(await dynamodbStore({ ...refusing({}), getItem }).read('key')).toBeUndefined();
    expect(inputs).toEqual([
      { TableName: 'countersign_records', Key: { id: { S: 'key' } }, ConsistentRead: true },
    ]);
  });
});

describe('a condition of dynamodbStore that does not hold', () => {
  it('is a refusal if the write was sent once', async () => {
    for (const details of [{}, { $metadata: { attempts: 1 } }, { Item: { etag: { S: 'other' } } }]) {
      const store = dynamodbStore(refusing(details));
      expect(await store.write('key', record, null)).toBe(false);
      expect(await store.write('key', null, 'a1')).toBe(false);
    }
  });

  it('is a success if the item has the very etag: the SDK has sent the write twice', async () => {
    const store = dynamodbStore(refusing({ Item: { etag: { S: 'a1' } }, $metadata: { attempts: 2 } }));
    expect(await store.write('key', record, null)).toBe(true);
  });

  it('rejects if the write was sent twice and the item does not tell', async () => {
    const store = dynamodbStore(refusing({ Item: { etag: { S: 'other' } }, $metadata: { attempts: 2 } }));
    await expect(store.write('key', record, null)).rejects.toThrow('conditional');
    await expect(store.write('key', null, 'other')).rejects.toThrow('conditional');
  });

  it('is no other error', async () => {
    const store = dynamodbStore(refusing({ name: 'ProvisionedThroughputExceededException' }));
    await expect(store.write('key', record, null)).rejects.toThrow('conditional');
  });
});
