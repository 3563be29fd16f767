/** What the table compares: this package and its peers, in the order of the columns. */
export const subjects = ['countersign', 'otplib', 'otpauth', 'better-auth', 'speakeasy', 'node-2fa'] as const;

/** A column of the table. */
export type Subject = (typeof subjects)[number];

/** What one package does about one feature, with the line of code that shows it. */
export interface Cell {
  readonly mark: 'yes' | 'partly' | 'no';
  /** A few words beside the mark; empty if the mark says it all. */
  readonly note: string;
  /** An expression that runs with the exports of the package's prelude in scope. */
  readonly line: string;
  /** What the line comes to, as `util.inspect` prints it, or `throws` and the error's name. */
  readonly prints: string;
}

/** A row of the table. */
export interface Feature {
  readonly name: string;
  readonly cells: Readonly<Record<Subject, Cell>>;
}

/** The package does it, and this line shows that. */
export function yes(line: string, prints: string, note = ''): Cell {
  return { mark: 'yes', note, line, prints };
}

/** The package does some of it, or leaves some of it to the caller. */
export function partly(note: string, line: string, prints: string): Cell {
  return { mark: 'partly', note, line, prints };
}

/** The package does not do it, or does it wrongly, and this line shows that. */
export function no(note: string, line: string, prints: string): Cell {
  return { mark: 'no', note, line, prints };
}

/** The package offers nothing that is called anything like it. */
export function lacks(name: RegExp): Cell {
  return no('', `names.filter((name) => ${String(name)}.test(name))`, '[]');
}
