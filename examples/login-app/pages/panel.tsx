import type { TwoFactorStatus } from 'countersign';
import type { JSX } from 'hono/jsx/jsx-runtime';
import type { Customer } from '../customers.js';
import type { KeptMail } from '../mail.js';
import type { SecurityEvent } from '../security-events.js';
import { groupsOfFour } from '../words.js';
import { Alert, CodeField, Layout, Notice } from './layout.js';

interface PanelProps {
  readonly hasOutbox: boolean;
}

interface MasterDataProps extends PanelProps {
  readonly customer: Customer;
  readonly status: TwoFactorStatus;
  readonly notice: string | null;
}

export function MasterDataPage({ hasOutbox, customer, status, notice }: MasterDataProps): JSX.Element {
  return (
    <Layout title="Master Data" loggedIn hasOutbox={hasOutbox}>
      <Notice text={notice} />
      <section class="card">
        <h2>Customer</h2>
        <dl>
          <dt>Customer number</dt>
          <dd>{customer.number}</dd>
          <dt>Name</dt>
          <dd>{customer.name}</dd>
          <dt>E-mail</dt>
          <dd>{customer.email}</dd>
        </dl>
      </section>
      <section class="card">
        <h2>Two-factor authentication</h2>
        {status.method === 'authenticator' ? <Active status={status} /> : <Inactive />}
      </section>
    </Layout>
  );
}

function Inactive(): JSX.Element {
  return (
    <form method="post" action="/two-factor/activation">
      <p>
        <span class="badge">Not active</span> When you log in, we send you a security token by e-mail. With an
        authenticator app on your phone you need no e-mail, and no network.
      </p>
      <button>Activate two-factor authentication</button>
    </form>
  );
}

function Active({ status }: { readonly status: TwoFactorStatus }): JSX.Element {
  const { apps, recoveryCodesLeft } = status;
  const activatedAt = apps[0]?.activatedAt;
  return (
    <>
      <p>
        <span class="badge on">Active</span> You log in with your authenticator app
        {activatedAt && <> since {<Instant ms={activatedAt.getTime()} />}</>}.
      </p>
      <p>Recovery codes left: {recoveryCodesLeft} of 10.</p>
      <p class="actions">
        <a class="button second" href="/two-factor/recovery-codes">
          Renew recovery codes
        </a>
        <a class="button danger" href="/two-factor/deactivation">
          Deactivate two-factor authentication
        </a>
      </p>
    </>
  );
}

interface ActivationProps extends PanelProps {
  readonly secret: string;
  readonly uri: string;
  readonly qr: string;
  readonly alert: string | null;
}

export function ActivationPage({ hasOutbox, secret, uri, qr, alert }: ActivationProps): JSX.Element {
  return (
    <Layout title="Activate two-factor authentication" loggedIn hasOutbox={hasOutbox}>
      <Alert text={alert} />
      <form method="post" action="/two-factor/confirmation" class="card activation">
        <div>
          <h2>1. Scan</h2>
          <p>Scan the QR code with an authenticator app: Aegis, Authy, Anexia Authenticator or any other.</p>
          <img
            class="qr"
            src={`data:image/svg+xml,${encodeURIComponent(qr)}`}
            alt="QR code for your authenticator app; the same secret is written beside it"
            width="240"
            height="240"
          />
        </div>
        <div>
          <h2>Or type</h2>
          <p>
            On this device? <a href={uri}>Open in the authenticator app</a>. Or type this secret:
          </p>
          <p class="secret">
            <code>{groupsOfFour(secret)}</code>
          </p>
          <h2>2. Confirm</h2>
          <CodeField label="Code" hint="The six digits that the app shows now." alert={alert} />
          {/* In the form's body, so that a typo does not cost the QR code and no server keeps the secret in clear. */}
          <input type="hidden" name="uri" value={uri} />
          <button>Confirm two-factor authentication</button>
        </div>
      </form>
      <p>
        <a href="/master-data">Cancel</a>
      </p>
    </Layout>
  );
}

