import type { FaultsResult } from './play-faults.js';

/** A result as lines to read. */
export function faultsTable({ seen, durations, ...result }: FaultsResult): string {
  const sorted = [...durations].sort((a, b) => a - b);
  const at = (share: number): string =>
    String(Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0));
  const { email, authenticator } = result.accepted;
  const rows: [string, string | number][] = [
    ['logins', result.logins],
    ['codes accepted: mail, app', `${email}, ${authenticator}`],
    ...Object.entries(result.faults),
    ['logins that began more than once', result.repeated],
    ['most beginnings of one login', result.mostTries],
    ['ms to be in: median, p99, longest', `${at(0.5)}, ${at(0.99)}, ${at(1)}`],
    ...[...seen].sort(([a], [b]) => a.localeCompare(b)),
    ['violations', result.violations.length],
  ];
  const width = Math.max(...rows.map(([title]) => title.length));
  const lines = rows.map(([title, value]) => `  ${title.padEnd(width)}  ${value}`);
  return [result.name, ...lines, ...result.violations.slice(0, 20).map((line) => `  ! ${line}`), ''].join(
    '\n',
  );
}
