/** @jsxRuntime automatic */
/** @jsxImportSource hono/jsx */
import { Hono, type MiddlewareHandler } from 'hono';
import { BusyError } from './data/password-queue.js';
import { guard } from './guards.js';
import { chooseLanguage, languageRoutes } from './language.js';
import { logInRoutes } from './login/log-in.js';
import { secondStepRoutes } from './login/second-step.js';
import { MessagePage } from './pages/message-page.js';
import { outboxRoutes } from './pages/outbox-page.js';
import { activationRoutes } from './panel/activation.js';
import { freshTokenRoutes } from './panel/fresh-token.js';
import { masterDataRoutes } from './panel/master-data.js';
import { recoveryCodesRoutes } from './panel/recovery-codes.js';
import { removalRoutes } from './panel/removal.js';
import { renewalRoutes } from './panel/renewal.js';
import { requireLogin } from './panel/require-login.js';
import { securityEventsRoutes } from './panel/security-events-page.js';
import { createServices, type ServiceOptions } from './services.js';
import { type AppEnv, page, viewOf } from './view.js';

export interface AppOptions extends ServiceOptions {
  /** Serves what is under `/assets`: each runtime has its own way to read files. */
  readonly assets: MiddlewareHandler;
}

/** The login and the panel behind it. */
export function createApp(options: AppOptions): Hono<AppEnv> {
  const { assets, outbox, origin } = options;
  const services = createServices(options);
  const app = new Hono<AppEnv>();
  app.use('/assets/*', assets);
  guard(app, origin);
  app.use(chooseLanguage(services.cookies));
  languageRoutes(app, services.cookies);
  app.route('/', logInRoutes(services));
  app.route('/', secondStepRoutes(services));
  if (outbox !== null) app.route('/', outboxRoutes(services, outbox));
  for (const path of ['/master-data', '/browsers/*', '/security-events', '/two-factor/*'])
    app.use(path, requireLogin(services));
  app.route('/', masterDataRoutes(services));
  app.route('/', freshTokenRoutes(services));
  app.route('/', activationRoutes(services));
  app.route('/', recoveryCodesRoutes(services));
  app.route('/', renewalRoutes(services));
  app.route('/', removalRoutes(services));
  app.route('/', securityEventsRoutes(services));
  app.notFound((c) => {
    const view = viewOf(services, c);
    return page(c, <MessagePage view={view} {...view.words.pages.notFound} />, 404);
  });
  app.onError((error, c) => {
    if ('getResponse' in error) return error.getResponse();
    const view = viewOf(services, c);
    if (error instanceof BusyError) {
      c.header('Retry-After', '5');
      return page(c, <MessagePage view={view} {...view.words.pages.busy} />, 503);
    }
    console.error(error);
    return page(c, <MessagePage view={view} {...view.words.pages.failed} />, 500);
  });
  return app;
}
