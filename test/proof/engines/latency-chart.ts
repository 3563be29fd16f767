import type { Latencies } from './latencies.js';

/** One line of the chart. */
export interface Curve {
  readonly title: string;
  readonly latencies: Latencies;
}

/** Draws which share of the calls was answered within which time; the time's axis is logarithmic. */
export function latencyChart(curves: readonly Curve[]): string {
  const decades = [0.1, 1, 10, 100, 1000, 10_000];
  const grid = decades.map((ms) => {
    const x = placeOf(ms);
    const label = ms < 1000 ? `${ms} ms` : `${ms / 1000} s`;
    return `<path d="M${x} ${TOP}V${BOTTOM}" stroke="#ddd"/><text x="${x}" y="${BOTTOM + 18}" text-anchor="middle">${label}</text>`;
  });
  const levels = [0, 0.25, 0.5, 0.75, 1].map((share) => {
    const y = heightOf(share);
    return `<path d="M${LEFT} ${y}H${RIGHT}" stroke="#ddd"/><text x="${LEFT - 8}" y="${y + 4}" text-anchor="end">${share * 100} %</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 360" font-family="sans-serif" font-size="12" fill="#222">`,
    '<title>Share of calls answered within a time</title>',
    '<rect width="720" height="360" fill="#fff"/>',
    ...grid,
    ...levels,
    `<text x="${(LEFT + RIGHT) / 2}" y="${BOTTOM + 36}" text-anchor="middle">time from a call to its answer</text>`,
    ...curves.flatMap(drawCurve),
    '</svg>\n',
  ].join('\n');
}

const LEFT = 60;
const RIGHT = 700;
const TOP = 20;
const BOTTOM = 320;
const colours = ['#1f5fa8', '#b3541e', '#2c7a3f', '#7a3fa0', '#8a7a12'];

function drawCurve({ title, latencies }: Curve, index: number): string[] {
  const colour = colours[index % colours.length] ?? '#000';
  const points = latencies.shares().map(({ ms, share }) => `${placeOf(ms)},${heightOf(share)}`);
  const y = TOP + 20 + index * 18;
  return [
    `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${points.join(' ')}"/>`,
    `<text x="${LEFT + 12}" y="${y}" fill="${colour}">${title}</text>`,
  ];
}

function placeOf(ms: number): number {
  const decade = Math.log10(Math.min(10_000, Math.max(0.1, ms))) + 1;
  return Math.round(LEFT + (decade / 5) * (RIGHT - LEFT));
}

function heightOf(share: number): number {
  return Math.round(BOTTOM - share * (BOTTOM - TOP));
}
