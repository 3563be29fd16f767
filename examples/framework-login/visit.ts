import type { LoginSession } from './session.js';

/** What an act reads of a request. */
export interface Visit {
  readonly session: LoginSession | undefined;
  /** The fields of the form, or nothing where there is none. */
  readonly form: unknown;
  /** The parameters of the address. */
  readonly query: unknown;
  /** Whether the browser reached us over https. */
  readonly isSecure: boolean;
  /** The header of this name. */
  readonly header: (name: 'cookie' | 'accept-language') => string | undefined;
}

/** What the framework does after an act: shows a page, or leads to one. */
export type Answer =
  | { readonly page: string }
  | {
      readonly goTo: string;
      readonly change?: SessionChange | undefined;
      readonly browser?: KnownBrowser | undefined;
    };

/** What becomes of the session. */
export type SessionChange =
  /** Under a fresh id: a cookie that somebody planted or saw before this step opens nothing after it. */
  | { readonly is: 'renewed'; readonly session: LoginSession }
  | { readonly is: 'kept'; readonly session: LoginSession }
  | { readonly is: 'ended' };

/** The value for the cookie of a known browser. */
export interface KnownBrowser {
  readonly userId: string;
  readonly value: string;
  readonly expiresAt: Date;
}

/** One form, or one page. */
export type Act = (visit: Visit) => Promise<Answer>;

/** A field as text. Anything else, such as a field that was sent twice, is an empty one. */
export function textOf(fields: unknown, name: string): string {
  const value: unknown =
    typeof fields === 'object' && fields !== null ? Reflect.get(fields, name) : undefined;
  return typeof value === 'string' ? value : '';
}

/** The language that the browser likes best, for the mail. */
export function localeOf({ header }: Visit): string | undefined {
  const ranges = (header('accept-language') ?? '').split(',').map((range) => {
    const [, tag, quality = '1'] = /^\s*([a-z]{2,8}(?:-[a-z\d]+)*)\s*(?:;\s*q=([\d.]+))?/i.exec(range) ?? [];
    return { tag, quality: Number(quality) };
  });
  return ranges.filter(({ tag }) => tag !== undefined).sort((a, b) => b.quality - a.quality)[0]?.tag;
}
