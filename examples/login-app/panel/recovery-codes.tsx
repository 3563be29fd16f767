/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
import { type Context, Hono } from 'hono';
import type { JSX } from 'hono/jsx/jsx-runtime';
import { type Customer, findCustomer } from '../data/customers.js';
import { reply } from '../once.js';
import { Layout } from '../pages/layout.js';
import { PageFlash } from '../pages/parts.js';
import type { Services } from '../services.js';
import { type AppEnv, page, type View, viewOf } from '../view.js';

/** How long a session shows new recovery codes: a reload, a second click and "back" lose none. */
export const RECOVERY_CODES_MS = 10 * 60_000;

/** New recovery codes, after an activation or a renewal. */
export function recoveryCodesRoutes(services: Services): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  routes.get('/two-factor/recovery-codes', (c) => show(services, c));
  return routes;
}

function show(services: Services, c: Context<AppEnv>): Response | Promise<Response> {
  const { recoveryCodes, customerNumber } = c.var.session;
  if (recoveryCodes === null || recoveryCodes.until <= services.now()) {
    return reply(services, c, { to: '/master-data', says: { says: 'codesGone' } });
  }
  const customer = findCustomer(customerNumber);
  const view = viewOf(services, c, customer);
  return page(c, <RecoveryCodesPage view={view} customer={customer} codes={recoveryCodes.codes} />);
}

interface RecoveryCodesProps {
  readonly view: View;
  readonly customer: Customer;
  readonly codes: readonly string[];
}

function RecoveryCodesPage({ view, customer, codes }: RecoveryCodesProps): JSX.Element {
  const { words } = view;
  const { recovery: says } = words;
  const heading = `${words.service}: ${says.heading(customer.number, view.date(view.now))}`;
  // Without the soft hyphens, which some editors show.
  const text = [heading, '', ...codes, ''].join('\n').replaceAll('\u00AD', '');
  return (
    <Layout view={view} title={says.title}>
      <PageFlash view={view} />
      <section class="card">
        <p>{says.text}</p>
        <p>
          <strong>{says.shownFor}</strong>
        </p>
        <h2 class="heading">{heading}</h2>
        <ol class="recovery" id="recovery-codes">
          {codes.map((code) => (
            <li>
              <code>{code}</code>
            </li>
          ))}
        </ol>
        <p class="actions needs-script" hidden>
          <button type="button" class="second" data-act="copy" data-text={text} data-done={says.copied}>
            {says.copy}
          </button>
          <button
            type="button"
            class="second"
            data-act="download"
            data-text={text}
            data-done={says.downloaded}
            data-file={`${says.fileName}-${customer.number}.txt`}
          >
            {says.download}
          </button>
          <button type="button" class="second" data-act="print">
            {says.print}
          </button>
          <span role="status" class="done"></span>
        </p>
        {/* A link, which a second click may hit: the codes stay. */}
        <p>
          <a class="button" href="/master-data">
            {says.kept}
          </a>
        </p>
      </section>
    </Layout>
  );
}
