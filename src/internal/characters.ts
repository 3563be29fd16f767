/*
 * Characters by their numbers: V8 looks up every \p{...} of a package while it reads it, and importing took a tenth
 * longer. The tests compare with what Unicode says.
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
