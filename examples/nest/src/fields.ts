/** What the parser made of a form. */
export type Fields = Readonly<Record<string, unknown>> | undefined;

/** A field as text. Whatever is no text, such as a field that was sent twice, is an empty one. */
export function textOf(fields: Fields, name: string): string {
  const value = fields?.[name];
  return typeof value === 'string' ? value : '';
}
