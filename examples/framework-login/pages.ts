import { createHash } from 'node:crypto';
import type { TwoFactorStatus } from 'countersign';
import { qrSvg } from 'countersign/qr';
import type { Customer } from './customers.js';
import { Html, html } from './html.js';
import type { Activation, Asked } from './session.js';
import type { Problem } from './words.js';

const css = `body { font: 1rem/1.5 sans-serif; max-width: 34rem; margin: 2rem auto; padding: 0 1rem }
form, details { margin: 1rem 0 } label { display: block } input, button { font: inherit; padding: .3rem .6rem } img { max-width: 100% }
[role=alert] { border-left: .3rem solid #b00020; padding-left: .6rem }`;

/** For every answer: the pages hold secrets, so no cache keeps them and no other site frames them. */
export const pageHeaders = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    `default-src 'none'; img-src data:; style-src 'sha256-${createHash('sha256').update(css).digest('base64')}'; ` +
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  // Not `no-referrer`: browsers would then send `Origin: null` with our own forms.
  'Referrer-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
};

export function loginPage(problem?: Problem): string {
  return page(
    'Log in',
    problem,
    html`<form method="post" action="/login">
      <p>
        <label for="number">Customer number</label>
        <input id="number" name="number" autocomplete="username" required ${invalid(problem)} />
      </p>
      <p>
        <label for="password">Password</label>
        <input
          id="password"
          name="password"
          type="password"
          autocomplete="current-password"
          required
          ${invalid(problem)}
        />
      </p>
      <button>Log in</button>
    </form>`,
  );
}

export function secondStepPage(asked: Asked, problem?: Problem): string {
  const form = { action: '/security-token', button: 'Log in', problem };
  return page(
    'Security token',
    problem,
    html`${tokenForm(asked, form)}
    ${asked.sentTo === undefined ? html`` : buttonForm('/security-token/new', 'Send it again')}
    ${buttonForm('/logout', 'Cancel')}`,
  );
}

interface MasterData {
  readonly customer: Customer;
  readonly status: TwoFactorStatus;
  /** Whether the recovery codes can be looked at once more. */
  readonly hasCodes: boolean;
}

export function masterDataPage({ customer, status, hasCodes }: MasterData, problem?: Problem): string {
  const { method, recoveryCodesLeft } = status;
  const button = 'Deactivate two-factor authentication';
  const form = { action: '/deactivation', label: 'Code', button, problem };
  return page(
    'Master Data',
    problem,
    html`<p>Customer number: ${customer.number}<br />Email: ${customer.email}</p>
      <h2>Two-factor authentication</h2>
      ${
        method === 'authenticator'
          ? html`<p>Your authenticator app is active. Recovery codes left: ${String(recoveryCodesLeft)}.</p>
              ${hasCodes ? html`<p><a href="/recovery-codes">Show the recovery codes again</a></p>` : html``}
              ${codeForm(form)} ${recoveryForm(form)}`
          : html`<p>Security tokens come by email.</p>
              ${buttonForm('/activation', 'Activate two-factor authentication')}`
      }
      <h2>Session</h2>
      ${buttonForm('/logout', 'Log out')}`,
  );
}

/** Before the first app: a code that shows that the customer is there now. */
export function stepUpPage(asked: Asked, problem?: Problem): string {
  return page(
    activationTitle,
    problem,
    html`<p>Your login is older than ten minutes, so we ask for a token again.</p>
      ${tokenForm(asked, { action: '/activation/token', button: 'Go on', problem })}
      <p><a href="/master-data">Cancel</a></p>`,
  );
}

export function activationPage({ secret, uri }: Activation, problem?: Problem): string {
  const image = `data:image/svg+xml,${encodeURIComponent(qrSvg(uri))}`;
  const button = 'Confirm two-factor authentication';
  return page(
    activationTitle,
    problem,
    html`<p>Scan this with your authenticator app, then type the code that it shows.</p>
      <p><img src="${image}" alt="QR code of the secret below" /></p>
      <p>Or type the secret: <code>${secret.replace(/.{4}(?=.)/g, '$& ')}</code></p>
      ${codeForm({ action: '/activation/confirm', label: 'Code', button, problem })}
      <p><a href="/master-data">Cancel</a></p>`,
  );
}

export function activationOverPage(): string {
  return page(
    activationTitle,
    { message: 'The QR code was valid for ten minutes. Scan a new one.', isTyped: false },
    html`${buttonForm('/activation', 'Show a new QR code')}
      <p><a href="/master-data">Cancel</a></p>`,
  );
}

export function recoveryCodesPage(recoveryCodes: readonly string[]): string {
  return page(
    'The setup is complete',
    undefined,
    html`<p>From now on you log in with the code that your authenticator app shows.</p>
      <p>
        If you lose it, each of these recovery codes logs you in once. Print them, or write them down now:
      </p>
      <ul>
        ${recoveryCodes.map((code) => html`<li><code>${code}</code></li> `)}
      </ul>
      <p><a href="/master-data">Master Data</a></p>`,
  );
}

export function errorPage(message: string): string {
  return page('That did not work', { message, isTyped: false }, html`<p><a href="/">Back</a></p>`);
}

const activationTitle = 'Activate two-factor authentication';

function page(title: string, problem: Problem | undefined, body: Html): string {
  const { markup } = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${problem === undefined ? '' : 'Error: '}${title} - Example Hosting</title>
        ${new Html(`<style>${css}</style>`)}
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${problem === undefined ? '' : html`<p id="problem" role="alert">${problem.message}</p>`} ${body}
        </main>
      </body>
    </html>`;
  return markup;
}

interface CodeForm {
  readonly action: string;
  readonly label: string;
  readonly button: string;
  readonly problem: Problem | undefined;
}

/** Says where the token is, and takes it. */
function tokenForm({ sentTo, isLong = false }: Asked, form: Omit<CodeForm, 'label'>): Html {
  const labelled = { ...form, label: sentTo === undefined ? 'Code' : 'Security token' };
  if (sentTo === undefined)
    return html`<p>Your authenticator app shows the code.</p>
      ${codeForm(labelled)} ${recoveryForm(labelled)}`;
  return html`<p>We have sent a token to ${sentTo}. Use the newest email.</p>
    ${isLong ? html`<p>This one has 25 characters, because there were many wrong codes or many emails.</p>` : html``}
    ${codeForm(labelled, isLong ? 'text' : 'numeric')}`;
}

function codeForm(
  { action, label, button, problem }: CodeForm,
  inputMode: 'numeric' | 'text' = 'numeric',
): Html {
  return html`<form method="post" action="${action}">
    <p>
      <label for="code">${label}</label>
      <input
        id="code"
        name="code"
        inputmode="${inputMode}"
        autocomplete="one-time-code"
        required
        ${invalid(problem)}
      />
    </p>
    <button>${button}</button>
  </form>`;
}

/** A field of its own: the keyboard that a phone shows for digits has no letters. */
function recoveryForm({ action, button }: CodeForm): Html {
  return html`<details>
    <summary>Use a recovery code</summary>
    <form method="post" action="${action}">
      <p>
        <label for="recovery">Recovery code</label>
        <input id="recovery" name="code" autocomplete="off" spellcheck="false" required />
      </p>
      <button>${button}</button>
    </form>
  </details>`;
}

function buttonForm(action: string, button: string): Html {
  return html`<form method="post" action="${action}"><button>${button}</button></form>`;
}

function invalid(problem: Problem | undefined): Html {
  return problem?.isTyped === true ? html`aria-invalid="true" aria-describedby="problem"` : html``;
}
