import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { OutgoingMail } from '../../../src/email-token/settings.js';
import type { TwoFactor } from '../../../src/two-factor/flow.js';

/** What a process is told: the name of its engine, the name of the store, and the numbers of its keys; a retired one is negative. */
export interface ProcessSettings {
  readonly engine: string;
  readonly name: string;
  readonly keys: readonly number[];
}

/** The calls that another process can make: those whose answers are plain data. */
export type RemoteCall = 'begin' | 'complete' | 'revoke' | 'erase' | 'status' | 'unlock';

/** One call. */
export interface Order {
  readonly call: RemoteCall;
  readonly argument: unknown;
  /** When to begin, in ms since 1970: processes that are told the same instant race. */
  readonly at: number;
}

/** What came of it. */
export interface Report {
  readonly answer: unknown;
  /** The mails that the process has sent so far. */
  readonly mails: readonly Pick<OutgoingMail, 'code' | 'to'>[];
}

/** A flow in a process of its own. */
export interface RemoteFlow {
  readonly call: <Call extends RemoteCall>(
    call: Call,
    argument: Parameters<TwoFactor[Call]>[0],
    at?: number,
  ) => Promise<Awaited<ReturnType<TwoFactor[Call]>>>;
  readonly mails: Report['mails'];
  readonly end: () => Promise<void>;
}

/** Starts a process. */
export async function startProcess(settings: ProcessSettings): Promise<RemoteFlow> {
  const script = fileURLToPath(new URL('process-child.ts', import.meta.url));
  const child = fork(script, [JSON.stringify(settings)], { execArgv: ['--import', 'tsx'] });
  await reportOf(child);
  const remote = {
    mails: [] as Report['mails'],
    call: async (call: RemoteCall, argument: unknown, at = 0): Promise<unknown> => {
      child.send({ call, argument, at } satisfies Order);
      const { answer, mails } = await reportOf(child);
      remote.mails = mails;
      return answer;
    },
    end: async (): Promise<void> => {
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    },
  };
  return remote as RemoteFlow;
}

async function reportOf(child: ChildProcess): Promise<Report> {
  const gone = once(child, 'exit').then(() => Promise.reject(new Error('the process has ended')));
  gone.catch(() => undefined);
  const [report] = (await Promise.race([once(child, 'message'), gone])) as [Report];
  return report;
}
