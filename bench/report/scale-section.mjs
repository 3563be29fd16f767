import { quantile } from '../harness/statistics.mjs';
import { short, table, whole } from './format.mjs';

/** How cost grows with the window, and with the tokens in a store. */
export function scaleSection({ windows, scale }) {
  const { base, slope } = fit(windows);
  const windowRows = Object.entries(windows).map(([steps, samples]) => {
    const measured = quantile(samples) / 1000;
    return [steps, short(measured), short((base + slope * Number(steps)) / 1000)];
  });
  const scaleRows = scale.map(({ size, microseconds, bytesPerToken }) => [
    whole(size),
    short(quantile(microseconds)),
    short(quantile(microseconds, 0.9)),
    whole(bytesPerToken),
  ]);
  return `## Scale

Verifying a wrong code with a kept secret, against a straight line through the measurements:

${table(['steps in the window', 'µs', 'µs on the line'], windowRows)}

Redeeming from a \`memoryStore\`, one after the other:

${table(['live tokens', 'µs, median', 'µs, 90 of 100', 'bytes a token'], scaleRows)}`;
}

/** Least squares over the medians, relative to their size. */
export function fit(windows) {
  const points = Object.entries(windows).map(([steps, samples]) => [Number(steps), quantile(samples)]);
  const sum = (of) => points.reduce((total, [x, y]) => total + of(x, y) / y ** 2, 0);
  const [n, sx, sy, sxx, sxy] = [() => 1, (x) => x, (_, y) => y, (x) => x * x, (x, y) => x * y].map(sum);
  const slope = (n * sxy - sx * sy) / (n * sxx - sx * sx);
  return { slope, base: (sy - slope * sx) / n };
}
