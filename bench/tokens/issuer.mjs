import { createEmailTokens } from '../../dist/index.js';

/**
 * Issues and redeems as an application does, with a mail service that costs nothing. The two acts are the library's own
 * promises: what the benchmark has to know of them it learns afterwards, when nothing is timed.
 */
export function createIssuer(store) {
  const sent = [];
  const tokens = createEmailTokens({
    store,
    keys: [new Uint8Array(32).fill(7)],
    send: async ({ subject, code }) => void sent.push([subject, code]),
  });

  const issue = (subject) => tokens.issue({ subject, purpose: 'login', to: 'customer@example.com' });
  const redeem = (guess) => tokens.redeem(guess);

  /** The right guesses at what was issued; fails if anything was refused. */
  function guessesAt(subjects, issued) {
    assertOk('issue', issued);
    const codes = new Map(sent.splice(0));
    return subjects.map((subject, i) => {
      const { challenge } = issued[i];
      return { subject, purpose: 'login', challenge, code: codes.get(subject) };
    });
  }

  async function issueOne(subject) {
    const [guess] = guessesAt([subject], [await issue(subject)]);
    return guess;
  }

  return { issue, redeem, guessesAt, issueOne };
}

/** Fails if anything was refused. */
export function assertOk(act, results) {
  const refused = results.find(({ ok }) => !ok);
  if (refused !== undefined) throw new Error(`${act}: ${refused.reason}`);
}
