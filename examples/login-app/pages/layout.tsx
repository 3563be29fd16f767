/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
import type { Child } from 'hono/jsx';
import type { JSX } from 'hono/jsx/jsx-runtime';
import { isError } from '../flash.js';
import type { View } from '../view.js';
import type { Language } from '../words/languages.js';

interface LayoutProps {
  readonly view: View;
  readonly title: string;
  /** Whether the page has bad news of its own. */
  readonly hasError?: boolean;
  readonly children?: Child;
}

export function Layout({ view, title, hasError = false, children }: LayoutProps): JSX.Element {
  const { words, language, flash, customer, hasOutbox } = view;
  const isWrong = hasError || (flash !== null && isError(flash));
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${isWrong ? `${words.errorInTitle}: ` : ''}${title.replaceAll('\u00AD', '')} · ${words.service}`}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/assets/style.css" />
        <script src="/assets/page.js" defer></script>
      </head>
      <body class={customer === null ? 'narrow' : 'wide'}>
        <header>
          <a class="brand" href="/">
            {words.service}
          </a>
          {customer !== null && <Navigation view={view} />}
        </header>
        <main>
          <h1>{title}</h1>
          {children}
        </main>
        <footer>
          <p>{words.demonstration}</p>
          {hasOutbox && (
            <p>
              <a href="/outbox">{words.outbox.title}</a>
            </p>
          )}
          <LanguageSwitch view={view} />
        </footer>
      </body>
    </html>
  );
}

function Navigation({ view: { words } }: { readonly view: View }): JSX.Element {
  const { navigation } = words;
  return (
    <nav aria-label={navigation.label}>
      <a href="/master-data">{navigation.masterData}</a>
      <a href="/security-events">{navigation.events}</a>
      <form method="post" action="/logout">
        <button class="quiet">{navigation.logOut}</button>
      </form>
    </nav>
  );
}

function LanguageSwitch({ view: { words, language, path } }: { readonly view: View }): JSX.Element {
  const other: Language = language === 'en' ? 'de' : 'en';
  return (
    <form method="post" action="/language">
      <input type="hidden" name="back" value={path} />
      <button class="quiet" name="language" value={other} lang={other}>
        {words.language[other]}
      </button>
    </form>
  );
}
