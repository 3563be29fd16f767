import { contenders } from '../contenders/all.mjs';
import { quantile } from '../harness/statistics.mjs';
import { rounded } from './format.mjs';

const panels = [
  { title: 'Verify from Base32 text, wrong code, window ±1', id: 'verifyFromText SHA1 1 wrong' },
  { title: 'Verify with a kept secret, wrong code, window ±1', id: 'verifyKept SHA1 1 wrong' },
  { title: 'Generate with a kept secret', id: 'generateKept SHA1 1' },
];

const width = 760;
const labelWidth = 150;
const barWidth = 480;
const row = 22;

// Tones between the two backgrounds: a picture does not learn which theme the page around it has.
const ink = '#7a7d85';
const own = '#2f81f7';
const peer = '#9a9ea6';

/** A bar chart of SHA-1, acts a second, longer is better. */
export function chart({ otp }) {
  let top = 8;
  const parts = panels.map(({ title, id }) => {
    const bars = barsOf(otp[id]);
    const part = panel(title, bars, top);
    top += row * (bars.length + 1) + 20;
    return part;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${top}" role="img" font-family="system-ui, sans-serif" font-size="13" fill="${ink}">
<title>Acts a second by library, SHA-1, longer is better</title>
${parts.join('\n')}
</svg>
`;
}

function barsOf(samples) {
  return contenders
    .filter(({ name }) => samples[name] !== undefined)
    .map(({ name, isLimit = false }) => ({ name, isLimit, rate: 1e9 / quantile(samples[name]) }));
}

function panel(title, bars, top) {
  const longest = Math.max(...bars.map(({ rate }) => rate));
  const head = text(0, top + 14, `${title}, a second`, 'font-weight="600"');
  const lines = bars.map((bar, index) =>
    barLine(bar, top + row * (index + 1), (barWidth * bar.rate) / longest),
  );
  return [head, ...lines].join('\n');
}

function barLine({ name, isLimit, rate }, top, length) {
  const paint = isLimit ? `fill="none" stroke="${ink}" stroke-dasharray="3 2"` : `fill="${colour(name)}"`;
  const size = `x="${labelWidth}" y="${top + 3}" width="${length.toFixed(1)}" height="${row - 7}"`;
  return [
    text(labelWidth - 8, top + 15, name, 'text-anchor="end"'),
    `<rect ${size} rx="2" ${paint}/>`,
    text(labelWidth + length + 6, top + 15, rounded(rate)),
  ].join('');
}

function colour(name) {
  return name === 'countersign' ? own : peer;
}

function text(x, y, content, attributes = '') {
  return `<text x="${x.toFixed(1)}" y="${y}" ${attributes}>${content}</text>`;
}
