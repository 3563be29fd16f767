import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { RedeemRequest, RedeemResult } from '../../../src/email-token/contract.js';

/** Where a redeeming process stops for ever, if at all: before its write, or between the write and its answer. */
export type Stall = 'never' | 'before the write' | 'after the write';

/** What a redeeming process is told. */
export interface RedeemOrder {
  readonly request: RedeemRequest;
  /** When to begin, in ms since 1970: two processes that are told the same instant race. */
  readonly at: number;
}

/** What a redeeming process says. */
export type RedeemReport =
  { readonly type: 'ready' | 'stalled' } | { readonly type: 'answer'; readonly answer: RedeemResult };

/** A process of its own that redeems codes. */
export interface Redeemer {
  redeem: (request: RedeemRequest, at?: number) => Promise<RedeemResult>;
  /** Begins to redeem, and resolves when the process has come to its stall. */
  stall: (request: RedeemRequest) => Promise<void>;
  /** Ends the process with SIGKILL, wherever it is. */
  kill: () => Promise<void>;
}

/** Starts a process that redeems on the store of a name. */
export async function startRedeemer(engine: string, name: string, stall: Stall = 'never'): Promise<Redeemer> {
  const script = fileURLToPath(new URL('redeemer-child.ts', import.meta.url));
  const child = fork(script, [engine, name, stall], { execArgv: ['--import', 'tsx'] });
  await reportOf(child, 'ready');
  const send = (request: RedeemRequest, at: number): void => {
    child.send({ request, at } satisfies RedeemOrder);
  };
  return {
    redeem: async (request, at = 0) => {
      send(request, at);
      return (await reportOf(child, 'answer')).answer;
    },
    stall: async (request) => {
      send(request, 0);
      await reportOf(child, 'stalled');
    },
    kill: async () => {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    },
  };
}

/** The next report, which has to be of this type. */
function reportOf<Type extends RedeemReport['type']>(
  child: ChildProcess,
  type: Type,
): Promise<Extract<RedeemReport, { type: Type }>> {
  return new Promise((resolve, reject) => {
    const fail = (): void => {
      reject(new Error(`the process ended before it was ${type}`));
    };
    child.once('exit', fail);
    child.once('message', (report: RedeemReport) => {
      child.off('exit', fail);
      if (isOfType(report, type)) resolve(report);
      else reject(new Error(`the process said ${report.type} and not ${type}`));
    });
  });
}

function isOfType<Type extends RedeemReport['type']>(
  report: RedeemReport,
  type: Type,
): report is Extract<RedeemReport, { type: Type }> {
  return report.type === type;
}
