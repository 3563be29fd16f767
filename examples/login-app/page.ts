import type { Context } from 'hono';
import { html } from 'hono/html';
import type { JSX } from 'hono/jsx/jsx-runtime';

export type PageStatus = 200 | 401 | 404 | 422 | 500;

/** Answers with a page. */
export function page(
  c: Context,
  content: JSX.Element,
  status: PageStatus = 200,
): Response | Promise<Response> {
  return c.html(html`<!doctype html>${content}`, status);
}
