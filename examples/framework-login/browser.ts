import { get } from 'node:http';

/** What came back, redirects followed. */
export interface Page {
  readonly status: number;
  /** Where it ended, without the parameters. */
  readonly path: string;
  /** Its parameters, with the question mark; empty without any. */
  readonly search: string;
  readonly headers: Headers;
  readonly html: string;
  /** What a screen reader announces; null if nothing. */
  readonly alert: string | null;
}

/** A browser without a screen: keeps cookies, follows redirects, and says where its forms come from. */
export class Browser {
  readonly #cookies = new Map<string, string>();
  /** Every `Set-Cookie` so far. */
  readonly setCookies: string[] = [];

  constructor(
    readonly url: string,
    readonly extraHeaders: Readonly<Record<string, string>> = {},
  ) {}

  /** The cookies' values; changes with the session's id. */
  get session(): string {
    return [...this.#cookies.values()].join();
  }

  get(path: string): Promise<Page> {
    return this.#follow(path, {});
  }

  /** Sends a form of our own pages, or with other `headers` those of another site. */
  post(
    path: string,
    fields: Record<string, string> = {},
    headers: Record<string, string> = { 'Sec-Fetch-Site': 'same-origin' },
  ): Promise<Page> {
    return this.#follow(path, headers, new URLSearchParams(fields));
  }

  logIn(number = '12345', password = 'correct horse battery staple'): Promise<Page> {
    return this.post('/login', { number, password });
  }

  /** The same cookies in another place: what a thief has. */
  copy(): Browser {
    const copy = new Browser(this.url, this.extraHeaders);
    for (const [name, value] of this.#cookies) copy.#cookies.set(name, value);
    return copy;
  }

  async #follow(path: string, headers: Record<string, string>, body?: URLSearchParams): Promise<Page> {
    const cookie = Array.from(this.#cookies, ([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(this.url + path, {
      ...(body === undefined ? {} : { method: 'POST', body }),
      headers: { ...this.extraHeaders, ...headers, ...(cookie === '' ? {} : { cookie }) },
      redirect: 'manual',
    });
    for (const line of response.headers.getSetCookie()) this.#keep(line);
    const location = response.headers.get('location');
    if (response.status === 303 && location !== null) return this.#follow(location, {});
    const html = await response.text();
    const alert = /role="alert"[^>]*>([^<]*)</.exec(html)?.[1] ?? null;
    const { pathname, search } = new URL(path, this.url);
    return { status: response.status, path: pathname, search, headers: response.headers, html, alert };
  }

  #keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (value === '') this.#cookies.delete(name);
    else this.#cookies.set(name, value);
    this.setCookies.push(line);
  }
}

/** What is answered to a GET of / under this name, which `fetch` does not let us choose. */
export function statusForHost(port: number, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = get({ port, host: '127.0.0.1', headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.once('error', reject);
  });
}
