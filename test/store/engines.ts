import { connect } from 'node:net';
import { randomBytes } from 'node:crypto';

/** A name that no other run uses, for a table or a prefix. */
export function uniqueName(): string {
  return `cs_test_${randomBytes(6).toString('hex')}`;
}

/** True where something listens on a port of this machine. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const settle = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', settle(true));
    socket.once('error', settle(false));
    socket.setTimeout(1000, settle(false));
  });
}

/** A port on which nothing listens: to see what a store does whose engine is away. */
export const deadPort = 9;
