/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
import type { AppStatus, BrowserStatus, TwoFactorStatus } from 'countersign';
import { Hono } from 'hono';
import type { JSX } from 'hono/jsx/jsx-runtime';
import { type Customer, findCustomer } from '../data/customers.js';
import { once } from '../once.js';
import { Layout } from '../pages/layout.js';
import { PageFlash } from '../pages/parts.js';
import { MAX_APPS, type Services } from '../services.js';
import { type AppEnv, page, type View, viewOf } from '../view.js';

/** The customer's data, apps and browsers. */
export function masterDataRoutes(services: Services): Hono<AppEnv> {
  const { twoFactor } = services;
  const routes = new Hono<AppEnv>();
  routes
    .get('/master-data', async (c) => {
      const { customerNumber, browserId, recoveryCodes } = c.var.session;
      const customer = findCustomer(customerNumber);
      const status = await twoFactor.status(customerNumber);
      const codesUntil = recoveryCodes?.until ?? null;
      return page(
        c,
        <MasterDataPage
          {...{ view: viewOf(services, c, customer), customer, status, browserId, codesUntil }}
        />,
      );
    })
    .post('/browsers/end', (c) =>
      once(services, c, async (form) => {
        const userId = c.var.session.customerNumber;
        const browser = form.get('browser');
        await twoFactor.forgetBrowsers(browser === null ? { userId } : { userId, browser });
        return { to: '/master-data', says: { says: browser === null ? 'browsersEnded' : 'browserEnded' } };
      }),
    );
  return routes;
}

interface MasterDataProps {
  readonly view: View;
  readonly customer: Customer;
  readonly status: TwoFactorStatus;
  readonly browserId: string | null;
  /** Until when new recovery codes can be shown. */
  readonly codesUntil: number | null;
}

function MasterDataPage({ view, customer, status, browserId, codesUntil }: MasterDataProps): JSX.Element {
  const { masterData } = view.words;
  return (
    <Layout view={view} title={masterData.title}>
      <PageFlash view={view} />
      {codesUntil !== null && codesUntil > view.now && <CodesAgain view={view} until={codesUntil} />}
      <section class="card">
        <h2>{masterData.customer}</h2>
        <dl>
          <dt>{masterData.number}</dt>
          <dd>{customer.number}</dd>
          <dt>{masterData.name}</dt>
          <dd>{customer.name}</dd>
          <dt>{masterData.email}</dt>
          <dd>{customer.email}</dd>
        </dl>
      </section>
      <section class="card">
        <h2>{masterData.twoFactor}</h2>
        {status.apps.length > 0 ? <Active view={view} status={status} /> : <Inactive view={view} />}
      </section>
      <section class="card">
        <h2>{masterData.browsers}</h2>
        <Browsers view={view} browsers={status.browsers} browserId={browserId} />
      </section>
    </Layout>
  );
}

/** For people whose second click led away from the codes. */
function CodesAgain({ view, until }: { readonly view: View; readonly until: number }): JSX.Element {
  const { codesShown, showCodes } = view.words.masterData;
  return (
    <p class="notice">
      {codesShown(view.time(until))} <a href="/two-factor/recovery-codes">{showCodes}</a>
    </p>
  );
}

function Inactive({ view }: { readonly view: View }): JSX.Element {
  const { masterData } = view.words;
  return (
    <>
      <p>
        <span class="badge">{masterData.inactive}</span> {masterData.inactiveText}
      </p>
      <Ways view={view} />
      <NewApp view={view} apps={0} />
    </>
  );
}

