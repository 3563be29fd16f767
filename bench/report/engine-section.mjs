import { quantile, ratio } from '../harness/statistics.mjs';
import { rounded, table } from './format.mjs';

/** Issue and redeem against the bare commands. */
export function engineSection(results) {
  const rows = results.flatMap((result) => ['issue', 'redeem'].map((act) => row(result, act)));
  return `## Mailed tokens

Acts a second over all processes. “Bare” are the same two commands, recorded from the act and sent again for other records through the same client; the share is the median over the rounds. Each act takes two round trips: the benchmark fails if it does not. On Redis the reads of one turn of the event loop share a command, as [decision 14](decisions/0014-reads-of-one-turn-go-together.md) tells, so that many acts at once may outrun the bare pair. The mail service costs nothing here. Bare commands of the memory store are two operations of a Map, so its share says nothing.

${table(['', 'processes × concurrency', 'act', 'acts a second', 'bare', 'share of bare'], rows)}`;
}

/** What an act leaves of the throughput of its bare commands. */
export function shareOfBare({ rates }, act) {
  return ratio(rates[act], rates[`bare${act[0].toUpperCase()}${act.slice(1)}`]);
}

function row(result, act) {
  const { title, processes, concurrency, rates } = result;
  const head = [title, `${processes} × ${concurrency}`, act];
  if (rates === null) return [...head, 'skipped: no engine answers', '', ''];
  const bare = quantile(rates[act === 'issue' ? 'bareIssue' : 'bareRedeem']);
  const share = Math.round(100 * shareOfBare(result, act).median);
  return [...head, rounded(quantile(rates[act])), rounded(bare), `${share} %`];
}
