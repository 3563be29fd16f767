import { assertString } from '../../internal/asserts.js';

/**
 * Escapes a text for HTML, as the content of an element or inside a quoted attribute.
 *
 * @param text - any text
 * @returns the text with `&`, `<`, `>`, `"` and `'` as character references
 * @throws {@link CountersignError} `ERR_INVALID_ARGUMENT` if it is no string
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
  // Most texts, codes first of all, have nothing to escape, and looking is cheaper than replacing.
  if (!/[&<>"']/.test(text)) return text;
  return text.replace(/[&<>"']/g, (character) => references[character] ?? '');
}

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // Not &apos;, which HTML has known only since version 5: some mail programs are older.
  "'": '&#39;',
};
