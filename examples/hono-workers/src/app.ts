import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Services } from '../../framework-login/acts.js';
import { localHosts, MAX_FORM_BYTES, refuseRequest } from '../../framework-login/guard.js';
import { browserCookie, cookieText } from '../../framework-login/known-browser.js';
import { loginActs } from '../../framework-login/login.js';
import { errorPage, pageHeaders } from '../../framework-login/pages.js';
import { settingsActs } from '../../framework-login/settings.js';
import type { Act } from '../../framework-login/visit.js';
import { describeError, noSuchPage, tooLong } from '../../framework-login/words.js';
import { isSecure, type Sessions } from './sessions.js';

/** What the routes work with. */
export interface AppServices extends Services {
  readonly sessions: Sessions;
  /** The names that browsers reach the Worker by. */
  readonly hosts?: readonly string[];
}

/** The login as a Hono app, for one request: a Worker has its bindings only there. */
export function createApp({ sessions, hosts = localHosts, ...services }: AppServices): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    const refusal = refuseRequest({ method: c.req.method, headers: c.req.header() }, hosts);
    return refusal === null ? next() : html(errorPage(refusal.message), refusal.status);
  });
  app.use(bodyLimit({ maxSize: MAX_FORM_BYTES, onError: () => html(errorPage(tooLong), 413) }));
  const login = loginActs(services);
  const settings = settingsActs(services);
  app.get('/', answer(login.home, sessions));
  app.post('/login', answer(login.logIn, sessions));
  app.get('/security-token', answer(login.askCode, sessions));
  app.post('/security-token', answer(login.complete, sessions));
  app.post('/security-token/new', answer(login.sendAgain, sessions));
  app.post('/logout', answer(login.logOut, sessions));
  app.get('/master-data', answer(settings.masterData, sessions));
  app.post('/activation', answer(settings.activate, sessions));
  app.get('/activation', answer(settings.showActivation, sessions));
  app.post('/activation/token', answer(settings.prove, sessions));
  app.post('/activation/confirm', answer(settings.confirm, sessions));
  app.get('/recovery-codes', answer(settings.showCodes, sessions));
  app.post('/deactivation', answer(settings.deactivate, sessions));
  app.notFound(() => html(errorPage(noSuchPage), 404));
  app.onError((error) => {
    console.error(error);
    const { status, message } = describeError(error);
    return html(errorPage(message), status);
  });
  return app;
}

function answer(act: Act, sessions: Sessions): (c: Context) => Promise<Response> {
  return async (c) => {
    const result = await act({
      session: await sessions.read(c),
      form: c.req.method === 'POST' ? await c.req.parseBody() : undefined,
      query: c.req.query(),
      isSecure: isSecure(c),
      header: (name) => c.req.header(name),
    });
    if ('page' in result) return html(result.page);
    if (result.change !== undefined) await sessions.change(c, result.change);
    if (result.browser !== undefined) {
      const cookie = browserCookie(result.browser, isSecure(c));
      c.header('Set-Cookie', cookieText(cookie), { append: true });
    }
    return c.redirect(result.goTo, 303);
  };
}

function html(page: string, status = 200): Response {
  const headers = { ...pageHeaders, 'Content-Type': 'text/html; charset=utf-8' };
  return new Response(page, { status, headers });
}
