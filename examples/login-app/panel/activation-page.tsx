/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
import { parseOtpauthUri } from 'countersign';
import { qrSvg } from 'countersign/qr';
import type { JSX } from 'hono/jsx/jsx-runtime';
import type { Activation } from '../data/session.js';
import { Layout } from '../pages/layout.js';
import { CodeField, Countdown, PageFlash } from '../pages/parts.js';
import type { View } from '../view.js';

interface ActivationProps {
  readonly view: View;
  readonly activation: Activation;
  /** Whether to ask for a code of an app that is active. */
  readonly needsProof: boolean;
  /** Whether the login by a recovery code was the proof. */
  readonly isProved: boolean;
}

/** The QR code, and the field for the code that the app shows. Without a focus, which would scroll the QR code away. */
export function ActivationPage({ view, activation, needsProof, isProved }: ActivationProps): JSX.Element {
  const { words, now } = view;
  const { activation: says } = words;
  const { uri, expiresAt } = activation;
  return (
    <Layout view={view} title={says.title}>
      <PageFlash view={view} />
      <form method="post" action="/two-factor/activation" class="card activation">
        <div>
          <h2>{says.scan}</h2>
          <p>{says.scanText}</p>
          <img
            class="qr"
            src={`data:image/svg+xml,${encodeURIComponent(qrSvg(uri))}`}
            alt={says.qr}
            width="240"
            height="240"
          />
          <Countdown view={view} ms={expiresAt - now} text={says.validFor} done={says.over} />
        </div>
        <div>
          <h2>{says.type}</h2>
          <Secret view={view} uri={uri} />
          <h2>{says.confirm}</h2>
          <CodeField view={view} label={says.code} hint={says.codeHint} />
          {needsProof && (
            <CodeField view={view} name="proof" label={says.proof} hint={says.proofHint} letters />
          )}
          {isProved && <p>{says.proved}</p>}
          <button>{says.submit}</button>
        </div>
      </form>
      <p>
        <a href="/master-data">{words.cancel}</a>
      </p>
    </Layout>
  );
}

function Secret({ view, uri }: { readonly view: View; readonly uri: string }): JSX.Element {
  const { activation: says } = view.words;
  const secret = parseOtpauthUri(uri).secret.toBase32();
  return (
    <>
      <p>{says.typeText}</p>
      <p class="secret">
        <code>
          {groupsOfFour(secret).map((group) => (
            <span>{group} </span>
          ))}
        </code>
      </p>
      <p class="actions needs-script" hidden>
        <button type="button" class="second" data-act="copy" data-text={secret} data-done={says.copied}>
          {says.copy}
        </button>
        <span role="status" class="done"></span>
      </p>
      <p class="hint">
        {says.sameDevice} <a href={uri}>{says.open}</a>. {says.warning}
      </p>
    </>
  );
}

/** A secret as people read it aloud. */
function groupsOfFour(text: string): string[] {
  return text.match(/.{1,4}/g) ?? [];
}
