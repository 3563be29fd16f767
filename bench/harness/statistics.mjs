/** The value below which a share of the values lies; the median by default. */
export function quantile(values, share = 0.5) {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)];
  return below + (sorted[Math.ceil(place)] - below) * (place % 1);
}

/** Median and middle half of the quotients of two series that were taken in turns. */
export function ratio(numerators, denominators) {
  const quotients = numerators.map((value, round) => value / denominators[round]);
  return { median: quantile(quotients), low: quantile(quotients, 0.25), high: quantile(quotients, 0.75) };
}
