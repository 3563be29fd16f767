import { countersign } from '../contenders/countersign.mjs';
import { stepAt, wrongCode } from '../contenders/subject.mjs';
import { answer } from '../harness/in-fresh-process.mjs';
import { interleave } from '../harness/interleave.mjs';

/** The same wrong code over growing windows. */
answer(({ windows, pace }) => {
  const entries = windows.map((window) => ({
    name: String(2 * window + 1),
    act: countersign.verifyKept({ algorithm: 'SHA1', window }),
  }));
  return interleave(entries, { ...pace, input: () => wrongCode(stepAt(Date.now()), 'SHA1') });
});
