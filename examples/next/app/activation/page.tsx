import { qrSvg } from 'countersign/qr';
import { redirect } from 'next/navigation';
import { beginActivation, confirmActivation, proveActivation } from '@/app/actions';
import { CodeField, Form } from '@/components/form';
import { readSession } from '@/lib/session';

export const metadata = { title: 'Activate two-factor authentication' };

/** Shows what the session holds, so a reload shows the same QR code. */
export default async function ActivationPage() {
  const { userId, activation, stepUp } = await readSession();
  if (userId === undefined) redirect('/');
  if (activation === undefined && stepUp === undefined) redirect('/master-data');
  if (activation === undefined) return <StepUp sentTo={stepUp?.sentTo} />;
  if (activation.expiresAt < Date.now()) return <Over />;
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

/** Before the first app: a code that shows that the customer is there now. */
function StepUp({ sentTo }: { readonly sentTo: string | undefined }) {
  return (
    <>
      <h1>Activate two-factor authentication</h1>
      <p>Your login is older than ten minutes, so we have sent a token to {sentTo} again.</p>
      <Form action={proveActivation} button="Go on">
        <CodeField label="Security token" />
      </Form>
      <p>
        <a href="/master-data">Cancel</a>
      </p>
    </>
  );
}

function Over() {
  return (
    <>
      <h1>Activate two-factor authentication</h1>
      <p role="alert">The QR code was valid for ten minutes. Scan a new one.</p>
      <Form action={beginActivation} button="Show a new QR code" />
    </>
  );
}
