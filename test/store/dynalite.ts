import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DynamoDB, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';

const require = createRequire(new URL('../engines/package.json', import.meta.url));

/** What `describeWith` says is missing where {@link hasDynalite} is false. */
export const dynaliteNeeds = 'dynalite (npm ci --prefix test/engines)';

/** Whether a DynamoDB can be run. */
export const hasDynalite = existsSync(new URL('../engines/node_modules/dynalite', import.meta.url));

/** A DynamoDB in this process. */
export interface Dynalite {
  readonly port: number;
  close(): Promise<void>;
}

/** Starts a DynamoDB whose tables are there at once. */
export async function startDynalite(): Promise<Dynalite> {
  const dynalite = require('dynalite') as (options: object) => Server;
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0 });
  return { port: await listen(server), close: () => close(server) };
}

/** A proxy in front of a server that can lose answers. */
export interface CuttingProxy extends Dynalite {
  /** The server does what it is asked next, and the client is cut off before it hears of it. */
  cutNextAnswer(): void;
  /** How many answers were lost. */
  cuts(): number;
}

/** Starts a proxy in front of the server on `target`. */
export async function startCuttingProxy(target: number): Promise<CuttingProxy> {
  let [isCutting, cuts] = [false, 0];
  const proxy = createServer((incoming, outgoing) => {
    const { method, headers, url: path } = incoming;
    const options = { host: '127.0.0.1', port: target, method, headers, path };
    const forwarded = request(options, (answer) => {
      if (isCutting) {
        [isCutting, cuts] = [false, cuts + 1];
        answer.resume();
        outgoing.destroy();
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(forwarded);
  });
  return {
    port: await listen(proxy),
    close: () => close(proxy),
    cuts: () => cuts,
    cutNextAnswer: () => {
      isCutting = true;
    },
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

/** How clients reach it. */
export function dynaliteConfig(port: number): DynamoDBClientConfig {
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  return { endpoint: `http://127.0.0.1:${port}`, region: 'eu-central-1', credentials };
}

/** A client of it. */
export function connectDynamodb(port: number, config: DynamoDBClientConfig = {}): DynamoDB {
  return new DynamoDB({ ...dynaliteConfig(port), ...config });
}
