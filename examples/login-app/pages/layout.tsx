import type { Child } from 'hono/jsx';
import type { JSX } from 'hono/jsx/jsx-runtime';

interface LayoutProps {
  readonly title: string;
  /** Shows the navigation of the panel. */
  readonly loggedIn?: boolean;
  readonly hasOutbox: boolean;
  readonly children?: Child;
}

export function Layout({ title, loggedIn = false, hasOutbox, children }: LayoutProps): JSX.Element {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · ${SERVICE}`}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/assets/style.css" />
        <script src="/assets/page.js" defer></script>
      </head>
      <body class={loggedIn ? 'panel' : 'door'}>
        <header>
          <a class="brand" href="/">
            {SERVICE}
          </a>
          {loggedIn && <Navigation />}
        </header>
        <main>
          <h1>{title}</h1>
          {children}
        </main>
        <footer>
          <p>A demonstration of countersign.</p>
          {hasOutbox && (
            <p>
              <a href="/outbox">Outbox</a>
            </p>
          )}
        </footer>
      </body>
    </html>
  );
}

export const SERVICE = 'Example Hosting';

/** What a screen reader says at once. */
export function Alert({ text }: { readonly text: string | null }): JSX.Element {
  return text === null ? (
    <></>
  ) : (
    <p class="alert" role="alert" id="alert">
      {text}
    </p>
  );
}

export function Notice({ text }: { readonly text: string | null }): JSX.Element {
  return text === null ? (
    <></>
  ) : (
    <p class="notice" role="status">
      {text}
    </p>
  );
}

interface CodeFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly alert: string | null;
  /** A recovery code has letters, so it wants the whole keyboard. */
  readonly letters?: boolean;
}

/** One field that takes a paste, with or without spaces; focused, so that typing or correcting goes on at once. */
export function CodeField({ label, hint, alert, letters = false }: CodeFieldProps): JSX.Element {
  return (
    <div class="field">
      <label for="code">{label}</label>
      <p id="hint" class="hint">
        {hint}
      </p>
      <input
        id="code"
        name="code"
        class="code"
        inputmode={letters ? 'text' : 'numeric'}
        autocomplete={letters ? 'off' : 'one-time-code'}
        autocapitalize="characters"
        spellcheck={false}
        required
        autofocus
        aria-describedby={alert === null ? 'hint' : 'alert hint'}
        aria-invalid={alert === null ? undefined : 'true'}
      />
    </div>
  );
}

function Navigation(): JSX.Element {
  return (
    <nav aria-label="Panel">
      <a href="/master-data">Master Data</a>
      <a href="/security-events">Security events</a>
      <form method="post" action="/logout">
        <button class="quiet">Log out</button>
      </form>
    </nav>
  );
}
