/*
 * Regular expressions with \p{…} are made when they are first needed, not where they stand: V8 looks up each one while
 * it reads the source, used or not, and importing the package took a tenth longer.
 */

/** Tells whether a text holds a control character (Unicode's category Cc) or half of a surrogate pair (Cs). */
export function hasControl(text: string): boolean {
  return /[\u0000-\u001f\u007f-\u009f\ud800-\udfff]/u.test(text);
}

/** One line that reads in one direction: a space for each run of white space, of such characters and of Bidi_Control. */
export function toOneLine(text: string): string {
  const others = /[\s\u0000-\u001f\u007f-\u009f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;
  return text.replace(others, ' ').trim();
}

/**
 * Tells whether a character may stand between the characters of a code or secret: any space (Unicode's category Zs), tab
 * or line break, any dash (Pd) or minus sign, and any invisible formatting character (Cf), such as the zero-width space
 * that a web page puts where a line may break.
 */
export function isSeparator(character: string): boolean {
  if (character <= '\u007f') return ' -\t\r\n'.includes(character);
  return (separators ??= new RegExp('[\\p{Zs}\\p{Pd}\\p{Cf}\u2212]', 'u')).test(character);
}

/** The value of a decimal digit of any script (Unicode's category Nd), or null for any other character. */
export function digitValue(character: string): number | null {
  if (!isDigit(character)) return null;
  const point = character.codePointAt(0) ?? 0;
  // The standard promises runs of ten in ascending order; some runs follow one another.
  let before = 0;
  while (isDigit(String.fromCodePoint(point - before - 1))) before++;
  return before % 10;
}

/** The letter of a full-width one, which a Japanese keyboard types; any other character as it is. */
export function halfWidth(character: string): string {
  return /[\uff21-\uff3a\uff41-\uff5a]/.test(character) ? character.normalize('NFKC') : character;
}

let separators: RegExp | undefined;
let decimals: RegExp | undefined;

function isDigit(character: string): boolean {
  return (decimals ??= new RegExp('\\p{Nd}', 'u')).test(character);
}
