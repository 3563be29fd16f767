/** 12345.6 as 12,346. */
export function whole(number) {
  return Math.round(number).toLocaleString('en-US');
}

/** 3.14159 as 3.14, 31.4159 as 31.4, 314.159 as 314. */
export function short(number) {
  return number >= 100 ? whole(number) : number.toFixed(number >= 10 ? 1 : 2);
}

/** Three figures are all that a benchmark has. */
export function rounded(number) {
  return Number(number.toPrecision(3)).toLocaleString('en-US');
}

/** A Markdown table; the first column is text, the others are numbers. */
export function table(heads, rows) {
  const rule = heads.map((_, column) => (column === 0 ? '---' : '--:'));
  return [heads, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
