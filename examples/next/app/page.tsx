import { redirect } from 'next/navigation';
import { logIn } from '@/app/actions';
import { Form } from '@/components/form';
import { readSession } from '@/lib/session';

export const metadata = { title: 'Log in' };

export default async function LoginPage() {
  const { userId, pending } = await readSession();
  if (userId !== undefined) redirect('/master-data');
  if (pending !== undefined) redirect('/security-token');
  return (
    <>
      <h1>Log in</h1>
      <Form action={logIn} button="Log in">
        <p>
          <label htmlFor="number">Customer number</label>{' '}
          <input id="number" name="number" autoComplete="username" required />
        </p>
        <p>
          <label htmlFor="password">Password</label>{' '}
          <input id="password" name="password" type="password" autoComplete="current-password" required />
        </p>
      </Form>
    </>
  );
}
