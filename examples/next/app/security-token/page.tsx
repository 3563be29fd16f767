import { redirect } from 'next/navigation';
import { complete, logOut, sendAgain } from '@/app/actions';
import { CodeField, Form } from '@/components/form';
import { readSession } from '@/lib/session';

export const metadata = { title: 'Security token' };

export default async function SecondStepPage() {
  const { pending } = await readSession();
  if (pending === undefined) redirect('/');
  const { sentTo } = pending;
  return (
    <>
      <h1>Security token</h1>
      {sentTo === undefined ? (
        <p>Your authenticator app shows the code.</p>
      ) : (
        <p>We have sent a token to {sentTo}.</p>
      )}
      <Form action={complete} button="Log in">
        <CodeField label={sentTo === undefined ? 'Code' : 'Security token'} />
        <p>
          <input id="remember" name="remember" type="checkbox" />{' '}
          <label htmlFor="remember">Remember this browser for 30 days</label>
        </p>
      </Form>
      {sentTo === undefined ? (
        <details>
          <summary>Use a recovery code</summary>
          <Form action={complete} button="Log in with it">
            <CodeField label="Recovery code" id="recovery" isRecovery />
          </Form>
        </details>
      ) : (
        <Form action={sendAgain} button="Send it again" />
      )}
      <form action={logOut}>
        <button>Cancel</button>
      </form>
    </>
  );
}
