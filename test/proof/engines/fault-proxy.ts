import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Seeded } from '../../support/faults/seeded.js';

/** How likely each fault is for each piece of data that a client sends. */
export interface Trouble {
  /** The connection is cut, and the engine never hears of the request. */
  readonly cutBefore: number;
  /** The engine gets the request; the connection is cut in place of its answer. */
  readonly cutAfter: number;
  /** The connection is cut, and the engine gets the request half a second later. */
  readonly late: number;
  /** Nothing arrives any more, and the connection is cut half a second later. */
  readonly silence: number;
  /** Each request waits for up to so many milliseconds. */
  readonly delayMs: number;
}

/** No faults. */
export const calm: Trouble = { cutBefore: 0, cutAfter: 0, late: 0, silence: 0, delayMs: 0 };

/** A fault that the proxy makes. */
export type Fault = 'cutBefore' | 'cutAfter' | 'late' | 'silence';

/** A TCP proxy in front of an engine that delays, drops and cuts what goes through it. */
export class FaultProxy {
  trouble: Trouble = calm;
  /** What it did so far. */
  readonly counts: Record<Fault, number> = { cutBefore: 0, cutAfter: 0, late: 0, silence: 0 };
  private readonly connections = new Set<Connection>();

  private constructor(
    private readonly server: Server,
    private readonly target: () => number,
    private readonly random: Seeded,
  ) {
    server.on('connection', (client) => {
      this.accept(client);
    });
  }

  /**
   * Opens a proxy on a free port.
   *
   * @param target - the engine's port, asked for at each connection
   * @param random - decides which request meets which fault
   */
  static async open(target: () => number, random: Seeded): Promise<FaultProxy> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FaultProxy(server, target, random);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Cuts every connection at once. */
  cutAll(): void {
    for (const connection of this.connections) connection.cut();
  }

  /** Ends the proxy. */
  close(): void {
    this.server.close();
    this.cutAll();
  }

  private accept(client: Socket): void {
    const engine = connect(this.target(), '127.0.0.1');
    const connection = new Connection(client, engine, () => this.draw());
    this.connections.add(connection);
    client.once('close', () => this.connections.delete(connection));
  }

  private draw(): Draw {
    const { trouble, random } = this;
    const waitMs = trouble.delayMs === 0 ? 0 : random.below(trouble.delayMs);
    const fault = faults.find((each) => random.chance(trouble[each])) ?? null;
    if (fault !== null) this.counts[fault]++;
    return { fault, waitMs };
  }
}

const faults = ['cutBefore', 'cutAfter', 'late', 'silence'] as const;
const HALF_A_SECOND = 500;

interface Draw {
  readonly fault: Fault | null;
  readonly waitMs: number;
}

class Connection {
  private state: 'open' | 'cut after the answer' | 'silent' | 'cut' = 'open';
  /** Requests of one connection keep their order, however long each of them waits. */
  private lastSend: Promise<void> = Promise.resolve();

  constructor(
    private readonly client: Socket,
    private readonly engine: Socket,
    private readonly draw: () => Draw,
  ) {
    for (const socket of [client, engine]) {
      socket.on('error', () => undefined);
      socket.setNoDelay();
    }
    client.on('data', (data) => {
      this.request(data);
    });
    engine.on('data', (data) => {
      this.answer(data);
    });
    client.on('close', () => {
      if (this.state !== 'cut') engine.destroy();
    });
    engine.on('close', () => client.destroy());
  }

  cut(): void {
    this.state = 'cut';
    this.client.destroy();
    this.engine.destroy();
  }

  private request(data: Buffer): void {
    if (this.state === 'silent' || this.state === 'cut') return;
    const { fault, waitMs } = this.draw();
    if (fault !== null) this.fail(fault, data);
    else this.send(data, waitMs);
  }

  private fail(fault: Fault, data: Buffer): void {
    if (fault === 'cutBefore') this.cut();
    if (fault === 'late') this.deliverLate(data);
    if (fault === 'silence') this.fallSilent();
    if (fault !== 'cutAfter') return;
    this.state = 'cut after the answer';
    this.send(data, 0);
  }

  private deliverLate(data: Buffer): void {
    this.state = 'cut';
    this.client.destroy();
    setTimeout(() => {
      this.engine.write(data, () => setTimeout(() => this.engine.destroy(), HALF_A_SECOND));
    }, HALF_A_SECOND);
  }

  private fallSilent(): void {
    this.state = 'silent';
    setTimeout(() => {
      this.cut();
    }, HALF_A_SECOND);
  }

  private send(data: Buffer, waitMs: number): void {
    this.lastSend = this.lastSend.then(async () => {
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      if (!this.engine.destroyed) this.engine.write(data);
    });
  }

  private answer(data: Buffer): void {
    if (this.state === 'open') this.client.write(data);
    else if (this.state === 'cut after the answer') this.cut();
  }
}
