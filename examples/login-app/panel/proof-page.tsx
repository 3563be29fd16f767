/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
import type { JSX } from 'hono/jsx/jsx-runtime';
import { Layout } from '../pages/layout.js';
import { CodeField, PageFlash } from '../pages/parts.js';
import type { View } from '../view.js';

interface ProofProps {
  readonly view: View;
  /** The heading, and the button. */
  readonly title: string;
  readonly action: string;
  readonly text: string;
  readonly field: { readonly label: string; readonly hint: string; readonly letters?: boolean };
}

/** Asks for a code before a factor changes. */
export function ProofPage({ view, title, action, text, field }: ProofProps): JSX.Element {
  const { label, hint, letters = false } = field;
  return (
    <Layout view={view} title={title}>
      <PageFlash view={view} />
      <form method="post" action={action} class="card">
        <p>{text}</p>
        <CodeField view={view} label={label} hint={hint} letters={letters} autofocus />
        <button>{title}</button>
      </form>
      <p>
        <a href="/master-data">{view.words.cancel}</a>
      </p>
    </Layout>
  );
}
