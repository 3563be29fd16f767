import { createEmailTokens } from '../../dist/index.js';

/** Issues and redeems as an application does, with a mail service that costs nothing; fails if anything is refused. */
export function createIssuer(store) {
  const codes = new Map();
  const tokens = createEmailTokens({
    store,
    keys: [new Uint8Array(32).fill(7)],
    send: async ({ subject, code }) => void codes.set(subject, code),
  });

  async function issue(subject) {
    const issued = await tokens.issue({ subject, purpose: 'login', to: 'customer@example.com' });
    if (!issued.ok) throw new Error(`issue: ${issued.reason}`);
    const code = codes.get(subject);
    codes.delete(subject);
    return { subject, purpose: 'login', challenge: issued.challenge, code };
  }

  async function redeem(guess) {
    const redeemed = await tokens.redeem(guess);
    if (!redeemed.ok) throw new Error(`redeem: ${redeemed.reason}`);
  }

  return { issue, redeem };
}
