/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
import { Hono } from 'hono';
import type { JSX } from 'hono/jsx/jsx-runtime';
import type { KeptMail, Outbox } from '../mail/outbox.js';
import type { Services } from '../services.js';
import { type AppEnv, page, type View, viewOf } from '../view.js';
import { Layout } from './layout.js';

/** The mails, where there is no mail server. */
export function outboxRoutes(services: Services, outbox: Outbox): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  routes.get('/outbox', async (c) =>
    page(c, <OutboxPage view={viewOf(services, c)} mails={await outbox.list()} />),
  );
  return routes;
}

function OutboxPage({
  view,
  mails,
}: {
  readonly view: View;
  readonly mails: readonly KeptMail[];
}): JSX.Element {
  const { title, text, none, to } = view.words.outbox;
  return (
    <Layout view={view} title={title}>
      <p>{text}</p>
      {mails.length === 0 && <p class="card">{none}</p>}
      {mails.map((mail) => (
        <article class="card">
          <h2>{mail.subject}</h2>
          <p class="hint">
            {to(mail.to)}, <time datetime={new Date(mail.at).toISOString()}>{view.time(mail.at)} UTC</time>
          </p>
          <p class="mail-text">{mail.text}</p>
        </article>
      ))}
    </Layout>
  );
}