interface RecoveryCodesProps extends PanelProps {
  readonly title: string;
  readonly codes: readonly string[];
}

export function RecoveryCodesPage({ hasOutbox, title, codes }: RecoveryCodesProps): JSX.Element {
  return (
    <Layout title={title} loggedIn hasOutbox={hasOutbox}>
      <section class="card">
        <h2>Your recovery codes</h2>
        <p>
          If you lose your phone, each of these codes lets you in once. Keep them in a safe place:{' '}
          <strong>they are shown only now.</strong>
        </p>
        <ol class="recovery" id="recovery-codes">
          {codes.map((code) => (
            <li>
              <code>{code}</code>
            </li>
          ))}
        </ol>
        <p class="actions needs-script" hidden>
          <button type="button" class="second" data-act="copy">
            Copy
          </button>
          <button type="button" class="second" data-act="download">
            Download
          </button>
          <button type="button" class="second" data-act="print">
            Print
          </button>
          <span role="status" id="done"></span>
        </p>
        <p>
          <a class="button" href="/master-data">
            I have kept them
          </a>
        </p>
      </section>
    </Layout>
  );
}

interface ProofProps extends PanelProps {
  readonly title: string;
  readonly action: string;
  readonly explanation: string;
  readonly hint: string;
  readonly letters: boolean;
  readonly alert: string | null;
}

/** Asks for a code before the factor changes. */
export function ProofPage(props: ProofProps): JSX.Element {
  const { hasOutbox, title, action, explanation, hint, letters, alert } = props;
  return (
    <Layout title={title} loggedIn hasOutbox={hasOutbox}>
      <Alert text={alert} />
      <form method="post" action={action} class="card">
        <p>{explanation}</p>
        <CodeField label="Code" hint={hint} alert={alert} letters={letters} />
        <button>{title}</button>
      </form>
      <p>
        <a href="/master-data">Cancel</a>
      </p>
    </Layout>
  );
}

interface SecurityEventsProps extends PanelProps {
  readonly events: readonly SecurityEvent[];
}

export function SecurityEventsPage({ hasOutbox, events }: SecurityEventsProps): JSX.Element {
  return (
    <Layout title="Security events" loggedIn hasOutbox={hasOutbox}>
      <section class="card">
        <p>Is there something that was not you? Change your password and call our support.</p>
        {events.length === 0 && <p>Nothing has happened yet.</p>}
        <ol class="events">
          {events.map(({ at, text }) => (
            <li>
              <Instant ms={at} /> <span>{text}</span>
            </li>
          ))}
        </ol>
      </section>
    </Layout>
  );
}

export function OutboxPage({ mails }: { readonly mails: readonly KeptMail[] }): JSX.Element {
  return (
    <Layout title="Outbox" hasOutbox>
      <p>
        This page stands in for the customers’ mailboxes. It is here because <code>SMTP_URL</code> is not set.
      </p>
      {mails.length === 0 && <p class="card">No mail was sent yet.</p>}
      {mails.map(({ at, to, subject, text }) => (
        <article class="card">
          <h2>{subject}</h2>
          <p class="hint">
            To {to}, <Instant ms={at} />
          </p>
          <p class="mail-text">{text}</p>
        </article>
      ))}
    </Layout>
  );
}

export function MessagePage(
  props: PanelProps & { readonly title: string; readonly text: string },
): JSX.Element {
  return (
    <Layout title={props.title} hasOutbox={props.hasOutbox}>
      <p class="card">{props.text}</p>
      <p>
        <a href="/">Go on</a>
      </p>
    </Layout>
  );
}

/** In UTC; the page's script writes it in the reader's own time. */
function Instant({ ms }: { readonly ms: number }): JSX.Element {
  const iso = new Date(ms).toISOString();
  return <time datetime={iso}>{`${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`}</time>;
}