/** What speaks for each way and against it. */
function Ways({ view }: { readonly view: View }): JSX.Element {
  const { ways, advantages, disadvantages } = view.words.masterData;
  return (
    <div class="ways">
      {ways.map((way) => (
        <div>
          <h3>{way.title}</h3>
          <h4>{advantages}</h4>
          <ul class="for">
            {way.advantages.map((text) => (
              <li>{text}</li>
            ))}
          </ul>
          <h4>{disadvantages}</h4>
          <ul class="against">
            {way.disadvantages.map((text) => (
              <li>{text}</li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

function NewApp({ view, apps }: { readonly view: View; readonly apps: number }): JSX.Element {
  const { appName, appNameHint, defaultAppName, activate, add } = view.words.masterData;
  return (
    <form method="get" action="/two-factor/activation">
      <div class="field">
        <label for="name">{appName}</label>
        <p id="name-hint" class="hint">
          {appNameHint}
        </p>
        <input
          id="name"
          name="name"
          class="name"
          value={defaultAppName(apps + 1)}
          maxlength={40}
          aria-describedby="name-hint"
        />
      </div>
      <button class={apps === 0 ? undefined : 'second'}>{apps === 0 ? activate : add}</button>
    </form>
  );
}

function Active({ view, status }: { readonly view: View; readonly status: TwoFactorStatus }): JSX.Element {
  const { masterData } = view.words;
  const { apps, recoveryCodesLeft } = status;
  return (
    <>
      <p>
        <span class="badge on">{masterData.active}</span> {masterData.activeText}
      </p>
      <h3>{masterData.apps}</h3>
      <ul class="rows">
        {apps.map((app) => (
          <App view={view} app={app} />
        ))}
      </ul>
      <h3>{masterData.recoveryCodes}</h3>
      <p>{masterData.recoveryCodesLeft(recoveryCodesLeft)}</p>
      <p>
        <a class="button second" href="/two-factor/renewal">
          {masterData.renew}
        </a>
      </p>
      {apps.length < MAX_APPS && (
        <>
          <h3>{masterData.add}</h3>
          <p>{masterData.newPhone}</p>
          <NewApp view={view} apps={apps.length} />
        </>
      )}
    </>
  );
}

function App({ view, app }: { readonly view: View; readonly app: AppStatus }): JSX.Element {
  const { since, lastUsed, neverUsed, remove, removeNamed } = view.words.masterData;
  const used = app.lastUsedAt === null ? neverUsed : lastUsed(view.time(app.lastUsedAt.getTime()));
  return (
    <li>
      <div>
        <strong>{app.name}</strong>
        <p class="hint">
          {since(view.time(app.activatedAt.getTime()))}, {used}
        </p>
      </div>
      <a
        class="button danger"
        href={`/two-factor/removal?app=${encodeURIComponent(app.id)}`}
        aria-label={removeNamed(app.name)}
      >
        {remove}
      </a>
    </li>
  );
}

interface BrowsersProps {
  readonly view: View;
  readonly browsers: readonly BrowserStatus[];
  readonly browserId: string | null;
}

function Browsers({ view, browsers, browserId }: BrowsersProps): JSX.Element {
  const { masterData } = view.words;
  if (browsers.length === 0) return <p>{masterData.noBrowsers}</p>;
  return (
    <>
      <p>{masterData.browsersText}</p>
      <ul class="rows">
        {[...browsers].reverse().map((browser) => (
          <KnownBrowser view={view} browser={browser} isThis={browser.id === browserId} />
        ))}
      </ul>
      {browsers.length > 1 && (
        <form method="post" action="/browsers/end">
          <button class="danger">{masterData.endBrowsers}</button>
        </form>
      )}
    </>
  );
}

interface KnownBrowserProps {
  readonly view: View;
  readonly browser: BrowserStatus;
  readonly isThis: boolean;
}

function KnownBrowser({ view, browser, isThis }: KnownBrowserProps): JSX.Element {
  const { masterData } = view.words;
  const used = view.time(browser.lastUsedAt.getTime());
  const until = browser.rememberedUntil;
  return (
    <li>
      <div>
        <strong>{isThis ? masterData.thisBrowser : masterData.browser}</strong>
        <p class="hint">
          {masterData.lastUsed(used)}
          {until !== null && <>, {masterData.remembered(view.time(until.getTime()))}</>}
        </p>
      </div>
      <form method="post" action="/browsers/end">
        <button
          class="danger"
          name="browser"
          value={browser.id}
          aria-label={masterData.endBrowserNamed(used)}
        >
          {masterData.endBrowser}
        </button>
      </form>
    </li>
  );
}
