import { contenders } from '../contenders/all.mjs';
import { quantile, ratio } from '../harness/statistics.mjs';
import { rounded, short, table } from './format.mjs';

/** Contenders against the jobs of one section. */
export function otpTable({ jobs }, samples) {
  const rows = contenders
    .filter(({ name }) => jobs.some(({ id }) => samples[id][name] !== undefined))
    .map(({ name }) => [name, ...jobs.map(({ id }) => cell(samples[id], name))]);
  return table(['', ...jobs.map(({ title }) => title)], rows);
}

function cell(samples, name) {
  if (samples[name] === undefined) return '–';
  const rate = rounded(1e9 / quantile(samples[name]));
  return name === 'countersign' ? rate : `${rate} (${short(timesAsFast(samples, name))}×)`;
}

function timesAsFast(samples, name) {
  return ratio(samples[name], samples.countersign).median;
}
