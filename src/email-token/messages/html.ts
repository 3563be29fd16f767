import { escapeHtml } from './escape-html.js';
import type { Gapped, Wording } from './wording.js';

/**
 * The mail as one column of HTML, with a gap for the code. No text colour is named, so a light and a dark screen each use their own; the
 * grey around the code suits both.
 */
export function formatHtml({ language, subject, preview, above, below }: Wording): Gapped {
  const before = `<!doctype html>
<html lang="${escapeHtml(language)}" dir="ltr" style="color-scheme:light dark">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(subject)}</title>
</head>
<body style="margin:0">
<div style="${HIDDEN}">${escapeHtml(preview)}${PREVIEW_PADDING}</div>
<div style="${COLUMN}">
${formatParagraphs(above)}
<p style="${CODE}">`;
  const after = `</p>
${formatParagraphs(below)}
</div>
</body>
</html>
`;
  return { before, after };
}

/** With `mso-hide` for Outlook, which shows what `display` alone hides. */
const HIDDEN = 'display:none;mso-hide:all;overflow:hidden;max-height:0;opacity:0';
const COLUMN =
  'max-width:30em;margin:0 auto;padding:24px;overflow-wrap:anywhere;' +
  'font:16px/1.5 system-ui,-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif';
const CODE =
  'margin:24px 0;padding:16px;border:1px solid gray;background:rgba(128,128,128,.1);border-radius:8px;text-align:center;' +
  'font:700 32px/1.25 ui-monospace,Menlo,Consolas,monospace;letter-spacing:.1em;-webkit-user-select:all;user-select:all';

/** Without it a list of mails or a lock screen, which show the first 100 to 200 characters, would come to the code. */
const PREVIEW_PADDING = /* @__PURE__ */ '&zwnj;&nbsp;'.repeat(100);

function formatParagraphs(paragraphs: readonly string[]): string {
  return paragraphs.map((paragraph) => `<p style="margin:0 0 16px">${escapeHtml(paragraph)}</p>`).join('\n');
}
