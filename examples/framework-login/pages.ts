import { createHash } from 'node:crypto';
import type { Secret, TwoFactorStatus } from 'countersign';
import { qrSvg } from 'countersign/qr';
import type { Customer } from './customers.js';
import { Html, html } from './html.js';

/** Both are read out at once; only the first one is about what was typed. */
export interface Problem {
  readonly wrong?: string;
  readonly notice?: string;
}

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

export function loginPage({ wrong, notice }: Problem = {}): string {
  return page(
    'Log in',
    wrong ?? notice,
    html`<form method="post" action="/login">
      <p>
        <label for="number">Customer number</label>
        <input id="number" name="number" autocomplete="username" required ${invalid(wrong)} />
      </p>
      <p>
        <label for="password">Password</label>
        <input
          id="password"
          name="password"
          type="password"
          autocomplete="current-password"
          required
          ${invalid(wrong)}
        />
      </p>
      <button>Log in</button>
    </form>`,
  );
}

/** `sentTo`: where the mail went; without it the app is asked. */
export function secondStepPage(sentTo: string | undefined, { wrong, notice }: Problem = {}): string {
  const form = { action: '/security-token', label: 'Security token', button: 'Log in', wrong };
  return page(
    'Security token',
    wrong ?? notice,
    html`${
      sentTo === undefined
        ? html`<p>Your authenticator app shows the token.</p>
            ${codeForm(form)} ${recoveryForm(form)}`
        : html`<p>We have sent a token to ${sentTo}.</p>
            ${codeForm(form)} ${buttonForm('/security-token/new', 'Send a new token')}`
    }
    ${buttonForm('/logout', 'Cancel')}`,
  );
}

export function masterDataPage(
  { number, email }: Customer,
  { method, recoveryCodesLeft }: TwoFactorStatus,
  wrong?: string,
): string {
  const button = 'Deactivate two-factor authentication';
  const form = { action: '/deactivation', label: 'Code', button, wrong };
  return page(
    'Master Data',
    wrong,
    html`<p>Customer number: ${number}<br />E-mail: ${email}</p>
      <h2>Two-factor authentication</h2>
      ${
        method === 'authenticator'
          ? html`<p>Your authenticator app is active. Recovery codes left: ${String(recoveryCodesLeft)}.</p>
              ${codeForm(form)} ${recoveryForm(form)}`
          : html`<p>Security tokens come by e-mail.</p>
              ${buttonForm('/activation', 'Activate two-factor authentication')}`
      }
      <h2>Session</h2>
      ${buttonForm('/logout', 'Log out')}`,
  );
}

export function activationPage({ secret, uri }: { secret: Secret; uri: string }): string {
  const image = `data:image/svg+xml,${encodeURIComponent(qrSvg(uri))}`;
  return page(
    activationTitle,
    undefined,
    html`<p>Scan this with your authenticator app, then type the code that it shows.</p>
      <p><img src="${image}" alt="QR code of the secret below" /></p>
      <p>Or type the secret: <code>${secret.toBase32().replace(/.{4}(?=.)/g, '$& ')}</code></p>
      ${confirmationForm()}
      <p><a href="/master-data">Cancel</a></p>`,
  );
}

/** Without the QR code, which cannot be shown again: most likely the app has it, and the code was mistyped. */
export function activationRetryPage(wrong: string): string {
  return page(
    activationTitle,
    wrong,
    html`<p>Type the code that your authenticator app shows now.</p>
      ${confirmationForm(wrong)} ${buttonForm('/activation', 'Show a new QR code')}`,
  );
}

export function setupCompletePage(recoveryCodes: readonly string[]): string {
  return page(
    'The setup is complete',
    undefined,
    html`<p>From now on your authenticator app makes the security tokens.</p>
      <p>If you lose it, each of these recovery codes logs you in once. They are not shown again:</p>
      <ul>
        ${recoveryCodes.map((code) => html`<li><code>${code}</code></li> `)}
      </ul>
      <p><a href="/master-data">Master Data</a></p>`,
  );
}

export function errorPage(message: string): string {
  return page('That did not work', message, html`<p><a href="/">Back</a></p>`);
}

const activationTitle = 'Activate two-factor authentication';

function page(title: string, problem: string | undefined, body: Html): string {
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
          ${problem === undefined ? '' : html`<p id="problem" role="alert">${problem}</p>`} ${body}
        </main>
      </body>
    </html>`;
  return markup;
}

interface CodeForm {
  readonly action: string;
  readonly label: string;
  readonly button: string;
  readonly wrong: string | undefined;
}

function codeForm({ action, label, button, wrong }: CodeForm): Html {
  return html`<form method="post" action="${action}">
    <p>
      <label for="code">${label}</label>
      <input
        id="code"
        name="code"
        inputmode="numeric"
        autocomplete="one-time-code"
        required
        ${invalid(wrong)}
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

function confirmationForm(wrong?: string): Html {
  const button = 'Confirm two-factor authentication';
  return codeForm({ action: '/activation/confirm', label: 'Code', button, wrong });
}

function buttonForm(action: string, button: string): Html {
  return html`<form method="post" action="${action}"><button>${button}</button></form>`;
}

function invalid(wrong: string | undefined): Html {
  return wrong === undefined ? html`` : html`aria-invalid="true" aria-describedby="problem"`;
}
