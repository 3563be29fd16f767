/**
 * The store for Amazon DynamoDB.
 *
 * @module countersign/dynamodb
 */
import { assertString, ownOnly, readOptions, readStoreClock } from '../internal/asserts.js';
import { CountersignError } from '../internal/errors.js';
import { failUnsuitable, hasErrorCode, hasMethod } from './client.js';
import type { NextRecord, Store, StoredRecord } from './store.js';

/** An attribute as {@link dynamodbStore} writes it: a text, or a number as text. */
export type DynamodbAttribute = { S: string } | { N: string };

/** Which item of which table a call of {@link dynamodbStore} is about. */
export interface DynamodbItemKey {
  TableName: string;
  Key: Record<string, DynamodbAttribute>;
}

/** The condition under which {@link dynamodbStore} writes. */
export interface DynamodbCondition {
  ConditionExpression: string;
  ExpressionAttributeNames: Record<string, string>;
  ExpressionAttributeValues: Record<string, DynamodbAttribute>;
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD';
}

/** What {@link dynamodbStore} uses of `DynamoDB` of `@aws-sdk/client-dynamodb`. */
export interface DynamodbClient {
  getItem(
    input: DynamodbItemKey & { ConsistentRead: true },
  ): Promise<{ $metadata: object; Item?: Record<string, unknown> | undefined }>;
  putItem(
    input: DynamodbCondition & { TableName: string; Item: Record<string, DynamodbAttribute> },
  ): Promise<{ $metadata: object }>;
  deleteItem(input: DynamodbCondition & DynamodbItemKey): Promise<{ $metadata: object }>;
}

/** Options of {@link dynamodbStore}. */
export interface DynamodbStoreOptions {
  /** The table's name: 3 to 255 characters of `A-Z a-z 0-9 _ . -`. Default: `countersign_records`. */
  table?: string;
  /** The clock by which records expire, in ms since 1970; DynamoDB's own is not asked. Default: `Date.now`. */
  now?: () => number;
}

/**
 * A store in a DynamoDB table: one item a record, strongly consistent reads, and writes under a condition.
 *
 * The table lives in one region. In a global table, two regions can accept the same code. Turn on TTL for the attribute
 * `ttl`, so that DynamoDB deletes expired items; until it does, the store treats them as absent.
 *
 * @param client - `new DynamoDB(…)` of `@aws-sdk/client-dynamodb` 3. For a `DynamoDBClient`, pass three functions
 *   `getItem`, `putItem` and `deleteItem` that send its commands
 * @param options - `table`: default `countersign_records`; `now`: the clock in ms, default `Date.now`
 * @returns the store; create its table with the input that `dynamodbSchema` returns
 * @throws CountersignError `ERR_STORE_UNSUITABLE` if `client` has another shape; `ERR_UNKNOWN_OPTION` or
 *   `ERR_INVALID_ARGUMENT` for options that are not as described
 * @example
 * ```ts
 * import { DynamoDB } from '@aws-sdk/client-dynamodb';
 * import { dynamodbStore } from 'countersign/dynamodb';
 *
 * const store = dynamodbStore(new DynamoDB({ region: 'eu-central-1' }));
 * ```
 */
export function dynamodbStore(client: DynamodbClient, options: DynamodbStoreOptions = {}): Store {
  assertClient(client);
  const own = readOptions('options', options, ['table', 'now']);
  const { table = defaultTable, now: clock = Date.now } = own;
  const TableName = tableName(table);
  const now = readStoreClock('options.now', clock);

  async function read(key: string): Promise<StoredRecord | undefined> {
    // Before the call, as in every store: an item that expires on its way was there when it was asked for.
    const time = now();
    const reply: unknown = await client.getItem({ TableName, Key: keyOf(key), ConsistentRead: true });
    return liveRecord(ownOnly(assertReply(reply))['Item'], time);
  }

  async function write(key: string, next: NextRecord | null, expected: string | null): Promise<boolean> {
    const condition = conditionOf(expected, now());
    try {
      assertReply(
        next === null
          ? await client.deleteItem({ TableName, Key: keyOf(key), ...condition })
          : await client.putItem({ TableName, Item: itemOf(key, next), ...condition }),
      );
      return true;
    } catch (error) {
      return isOwnWrite(error, next);
    }
  }

  return { read, write };
}

/**
 * The table as the input of `createTable`, for an application that creates its tables itself.
 *
 * @param table - 3 to 255 characters of `A-Z a-z 0-9 _ . -`; default `countersign_records`
 * @returns the input: a partition key `id`, and billing by request
 * @throws CountersignError `ERR_INVALID_ARGUMENT` for any other name
 * @example
 * ```ts
 * import { dynamodbSchema } from 'countersign/dynamodb';
 *
 * console.log(dynamodbSchema().KeySchema); // [ { AttributeName: 'id', KeyType: 'HASH' } ]
 * ```
 */
