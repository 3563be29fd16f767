import assert from 'node:assert/strict';
import { account, codeOf, issuer, stepAt, text, wrongCode } from '../contenders/subject.mjs';

/**
 * Fails unless a contender does the whole job and does it right; nothing is timed before.
 *
 * @param {import('../contenders/subject.mjs').Contender} contender
 * @param {import('./otp-jobs.mjs').OtpJob} job
 */
export async function checkAnswers(contender, job) {
  if (contender.isLimit) return;
  const act = contender[job.method](job);
  const label = `${contender.name}, ${job.id}`;
  if (job.method === 'buildUri') checkUri(act(), label);
  else if (job.method === 'parseUri') assert.equal(contender.secretOf(act()), text, label);
  else await withinOneStep((step) => checkCodes(act, step, job, label));
}

function checkUri(uri, label) {
  const { pathname, searchParams } = new URL(uri);
  assert.equal(searchParams.get('secret'), text, label);
  assert.equal(searchParams.get('issuer'), issuer, label);
  assert.ok(decodeURIComponent(pathname).endsWith(account), label);
}

async function checkCodes(act, step, { method, algorithm, window }, label) {
  if (method.startsWith('generate')) return assert.equal(await act(), codeOf(step, algorithm), label);
  for (const offset of [-window, 0, window]) {
    assert.equal(act(codeOf(step + offset, algorithm)), true, `${label}, right at ${offset}`);
  }
  for (const offset of [-window - 1, window + 1]) {
    assert.equal(act(codeOf(step + offset, algorithm)), false, `${label}, outside at ${offset}`);
  }
  assert.equal(act(wrongCode(step, algorithm)), false, `${label}, wrong`);
}

/** Most peers read the clock themselves: a check that straddles two steps says nothing. */
async function withinOneStep(check) {
  const step = stepAt(Date.now());
  try {
    await check(step);
  } catch (error) {
    if (stepAt(Date.now()) === step) throw error;
    await withinOneStep(check);
  }
}
