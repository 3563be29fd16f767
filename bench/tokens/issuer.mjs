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

  /** The right guesses at what was issued since the last time. */
  function guessesAt(subjects, challenges) {
    const codes = new Map(sent.splice(0));
    return subjects.map((subject, i) => ({
      subject,
      purpose: 'login',
      challenge: challenges[i],
      code: codes.get(subject),
    }));
  }

  async function issueOne(subject) {
    const [guess] = guessesAt([subject], [challengeOf(await issue(subject))]);
    return guess;
  }

  return { issue, redeem, guessesAt, issueOne };
}

/** What a guess needs of an issue's result; fails if it was refused. */
export function challengeOf(issued) {
  if (!issued.ok) throw new Error(`issue: ${issued.reason}`);
  return issued.challenge;
}

/** Fails if a redemption was refused. */
export function assertRedeemed(redeemed) {
  if (!redeemed.ok) throw new Error(`redeem: ${redeemed.reason}`);
}
