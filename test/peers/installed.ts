import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** This folder, in which the peers are installed by `npm ci --prefix test/peers`. */
export const folder: string = fileURLToPath(new URL('.', import.meta.url));

/** Whether they are. */
export const isInstalled: boolean = existsSync(`${folder}/node_modules/otplib`);

/** What to install where they are not. */
export const peers = 'the peers (npm ci --prefix test/peers)';

/** A module of a peer, which the compiler cannot know: it is not installed with the root. */
export function loadPeer(name: string): Promise<unknown> {
  return import(/* @vite-ignore */ name);
}
