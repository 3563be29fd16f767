import type { Act, KnownToken, Performed, Run } from './token-interleaving.js';

/** The promises that a run broke, each as a sentence; none for a healthy store. */
export function violations(run: Run): string[] {
  const tokens = new Set(run.acts.flatMap(({ token }) => token ?? []));
  return [
    ...[...tokens].flatMap((token) => ofToken(run, token)),
    ...ofOrder(run),
    ...ofParallelWrongGuesses(run),
    ...ofFailures(run),
    ...ofAnswers(run),
  ];
}

/** A run as text, to read why it broke a promise. */
export function describeRun({ seed, maxAttempts, freeFailures, hasFaults, acts }: Run): string {
  const lines = acts.map(
    ({ act, started, answered, answer, token }) =>
      `${started}..${answered} ${act}${token ? ` at the token of ${token.by.started}` : ''}: ${answer}`,
  );
  return [`seed ${seed}`, JSON.stringify({ maxAttempts, freeFailures, hasFaults }), ...lines].join('\n');
}

function ofToken({ acts, maxAttempts }: Run, token: KnownToken): string[] {
  const aimed = acts.filter((act) => act.token === token);
  const accepted = aimed.filter(({ answer }) => answer === 'ok');
  const evaluated = accepted.length + aimed.filter(({ answer }) => answer === 'mismatch').length;
  return [
    ...sayIf(accepted.length > 1, `1: a code was accepted ${accepted.length} times`),
    ...sayIf(evaluated > maxAttempts, `2: ${evaluated} guesses were evaluated, ${maxAttempts} are allowed`),
    ...sayIf(
      accepted.some(({ act }) => act === 'wrong'),
      'a wrong code was accepted',
    ),
  ];
}

/** Whatever kills a token and has answered, kills it for every guess that starts later. */
function ofOrder({ acts }: Run): string[] {
  return acts.filter(isAcceptedGuess).flatMap(({ token, started }) => {
    const killedBy = acts.find(
      (act) =>
        (act.act === 'issue' || act.act === 'revoke') &&
        act.answer === 'ok' &&
        act.started > token.by.answered &&
        act.answered < started,
    );
    return sayIf(killedBy !== undefined, `3: an older code was accepted after ${killedBy?.act ?? ''}`);
  });
}

/** Where nothing but guesses within the budget went on, the right code has to be accepted. */
function ofParallelWrongGuesses(run: Run): string[] {
  const { acts, maxAttempts, freeFailures, hasFaults } = run;
  const newest = acts.filter(({ act }) => act === 'issue').at(-1);
  const wrong = acts.filter(({ act }) => act === 'wrong').length;
  const isCalm = acts.every(({ act, answered }) => act !== 'revoke' || answered < (newest?.started ?? 0));
  const right = acts.filter(
    ({ act, token }) => act !== 'wrong' && token !== undefined && token.by === newest,
  );
  if (!isCalm || newest?.answer !== 'ok' || hasRivals(run, newest)) return [];
  if (wrong >= maxAttempts || wrong > freeFailures) return [];
  const failed = right.filter(({ answer }) => answer.startsWith('ERR_'));
  const accepted = right.filter(({ answer }) => answer === 'ok');
  const refused = right.filter(({ answer }) => answer !== 'ok' && answer !== 'unknown');
  return [
    ...sayIf(refused.length > failed.length, '3: a right code was refused within the budget'),
    ...sayIf(!hasFaults && failed.length > 0, 'a call failed on a store that did not'),
    // An error leaves open whether the code was spent.
    ...sayIf(accepted.length === 0 && failed.length === 0, '3: a right code was accepted from nobody'),
  ];
}

/** Another issue whose write may have come after this one's. */
function hasRivals({ acts }: Run, newest: Performed): boolean {
  return acts.some(
    ({ act, answered, answer }) =>
      act === 'issue' && answered > newest.started && answered !== newest.answered && answer !== 'limit',
  );
}

function ofFailures({ acts, failures }: Run): string[] {
  if (acts.some(({ act }) => act === 'unlock')) return [];
  const lost = failures.find((count, index) => count < (failures[index - 1] ?? 0));
  const answered = acts.filter(({ answer }) => answer === 'mismatch').length;
  const kept = failures.at(-1) ?? 0;
  return [
    ...sayIf(lost !== undefined, '2: failures were forgotten'),
    ...sayIf(kept < answered, `2: ${answered} guesses were answered, ${kept} are on record`),
  ];
}

const reasons: Readonly<Record<'issue' | 'guess' | 'command', readonly string[]>> = {
  issue: ['ok', 'ERR_SEND_FAILED'],
  guess: ['ok', 'mismatch', 'unknown', 'exhausted', 'delayed'],
  command: ['ok'],
};

/** An error is an answer only where the store failed; the scenario leaves room for no other refusal. */
function ofAnswers({ acts, hasFaults }: Run): string[] {
  const errors = hasFaults ? ['ERR_STORE_FAILED', 'ERR_STORE_CONTENTION'] : [];
  return acts.flatMap(({ act, answer }) =>
    sayIf(![...reasons[kindOf(act)], ...errors].includes(answer), `${act} was answered ${answer}`),
  );
}

function kindOf(act: Act): 'issue' | 'guess' | 'command' {
  if (act === 'issue') return 'issue';
  return act === 'revoke' || act === 'unlock' ? 'command' : 'guess';
}

function isAcceptedGuess(act: Performed): act is Performed & { token: KnownToken } {
  return act.token !== undefined && act.answer === 'ok';
}

function sayIf(isBroken: boolean, sentence: string): string[] {
  return isBroken ? [sentence] : [];
}
