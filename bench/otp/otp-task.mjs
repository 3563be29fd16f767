import { contenders } from '../contenders/all.mjs';
import { codeOf, stepAt, wrongCode } from '../contenders/subject.mjs';
import { answer } from '../harness/in-fresh-process.mjs';
import { interleave } from '../harness/interleave.mjs';
import { checkAnswers } from './check-answers.mjs';

answer(async ({ job, pace }) => {
  const able = contenders.filter((contender) => canDo(contender, job));
  for (const contender of able) await checkAnswers(contender, job);
  const entries = able.map(({ name, isAsync, [job.method]: make }) => ({ name, isAsync, act: make(job) }));
  return interleave(entries, { ...pace, input: () => guessOf(job) });
});

function canDo(contender, { method, algorithm }) {
  return contender[method] !== undefined && contender.algorithms.includes(algorithm);
}

/** Asked for anew each round: a right code grows old. */
function guessOf({ guess, algorithm }) {
  const step = stepAt(Date.now());
  return guess === 'right' ? codeOf(step, algorithm) : wrongCode(step, algorithm);
}
