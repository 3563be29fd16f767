import { redirect } from 'next/navigation';
import { readSession } from '@/lib/session';

export const metadata = { title: 'The setup is complete' };

/** Shows what the session holds for ten minutes, so neither a reload nor a second click loses the codes. */
export default async function RecoveryCodesPage() {
  const { recoveryCodes } = await readSession();
  if (recoveryCodes === undefined || recoveryCodes.until < Date.now()) redirect('/master-data');
  return (
    <>
      <h1>The setup is complete</h1>
      <p>From now on your authenticator app makes the security tokens.</p>
      <p>If you lose it, each of these recovery codes logs you in once. Print them:</p>
      <ul>
        {recoveryCodes.codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <p>
        <a href="/master-data">Master Data</a>
      </p>
    </>
  );
}
