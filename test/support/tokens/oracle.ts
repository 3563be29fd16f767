import type { TokenState } from '../../../src/email-token/token-state.js';
import type { Act, Performed, Run } from './interleaving.js';

/** The promises that a run broke, each as a sentence; none for a healthy store. */
export function violations(run: Run): string[] {
  return [
    ...ofCodes(run),
    ...ofGuesses(run),
    ...ofOrder(run),
    ...ofChallenges(run),
    ...ofCalmRuns(run),
    ...ofAnswers(run),
  ];
}

/** A run as text, to read why it broke a promise. */
export function describeRun({ seed, maxAttempts, freeFailures, hasFaults, acts, codes }: Run): string {
  const nameOf = (code: string | undefined): string =>
    code === undefined ? '' : codes.includes(code) ? ` code ${codes.indexOf(code)}` : ' no code';
  const lines = acts.map(
    ({ act, started, answered, answer, code, by }) =>
      `${started}..${answered} ${act}${nameOf(code)}${by ? ` with the challenge of ${by.started}` : ''}: ${answer}`,
  );
  return [`seed ${seed}`, JSON.stringify({ maxAttempts, freeFailures, hasFaults }), ...lines].join('\n');
}

function ofCodes({ acts, codes }: Run): string[] {
  const accepted = acts.filter(isYes);
  return [
    ...codes.flatMap((code) => {
      const times = accepted.filter((act) => act.code === code).length;
      return sayIf(times > 1, `1: a code was accepted ${times} times`);
    }),
    ...sayIf(
      accepted.some(({ code = '' }) => !codes.includes(code)),
      'a code was accepted that nobody was mailed',
    ),
    ...sayIf(
      accepted.some(({ act }) => act === 'stranger'),
      '12: a challenge of a null address was good for a code',
    ),
  ];
}

/** Attempts stand in the record of a token, and failures in the account's: neither gets lost. */
function ofGuesses({ acts, states, maxAttempts }: Run): string[] {
  const attempts = new Map<string, number>();
  for (const token of states.flatMap((state) => [state?.token ?? [], state?.sending ?? []].flat()))
    attempts.set(token.id, Math.max(token.attempts, attempts.get(token.id) ?? 0));
  const counted = [...attempts.values()];
  const sum = counted.reduce((total, each) => total + each, 0);
  const answered = acts.filter(({ act, answer }) => act !== 'stranger' && answer === 'mismatch').length;
  return [
    ...sayIf(Math.max(0, ...counted) > maxAttempts, `2: a token took more than ${maxAttempts} attempts`),
    ...sayIf(answered > sum, `2: ${answered} wrong codes were answered, ${sum} are on record`),
    ...sayIf(areForgotten(acts, states), '2: failures were forgotten'),
  ];
}

function areForgotten(acts: readonly Performed[], states: readonly (TokenState | null)[]): boolean {
  if (acts.some(({ act }) => act === 'unlock' || act === 'erase')) return false;
  const counts = states.map((state) => state?.failures.at.length ?? 0);
  return counts.some((count, index) => count < (counts[index - 1] ?? 0));
}

/** A code is dead for every guess that starts after a newer one took its place, and was answered. */
function ofOrder({ acts, codes }: Run): string[] {
  const asks = acts.filter(isAsk);
  const isAlone = (ask: Performed): boolean =>
    asks.every((other) => other === ask || other.answered < ask.started || other.started > ask.answered);
  return acts.filter(isYes).flatMap((guess) => {
    const place = codes.indexOf(guess.code ?? '');
    const killedBy = asks.find(
      (ask) =>
        ask.answer === 'ok' &&
        ask.act !== 'ask nowhere' &&
        ask.answered < guess.started &&
        codes.indexOf(ask.code ?? '') > place &&
        isAlone(ask),
    );
    return sayIf(killedBy !== undefined, `3: a code was accepted after a newer one took its place`);
  });
}

/** What voids a ticket and has answered, voids it for every guess that starts later. */
function ofChallenges({ acts }: Run): string[] {
  const voiding = acts.filter(({ act, answer }) => (act === 'revoke' || act === 'erase') && answer === 'ok');
  return acts.filter(isYes).flatMap((guess) => {
    const by = guess.by?.answered ?? Infinity;
    const isVoid = voiding.some(({ started, answered }) => by < started && answered < guess.started);
    return sayIf(isVoid, '14: a challenge from before a revocation was good');
  });
}

/** Where nothing but guesses within the budget and joins went on, the right code has to be accepted. */
function ofCalmRuns(run: Run): string[] {
  const { acts, codes, maxAttempts, freeFailures, hasFaults } = run;
  const wrong = acts.filter(({ act }) => act === 'wrong').length;
  const isCalm = acts.every(({ act }) => ['ask', 'ask nowhere', 'stranger', 'right', 'wrong'].includes(act));
  const last = acts.at(-1);
  const final = sayIf(
    last?.answer !== 'ok',
    `13: the customer does not get in a day later: ${last?.answer ?? ''}`,
  );
  if (!isCalm || hasFaults || wrong >= maxAttempts || wrong > freeFailures) return final;
  const used = codes.filter((code) => acts.some((act) => act.act === 'right' && act.code === code));
  const refused = used.filter((code) => !acts.some((act) => isYes(act) && act.code === code));
  const newest = refused.filter((code) => !wasReplaced(run, code));
  return [...final, ...sayIf(newest.length > 0, '3: a right code was accepted from nobody')];
}

/** A code that a newer mail has replaced before any guess at it was answered. */
function wasReplaced({ acts, codes }: Run, code: string): boolean {
  const first = acts.find((act) => act.act === 'right' && act.code === code);
  const newer = acts.find((act) => isAsk(act) && codes.indexOf(act.code ?? '') > codes.indexOf(code));
  return newer !== undefined && newer.started < (first?.answered ?? Infinity);
}

const reasons: Readonly<Record<'ask' | 'guess' | 'command', readonly string[]>> = {
  ask: ['ok'],
  guess: ['ok', 'mismatch', 'unknown', 'exhausted', 'delayed', 'superseded', 'replayed', 'expired'],
  command: ['ok'],
};

/** An error is an answer only where the store or the mail service failed; the scenario leaves room for no other refusal. */
function ofAnswers({ acts, hasFaults }: Run): string[] {
  const errors = hasFaults ? ['ERR_STORE_FAILED', 'ERR_STORE_CONTENTION', 'ERR_SEND_FAILED'] : [];
  return acts.flatMap((each) => {
    const isAnswer = [...reasons[kindOf(each.act)], ...errors].includes(each.answer);
    return sayIf(!isAnswer, `${each.act} was answered ${each.answer}`);
  });
}

function kindOf(act: Act): 'ask' | 'guess' | 'command' {
  if (act.startsWith('ask')) return 'ask';
  return act === 'revoke' || act === 'unlock' || act === 'erase' ? 'command' : 'guess';
}

function isAsk({ act }: Performed): boolean {
  return kindOf(act) === 'ask';
}

function isYes({ act, answer }: Performed): boolean {
  return kindOf(act) === 'guess' && answer === 'ok';
}

function sayIf(isBroken: boolean, sentence: string): string[] {
  return isBroken ? [sentence] : [];
}
