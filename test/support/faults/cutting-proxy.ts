import { createServer, connect, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

/** A TCP proxy that can cut a connection after the server has done its work and before the client hears of it. */
export interface CuttingProxy {
  readonly port: number;
  /**
   * From the next request that contains `mark` on, the server's answer is swallowed and the client's connection cut.
   * Once only; connections that come later work.
   */
  cutAnswerTo: (mark: string) => void;
  /** How many answers were swallowed. */
  readonly cuts: number;
  /** Cuts every connection at every so many answers, which is swallowed. Not by time: a slow machine would never get on. */
  cutAllAtEvery: (answers: number) => void;
  /** Cuts every connection, whatever is on its way. */
  cutAll: () => void;
  close: () => Promise<void>;
}

/** Starts a proxy to a port of this machine. */
export async function startCuttingProxy(target: number): Promise<CuttingProxy> {
  const sockets = new Set<Socket>();
  let mark: string | undefined;
  let cuts = 0;
  let every = Infinity;
  let answers = 0;
  const server: Server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    let isDoomed = false;
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (request) => {
      if (mark !== undefined && request.includes(mark)) {
        mark = undefined;
        isDoomed = true;
      }
      upstream.write(request);
    });
    upstream.on('data', (answer) => {
      answers++;
      if (answers >= every) {
        answers = 0;
        cutAll();
      } else if (isDoomed) {
        cuts++;
        client.destroy();
      } else {
        client.write(answer);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const cutAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    cutAnswerTo: (text) => (mark = text),
    cutAllAtEvery: (count) => {
      answers = 0;
      every = count;
    },
    get cuts() {
      return cuts;
    },
    cutAll,
    close: async () => {
      cutAll();
      server.close();
      await once(server, 'close');
    },
  };
}
