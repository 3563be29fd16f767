import { qrSvg } from 'countersign/qr';
import { redirect } from 'next/navigation';
import { confirmActivation } from '@/app/actions';
import { CodeField, Form } from '@/components/form';
import { readSession } from '@/lib/session';

export const metadata = { title: 'Activate two-factor authentication' };

/** Shows what the session holds, so a reload shows the same QR code. */
export default async function ActivationPage() {
  const { userId, activation } = await readSession();
  if (userId === undefined) redirect('/');
  if (activation === undefined) redirect('/master-data');
  const image = `data:image/svg+xml,${encodeURIComponent(qrSvg(activation.uri))}`;
  return (
    <>
      <h1>Activate two-factor authentication</h1>
      <p>Scan this with your authenticator app, then type the code that it shows.</p>
      <p>
        <img src={image} alt="QR code of the secret below" width={240} />
      </p>
      <p>
        Or type the secret: <code>{activation.secret.replace(/.{4}(?=.)/g, '$& ')}</code>
      </p>
      <Form action={confirmActivation} button="Confirm two-factor authentication">
        <CodeField label="Code" />
      </Form>
      <p>
        <a href="/master-data">Cancel</a>
      </p>
    </>
  );
}
