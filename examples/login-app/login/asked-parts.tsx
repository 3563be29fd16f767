/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
import type { CompleteResult } from 'countersign';
import type { JSX } from 'hono/jsx/jsx-runtime';
import type { Asked } from '../data/session.js';
import type { Flash } from '../flash.js';
import { Countdown, FlashBox } from '../pages/parts.js';
import type { View } from '../view.js';

/** Whether a code may be typed: an expired mail or a locked account takes none. */
export function takesCode({ challenge, mail }: Asked, now: number): boolean {
  return challenge !== null && (mail === null || mail.expiresAt > now);
}

type Refusal = Extract<CompleteResult, { ok: false }>;

/** Why the mail that was sent takes no more tries; null if it does. A new one is longer if the account has to wait. */
export function whyOver(
  { reason, retryAt }: Refusal,
  now: number,
): 'expired' | 'exhausted' | 'locked' | null {
  if (reason === 'expired' || reason === 'exhausted' || reason === 'locked') return reason;
  return retryAt !== undefined && retryAt.getTime() - now > LONG_WAIT_MS ? 'locked' : null;
}

/** Beyond an hour, the flow mails a code that nobody can guess. */
const LONG_WAIT_MS = 3_600_000;

interface AskedProps {
  readonly view: View;
  readonly asked: Asked;
}

/** Why no code is taken, or no mail sent, for as long as that lasts. */
export function Hindrance({ view, asked }: AskedProps): JSX.Element {
  const flash = hindranceOf(asked, view.now);
  return flash === null ? <></> : <FlashBox view={view} flash={flash} />;
}

/** What was mailed, above the field. */
export function SentTo({ view: { words }, asked: { mail } }: AskedProps): JSX.Element {
  const { sentTo, whyLong } = words.secondStep;
  if (mail === null) return <></>;
  return (
    <>
      <p>{sentTo(mail.sentTo)}</p>
      {mail.isLong && <p>{whyLong}</p>}
    </>
  );
}

/** How long the mail is good, and another one. */
export function Resend({ view, asked, action }: AskedProps & { readonly action: string }): JSX.Element {
  const { words, now } = view;
  const { expiresIn, expired, resend, resendLong, resendIn, notReceived, reasons } = words.secondStep;
  const { mail, hindrance } = asked;
  // A wait between tries holds up no mail.
  const noMailUntil = hindrance?.says === 'waits' ? null : hindrance?.retryAt;
  const waitsUntil = Math.max(mail?.resendAt ?? now, noMailUntil ?? now);
  return (
    <form method="post" action={action} class="resend">
      {mail !== null && takesCode(asked, now) && (
        <Countdown view={view} ms={mail.expiresAt - now} text={expiresIn} done={expired} />
      )}
      {mail !== null && (
        <details>
          <summary>{notReceived}</summary>
          <ul>
            {reasons.map((reason) => (
              <li>{reason}</li>
            ))}
          </ul>
        </details>
      )}
      {waitsUntil > now && <Countdown view={view} ms={waitsUntil - now} text={resendIn} done="" />}
      <button class="second" data-waits={waitsUntil > now ? Math.ceil((waitsUntil - now) / 1000) : undefined}>
        {hindrance?.says === 'locked' ? resendLong : resend}
      </button>
    </form>
  );
}

function hindranceOf({ method, challenge, mail, hindrance }: Asked, now: number): Flash | null {
  if (hindrance !== null && (hindrance.retryAt === null || hindrance.retryAt > now)) {
    const { says, retryAt } = hindrance;
    return { says, by: method, ...(retryAt !== null && { retryAt }) };
  }
  return challenge !== null && mail !== null && mail.expiresAt <= now ? { says: 'expired' } : null;
}
