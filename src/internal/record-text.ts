import { CountersignError } from './errors.js';

/** Reads a JSON list that begins with its version, and gives it; throws `ERR_RECORD_UNREADABLE` for anything else. */
export function readRecordText(text: string, version: number): readonly unknown[] {
  const parsed = parseJson(text);
  if (!Array.isArray(parsed) || parsed[0] !== version) return failUnreadable();
  return parsed as readonly unknown[];
}

/** Never an empty state: a record that somebody damaged would start again with all its attempts. */
export function failUnreadable(): never {
  throw new CountersignError(
    'ERR_RECORD_UNREADABLE',
    'a stored record is not of this version of countersign, or not under any of its keys',
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Without its cause, whose message repeats the text.
    return failUnreadable();
  }
}
