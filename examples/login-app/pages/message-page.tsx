/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
import type { JSX } from 'hono/jsx/jsx-runtime';
import type { View } from '../view.js';
import { Layout } from './layout.js';

/** A page with one sentence. */
export function MessagePage({
  view,
  title,
  text,
}: {
  readonly view: View;
  readonly title: string;
  readonly text: string;
}): JSX.Element {
  return (
    <Layout view={view} title={title} hasError>
      <p class="card">{text}</p>
      <p>
        <a href="/">{view.words.pages.back}</a>
      </p>
    </Layout>
  );
}
