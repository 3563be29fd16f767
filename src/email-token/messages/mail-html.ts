import { assertString } from '../../internal/asserts.js';

/** A mail as its HTML is written from. */
export interface MailContent {
  /** The language as a BCP 47 tag. */
  readonly tag: string;
  readonly direction: 'ltr' | 'rtl';
  readonly subject: string;
  readonly preview: string;
  readonly above: readonly string[];
  /** The code in its box; null if the mail carries none. */
  readonly code: string | null;
  readonly below: readonly string[];
}

/**
 * Formats a mail as one column of HTML. No text colour is named, so a light and a dark screen each use their own, and
 * the grey around the code suits both.
 */
export function formatHtml({ tag, direction, subject, preview, above, code, below }: MailContent): string {
  const box = code === null ? [] : [`<p dir="ltr" style="${codeStyle(code)}">${escapeHtml(code)}</p>`];
  return `<!doctype html>
<html lang="${escapeHtml(tag)}" dir="${direction}" style="color-scheme:light dark">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(subject)}</title>
</head>
<body style="margin:0">
<div style="${HIDDEN}">${escapeHtml(preview)}${'&zwnj;&nbsp;'.repeat(PREVIEW_PADDING)}</div>
<div style="${COLUMN}">
${[...above.map(formatParagraph), ...box, ...below.map(formatParagraph)].join('\n')}
</div>
</body>
</html>
`;
}

/**
 * Escapes a text for HTML, as the content of an element or inside a quoted attribute.
 *
 * @param text - any text
 * @returns the text with `&`, `<`, `>`, `"` and `'` as character references
 * @throws {@link CountersignError} `ERR_INVALID_ARGUMENT` if it is not a string
 * @see https://html.spec.whatwg.org/multipage/parsing.html for what ends a text or an attribute value
 * @example
 * ```ts
 * import { escapeHtml } from 'countersign';
 *
 * console.log(escapeHtml('Fish & Chips <b>')); // Fish &amp; Chips &lt;b&gt;
 * ```
 */
export function escapeHtml(text: string): string {
  assertString('text', text);
  // Not &apos;, which HTML has known only since version 5: some mail programs are older.
  return text.replace(/[&<>"']/g, (character) => `&${names.get(character) ?? '#39'};`);
}

const names: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ['&', 'amp'],
  ['<', 'lt'],
  ['>', 'gt'],
  ['"', 'quot'],
]);

/** With `mso-hide` for Outlook, which shows what `display` alone hides. */
const HIDDEN = 'display:none;mso-hide:all;overflow:hidden;max-height:0;opacity:0';
/** A list of mails and a lock screen show the first 100 to 200 characters: without padding they would reach the code. */
const PREVIEW_PADDING = 100;
const COLUMN =
  'max-width:30em;margin:0 auto;padding:24px;overflow-wrap:anywhere;' +
  'font:16px/1.5 system-ui,-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif';
const BOX =
  'margin:24px 0;padding:16px;border:1px solid gray;background:rgba(128,128,128,.1);border-radius:8px;' +
  'text-align:center;-webkit-user-select:all;user-select:all;';
const MAX_LARGE = 10;

/** Digits are large; 25 characters fit on a phone in two lines. */
function codeStyle(code: string): string {
  const size = code.length > MAX_LARGE ? 20 : 32;
  return `${BOX}font:700 ${size}px/1.25 ui-monospace,Menlo,Consolas,monospace;letter-spacing:.1em`;
}

function formatParagraph(text: string): string {
  return `<p style="margin:0 0 16px">${escapeHtml(text)}</p>`;
}
