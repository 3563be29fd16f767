import { redirect } from 'next/navigation';
import { connection } from 'next/server';
import { beginActivation, deactivate, logOut } from '@/app/actions';
import { CodeField, Form } from '@/components/form';
import { findCustomer } from '@/lib/customers';
import { readSession } from '@/lib/session';
import { twoFactor } from '@/lib/two-factor';

export const metadata = { title: 'Master Data' };

export default async function MasterDataPage() {
  // With Cache Components nothing may read the clock before this, and `status` does.
  await connection();
  const { userId } = await readSession();
  const customer = findCustomer(userId ?? '');
  if (customer === undefined) redirect('/');
  const { method, recoveryCodesLeft } = await twoFactor().status(customer.number);
  return (
    <>
      <h1>Master Data</h1>
      <p>
        Customer number: {customer.number}
        <br />
        Email: {customer.email}
      </p>
      <h2>Two-factor authentication</h2>
      {method === 'authenticator' ? (
        <>
          <p>Your authenticator app is active. Recovery codes left: {recoveryCodesLeft}.</p>
          <Form action={deactivate} button="Deactivate two-factor authentication">
            <CodeField label="Code of the app, or a recovery code" isRecovery />
          </Form>
        </>
      ) : (
        <>
          <p>Security tokens come by email.</p>
          <Form action={beginActivation} button="Activate two-factor authentication" />
        </>
      )}
      <form action={logOut}>
        <button>Log out</button>
      </form>
    </>
  );
}
