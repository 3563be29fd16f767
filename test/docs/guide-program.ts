import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';

const root = new URL('../..', import.meta.url).pathname;

/** The first block of a page that holds a text. */
export function blockWith(page: string, mark: string): string {
  const blocks = readFileSync(join(root, page), 'utf8').matchAll(/^```ts[^\n]*\n([^]*?)^```$/gm);
  for (const [, code = ''] of blocks) if (code.includes(mark)) return code;
  throw new Error(`${page} has no block with ${mark}`);
}

/** A program of a page that serves HTTP, in a process of its own. */
export interface Program {
  readonly address: string;
  /** All that it has printed. */
  readonly output: () => string;
  readonly stop: () => void;
}

/** Runs a program below the package's root, so that `countersign` leads to `dist`, and waits until it listens. */
export async function runProgram(
  name: string,
  code: string,
  env: NodeJS.ProcessEnv,
  files: Readonly<Record<string, string>> = {},
): Promise<Program> {
  const folder = join(root, 'test/.blocks', `${name}-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries({ ...files, 'server.ts': code })) {
    writeFileSync(join(folder, file), text);
  }
  const port = await freePort();
  const child = spawn(process.execPath, ['--import', 'tsx', 'server.ts'], {
    cwd: folder,
    env: { ...process.env, PORT: String(port), ...env },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const stop = (): void => {
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  const address = `http://127.0.0.1:${port}`;
  while (!(await answers(address))) {
    if (child.exitCode !== null) {
      stop();
      throw new Error(`the program ended: ${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return { address, output: () => output, stop };
}

/** A browser that keeps its cookies and follows redirects. */
export class Visitor {
  #cookies = new Map<string, string>();

  constructor(
    private readonly address: string,
    private readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  /** The same browser before the answers to come: the second request of a double click has its cookies. */
  copy(): Visitor {
    const copy = new Visitor(this.address, this.headers);
    copy.#cookies = new Map(this.#cookies);
    return copy;
  }

  get(path: string): Promise<string> {
    return this.#visit(path, {});
  }

  /** Sends a form. */
  post(path: string, fields: Record<string, string> = {}): Promise<string> {
    return this.#visit(path, { method: 'POST', body: new URLSearchParams(fields) });
  }

  /** Sends JSON, and returns the status with the answer. */
  async json(path: string, body: object = {}): Promise<{ status: number; body: unknown }> {
    const response = await this.#fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text };
  }

  async #visit(path: string, init: RequestInit): Promise<string> {
    const response = await this.#fetch(path, init);
    const location = response.headers.get('location');
    if (location !== null) return this.#visit(location, {});
    return response.text();
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const cookie = Array.from(this.#cookies, (pair) => pair.join('=')).join('; ');
    const headers = { ...this.headers, ...(init.headers as Record<string, string> | undefined), cookie };
    const response = await fetch(this.address + path, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.#cookies.set(name, value);
    }
    return response;
  }
}

async function answers(address: string): Promise<boolean> {
  try {
    await fetch(address);
    return true;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}
