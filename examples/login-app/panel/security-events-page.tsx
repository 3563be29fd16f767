/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
import { Hono } from 'hono';
import type { JSX } from 'hono/jsx/jsx-runtime';
import { findCustomer } from '../data/customers.js';
import { describeEvent, type SecurityEvent } from '../data/security-events.js';
import { Layout } from '../pages/layout.js';
import { PageFlash } from '../pages/parts.js';
import type { Services } from '../services.js';
import { type AppEnv, page, type View, viewOf } from '../view.js';

/** What has happened to the customer's account. */
export function securityEventsRoutes(services: Services): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  routes.get('/security-events', async (c) => {
    const { customerNumber } = c.var.session;
    const events = await services.events.list(customerNumber);
    return page(
      c,
      <SecurityEventsPage view={viewOf(services, c, findCustomer(customerNumber))} events={events} />,
    );
  });
  return routes;
}

interface SecurityEventsProps {
  readonly view: View;
  readonly events: readonly SecurityEvent[];
}

function SecurityEventsPage({ view, events }: SecurityEventsProps): JSX.Element {
  const { title, help, none } = view.words.events;
  return (
    <Layout view={view} title={title}>
      <PageFlash view={view} />
      <section class="card">
        <p>{help}</p>
        {events.length === 0 && <p>{none}</p>}
        <ol class="events">
          {events.map((event) => (
            <li>
              <time datetime={new Date(event.at).toISOString()}>{view.time(event.at)}</time>
              <span>{describeEvent(event, view.words)}</span>
            </li>
          ))}
        </ol>
      </section>
    </Layout>
  );
}
