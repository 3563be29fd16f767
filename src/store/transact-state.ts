import { type Step, type Transaction, transact, unchanged } from './transact.js';

/** How a room keeps its state as a record. Instants are in ms. */
export interface StateKeeping<State, Policy> {
  /** The state where there is no record. */
  readonly empty: State;
  readonly parse: (text: string) => State;
  readonly format: (state: State) => string;
  /** When nothing in a state matters any more: `Infinity` for never, null if nothing does now. */
  readonly expiresAt: (state: State, policy: Policy) => number | null;
}

/** What a transition of a state decides; `state` is the same object if nothing changes. */
export interface StateStep<State, Outcome> {
  readonly state: State;
  readonly outcome: Outcome;
}

/** Runs a pure transition of a state by {@link transact}, and resolves to its outcome once that is written. */
export function transactState<State, Policy, Outcome>(
  transaction: Transaction,
  keeping: StateKeeping<State, Policy>,
  policy: Policy,
  transition: (state: State, time: number) => StateStep<State, Outcome>,
): Promise<Outcome> {
  return transact(transaction, (value, time) => {
    const state = value === undefined ? keeping.empty : keeping.parse(value);
    const step = transition(state, time);
    const next = step.state === state ? unchanged : recordOf(step.state, keeping, policy, time);
    return { next, outcome: step.outcome };
  });
}

/** What is over is removed. */
function recordOf<State, Policy>(
  state: State,
  keeping: StateKeeping<State, Policy>,
  policy: Policy,
  time: number,
): Step<unknown>['next'] {
  const expiresAt = keeping.expiresAt(state, policy);
  if (expiresAt === null || expiresAt <= time) return null;
  return { value: keeping.format(state), expiresAt: expiresAt === Infinity ? null : new Date(expiresAt) };
}
