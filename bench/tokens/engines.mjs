import { connect } from 'node:net';
import pg from 'pg';
import { createClient } from 'redis';
import { memoryStore } from '../../dist/index.js';
import { postgresStore } from '../../dist/store/postgres.js';
import { redisStore } from '../../dist/store/redis.js';

/**
 * An engine, as the token jobs use it: `methods` are those of its client that a store calls, and `room` is what
 * keeps this run's records apart from everybody else's.
 *
 * @typedef {object} Engine
 * @property {string} title
 * @property {number | null} port where it listens
 * @property {readonly string[]} methods
 * @property {(room: string) => Promise<any>} open
 * @property {(client: any, room: string) => any} storeOf
 * @property {(args: any[]) => string} keyOf the record's key in the first command
 * @property {(args: any[], key: string) => any[]} rekey the same command for another record
 * @property {(reply: any) => boolean} wrote tells by the second command's reply
 * @property {(client: any, room: string) => Promise<unknown>} prepare
 * @property {(client: any, room: string) => Promise<unknown>} clean
 * @property {(client: any) => Promise<unknown>} close
 */

const host = '127.0.0.1';

/** @type {Record<string, Engine>} */
export const engines = {
  memory: {
    title: 'memoryStore',
    port: null,
    methods: ['read', 'write'],
    open: async () => memoryStore(),
    storeOf: (client) => client,
    keyOf: ([key]) => key,
    rekey: ([, ...rest], key) => [key, ...rest],
    wrote: (reply) => reply === true,
    prepare: async () => undefined,
    clean: async () => undefined,
    close: async () => undefined,
  },
  redis: {
    title: 'Redis, node-redis',
    port: 6379,
    methods: ['get', 'mGet', 'eval', 'evalSha'],
    open: () => createClient({ socket: { host, port: 6379 } }).connect(),
    storeOf: (client, room) => redisStore(client, { prefix: `${room}:` }),
    keyOf: ([key]) => key,
    rekey: ([first, ...rest], key) =>
      rest.length === 0 ? [key] : [first, { keys: [key], arguments: rest[0].arguments }],
    wrote: (reply) => reply === 1,
    prepare: async () => undefined,
    clean: removeKeys,
    close: (client) => client.close(),
  },
  postgres: {
    title: 'PostgreSQL, pg',
    port: 5432,
    methods: ['query'],
    open: async () => new pg.Pool({ host, port: 5432, user: 'postgres', database: 'test' }),
    storeOf: (client, room) => postgresStore(client, { table: room }),
    keyOf: ([, params]) => params[0],
    rekey: ([sql, params], key) => [sql, params.map((param) => (isRecordKey(param) ? key : param))],
    wrote: (reply) => reply.rows.length === 1,
    prepare: (client, room) => postgresStore(client, { table: room }).setup(),
    clean: (client, room) => client.query(`DROP TABLE IF EXISTS ${room}`),
    close: (client) => client.end(),
  },
};

/** True where something listens, or nothing has to. */
export function answers({ port }) {
  if (port === null) return Promise.resolve(true);
  return new Promise((resolve) => {
    const socket = connect(port, host);
    const settle = (answer) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', settle(true));
    socket.once('error', settle(false));
    socket.setTimeout(1000, settle(false));
  });
}

function isRecordKey(param) {
  return typeof param === 'string' && param.startsWith('email-token:');
}

async function removeKeys(client, room) {
  for await (const keys of client.scanIterator({ MATCH: `${room}:*`, COUNT: 1000 })) {
    if (keys.length > 0) await client.unlink(keys);
  }
}