export function dynamodbSchema(table: string = defaultTable): DynamodbTable {
  return {
    TableName: tableName(table),
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  };
}

/** What {@link dynamodbSchema} returns. */
export interface DynamodbTable {
  TableName: string;
  AttributeDefinitions: { AttributeName: string; AttributeType: 'S' }[];
  KeySchema: { AttributeName: string; KeyType: 'HASH' }[];
  BillingMode: 'PAY_PER_REQUEST';
}

const defaultTable = 'countersign_records';
/** DynamoDB deletes by its own clock, and a record must not go before the application's clock says so. */
const TTL_MARGIN_SECONDS = 86_400;

function assertClient(client: unknown): void {
  const isKnown = ['getItem', 'putItem', 'deleteItem'].every((name) => hasMethod(client, name));
  // Version 2 of the SDK has the same methods, which return requests and no promises.
  if (isKnown && !hasMethod(client, 'makeRequest')) return;
  failUnsuitable(
    'dynamodbStore',
    'new DynamoDB(…) of @aws-sdk/client-dynamodb 3, or its getItem, putItem and deleteItem: ' +
      'DynamoDBClient and the document clients have others',
  );
}

function tableName(table: string): string {
  assertString('table', table);
  if (/^[A-Za-z0-9_.-]{3,255}$/.test(table)) return table;
  throw new CountersignError(
    'ERR_INVALID_ARGUMENT',
    'table must be 3 to 255 characters of A-Z, a-z, 0-9, _, . and -',
  );
}

function keyOf(key: string): Record<string, DynamodbAttribute> {
  return { id: { S: key } };
}

function itemOf(key: string, { value, etag, expiresAt }: NextRecord): Record<string, DynamodbAttribute> {
  const item = { ...keyOf(key), value: { S: value }, etag: { S: etag } };
  if (expiresAt === null) return item;
  const ms = expiresAt.getTime();
  const ttl = Math.ceil(ms / 1000) + TTL_MARGIN_SECONDS;
  return { ...item, expires_at: { N: String(ms) }, ttl: { N: String(ttl) } };
}

function conditionOf(expected: string | null, time: number): DynamodbCondition {
  const now = { ':now': { N: String(time) } };
  const common = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
  return expected === null
    ? {
        ...common,
        ConditionExpression: 'attribute_not_exists(#id) OR #expires_at <= :now',
        ExpressionAttributeNames: { '#id': 'id', '#expires_at': 'expires_at' },
        ExpressionAttributeValues: now,
      }
    : {
        ...common,
        ConditionExpression: '#etag = :etag AND (attribute_not_exists(#expires_at) OR #expires_at > :now)',
        ExpressionAttributeNames: { '#etag': 'etag', '#expires_at': 'expires_at' },
        ExpressionAttributeValues: { ...now, ':etag': { S: expected } },
      };
}

/**
 * Says what a failed condition means. The SDK repeats a write if no answer came, and the repeat meets the first one:
 * the item that DynamoDB returns with the refusal shows that. Without that item, a write that was sent once has not
 * happened, and the fate of one that was sent more often is unknown.
 */
function isOwnWrite(error: unknown, next: NextRecord | null): boolean {
  if (!hasErrorCode(error, 'name', ['ConditionalCheckFailedException'])) throw error;
  const { Item, $metadata } = error as { Item?: unknown; $metadata?: { attempts?: unknown } };
  if (next !== null && textOf(Item, 'etag') === next.etag) return true;
  if (Number($metadata?.attempts ?? 1) > 1) throw error;
  return false;
}

/** Every answer of the SDK has `$metadata`; without it a reply without an item would look like an absent record. */
function assertReply(reply: unknown): Record<string, unknown> {
  const { $metadata } = Object(reply) as { $metadata?: unknown };
  if (typeof $metadata === 'object' && $metadata !== null) return reply as Record<string, unknown>;
  throw new CountersignError('ERR_STORE_FAILED', 'DynamoDB returned a reply without $metadata');
}

function liveRecord(item: unknown, time: number): StoredRecord | undefined {
  if (item === undefined) return undefined;
  const [value, etag] = [textOf(item, 'value'), textOf(item, 'etag')];
  const { expires_at: expiry = { N: 'Infinity' } } = Object(item) as { expires_at?: unknown };
  const expiresAt = Number((Object(expiry) as { N?: unknown }).N);
  if (value === undefined || etag === undefined || Number.isNaN(expiresAt)) {
    throw new CountersignError('ERR_STORE_FAILED', 'DynamoDB returned an item that is not a record');
  }
  return expiresAt > time ? { value, etag } : undefined;
}

function textOf(item: unknown, name: string): string | undefined {
  const attribute = (Object(item) as Record<string, unknown>)[name];
  const { S } = Object(attribute) as { S?: unknown };
  return typeof S === 'string' ? S : undefined;
}
