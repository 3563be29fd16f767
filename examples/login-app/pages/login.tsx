import type { JSX } from 'hono/jsx/jsx-runtime';
import type { SentMail } from '../sessions.js';
import { inWords } from '../words.js';
import { Alert, CodeField, Layout, Notice } from './layout.js';

interface LoginProps {
  readonly hasOutbox: boolean;
  readonly customerNumber: string;
  readonly alert: string | null;
}

export function LoginPage({ hasOutbox, customerNumber, alert }: LoginProps): JSX.Element {
  const state =
    alert === null ? {} : ({ 'aria-invalid': 'true' as const, 'aria-describedby': 'alert' } as const);
  return (
    <Layout title="Log in" hasOutbox={hasOutbox}>
      <Alert text={alert} />
      <form method="post" action="/login" class="card">
        <div class="field">
          <label for="number">Customer number</label>
          <input
            id="number"
            name="number"
            value={customerNumber}
            inputmode="numeric"
            autocomplete="username"
            required
            autofocus={alert === null}
            {...state}
          />
        </div>
        <div class="field">
          <label for="password">Password</label>
          <input
            id="password"
            name="password"
            type="password"
            autocomplete="current-password"
            required
            autofocus={alert !== null}
            {...state}
          />
        </div>
        <button>Log in</button>
      </form>
    </Layout>
  );
}

interface SecondStepProps {
  readonly hasOutbox: boolean;
  readonly by: 'email' | 'authenticator' | 'recovery';
  readonly mail: SentMail | null;
  readonly alert: string | null;
  readonly notice: string | null;
  readonly now: number;
}

export function SecondStepPage(props: SecondStepProps): JSX.Element {
  const { hasOutbox, by, mail, alert, notice, now } = props;
  return (
    <Layout title={by === 'recovery' ? 'Recovery code' : 'Security token'} hasOutbox={hasOutbox}>
      <Alert text={alert} />
      <Notice text={notice} />
      <div class="card">
        <form method="post" action={by === 'recovery' ? '/security-token?with=recovery' : '/security-token'}>
          <CodeField
            label={by === 'recovery' ? 'Recovery code' : 'Security token'}
            hint={hints[by]}
            alert={alert}
            letters={by === 'recovery'}
          />
          <button>Log in</button>
        </form>
        {by === 'email' && <MailState mail={mail} now={now} />}
        {by === 'authenticator' && <a href="/security-token?with=recovery">Use a recovery code instead</a>}
        {by === 'recovery' && <a href="/security-token">Use the authenticator app instead</a>}
      </div>
      <form method="post" action="/logout" class="aside">
        <button class="quiet">Cancel</button>
      </form>
    </Layout>
  );
}

const hints = {
  email: 'The six digits from our e-mail.',
  authenticator: 'The six digits that your authenticator app shows now.',
  recovery: 'One of the codes that you kept when you activated two-factor authentication. Each works once.',
};

function MailState({ mail, now }: { readonly mail: SentMail | null; readonly now: number }): JSX.Element {
  return (
    <form method="post" action="/security-token/new" class="mail">
      {mail !== null && (
        <>
          <p>
            It was sent to <strong>{mail.sentTo}</strong>.
          </p>
          <Countdown
            ms={mail.expiresAt - now}
            text="It expires in"
            done="It has expired. Request a new one."
          />
          <Countdown
            ms={mail.resendAt - now}
            text="A new one can be requested in"
            done="A new one can be requested now."
          />
        </>
      )}
      <button class="second">Send a new token</button>
    </form>
  );
}

interface CountdownProps {
  readonly ms: number;
  readonly text: string;
  readonly done: string;
}

/** Text, which the page's script keeps current; from the time that is left, so that no clock must be right. */
function Countdown({ ms, text, done }: CountdownProps): JSX.Element {
  if (ms <= 0) return <p>{done}</p>;
  return (
    <p data-seconds={Math.ceil(ms / 1000)} data-done={done}>
      {text} <span>{inWords(ms)}</span>.
    </p>
  );
}
