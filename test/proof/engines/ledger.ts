import { type CompleteResult, isCountersignError } from '../../../src/index.js';
import { recordKey } from '../../../src/store/record.js';

/** What makes a code one: the same digits in another step, or in another mail, are another code. */
export interface CodeIdentity {
  readonly userId: string;
  readonly method: 'email' | 'authenticator';
  /** The time step of an app's code; the expiry of a mailed one. */
  readonly mark: number;
}

/** How a try ended, as its customer saw it. */
export type TryEnd = 'yes' | 'lost' | Refusal;

/** The reason of a refusal. */
export type Refusal = Exclude<CompleteResult, { ok: true }>['reason'];

/** What is known about a code that was typed. */
export interface TypedCode extends CodeIdentity {
  readonly text: string;
  /** Until when it is good; afterwards a refusal is right. */
  readonly goodUntil: number;
}

/** The log of everything that was accepted, kept apart from the library, and what it says about the promises. */
export class Ledger {
  /** What must never happen; each is a line to read. */
  readonly violations: string[] = [];
  /** How often people saw what. */
  readonly seen = new Map<string, number>();
  /** Stands before what people see. */
  phase = '';
  readonly accepted = { email: 0, authenticator: 0 };
  private readonly yes = new Set<string>();
  private readonly lost = new Set<string>();
  private readonly lastYes = new Map<string, CodeIdentity>();

  /** Notes something that people saw. */
  see(what: string): void {
    const title = `${this.phase}${what}`;
    this.seen.set(title, (this.seen.get(title) ?? 0) + 1);
  }

  /** Notes an error; one without a code of the package is a violation. */
  fail(call: string, error: unknown): void {
    if (isCountersignError(error)) this.see(`${call}: ${error.code}`);
    else this.violations.push(`${call} threw what has no code: ${String(error)}`);
  }

  /**
   * Notes how tries of one code ended, all at the same time. The code was right and its ticket good.
   *
   * @param excuse - why a refusal would be right all the same; null if it would not
   */
  enter(code: CodeIdentity, ends: readonly TryEnd[], excuse: string | null): void {
    for (const end of ends) if (end === 'yes') this.accept(code);
    if (ends.includes('lost')) this.lost.add(nameOf(code));
    for (const end of ends) if (end !== 'yes' && end !== 'lost') this.refuse(code, end, excuse);
  }

  /** Tells whether a code was accepted. */
  wasAccepted(code: CodeIdentity): boolean {
    return this.yes.has(nameOf(code));
  }

  /** The newest code of each customer that was accepted: to be looked for in the records. */
  newest(): readonly CodeIdentity[] {
    return [...this.lastYes.values()];
  }

  /** Looks for every accepted code in the records of the engine; one that they do not know is a violation. */
  audit(codes: readonly CodeIdentity[], records: ReadonlyMap<string, unknown>, now: number): void {
    for (const code of codes) {
      this.see('yes found in the records');
      if (!isWritten(code, records.get(recordKey('two-factor', code.userId)), now)) {
        this.violations.push(`a yes without a written record: ${nameOf(code)}`);
      }
    }
  }

  private accept(code: CodeIdentity): void {
    const name = nameOf(code);
    if (this.yes.has(name)) this.violations.push(`accepted twice: ${name}`);
    this.yes.add(name);
    this.lastYes.set(code.userId, code);
    this.accepted[code.method]++;
  }

  private refuse(code: CodeIdentity, reason: Refusal, excuse: string | null): void {
    const name = nameOf(code);
    if (this.yes.has(name)) this.see('a second click was refused');
    else if (this.lost.has(name) && reason === 'replayed') this.see(SPENT);
    else if (excuse !== null) this.see(`refused ${excuse}`);
    else this.violations.push(`a right code was refused (${reason}): ${name}`);
  }
}

/** What people see who sent a code, heard an error, and send it again. */
export const SPENT = 'refused as used by a try whose answer was lost';

function nameOf({ userId, method, mark }: CodeIdentity): string {
  return `${userId} ${method} ${mark}`;
}

interface StoredAccount {
  readonly apps: readonly { readonly lastTimeStep: number }[];
  readonly token: { readonly expiresAt: number } | null;
  readonly past: readonly { readonly expiresAt: number; readonly end: string }[];
}

function isWritten({ method, mark }: CodeIdentity, record: unknown, now: number): boolean {
  const account = record as StoredAccount | null | undefined;
  if (method === 'authenticator') return (account?.apps[0]?.lastTimeStep ?? -1) >= mark;
  // A token that has expired may be forgotten, and its record with it.
  if (mark <= now) return account?.token?.expiresAt !== mark;
  return account?.past.some(({ expiresAt, end }) => expiresAt === mark && end === 'redeemed') === true;
}
