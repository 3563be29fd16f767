// The one of the root package, so that the page is formatted as everything else.
import { format, resolveConfig } from 'prettier';
import { fileURLToPath } from 'node:url';
import { otpTables } from '../otp/otp-jobs.mjs';
import { engineSection } from './engine-section.mjs';
import { mustShow } from './must-show.mjs';
import { otpTable } from './otp-table.mjs';
import { scaleSection } from './scale-section.mjs';
import { weightSection } from './weight-section.mjs';

const target = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));

/** The whole of docs/benchmarks.md. */
export async function page(run, results) {
  const parts = [
    '# Benchmarks',
    'Written by `npm run bench`; edit nothing here by hand.',
    '![Codes and verifications a second, by library](benchmarks.svg)',
    about(run),
    '## What has to be shown',
    mustShow(results).join('\n'),
    '## One-time passwords',
    'Acts a second, and in brackets how many times as fast countersign is. A dash: the library cannot do it.',
    ...otpTables.flatMap((section) => [`### ${section.title}`, otpTable(section, results.otp)]),
    scaleSection(results),
    engineSection(results.engines),
    weightSection(results),
  ];
  return format(parts.join('\n\n'), { ...(await resolveConfig(target)), filepath: target });
}

function about({ date, machine, load, node, openssl, versions, pace }) {
  return `## How it was measured

- ${date}, Node ${node} with OpenSSL ${openssl}, ${machine}; load average ${load} at the end.
- Peers: ${versions.join(', ')}.
- Before anything is timed each contender must give the right answers: the right code, both ends of the window, one step beyond either end, a wrong code; a URI that says what it should.
- Each column is a process of its own. In it the contenders take turns: ${pace.otp.rounds} rounds, one sample of ${pace.otp.sampleMs} ms each a round, in an order that changes. Numbers are medians over the rounds; ratios are medians of the ratios within each round, so that what else the machine does meets all alike.
- “From text” begins with the Base32 text each time. “Kept secret” keeps whatever the library lets one keep.
- otpauth, notp, speakeasy and time2fa hash with \`node:crypto\` in Node, and totp-generator with WebCrypto, which both are OpenSSL in C; countersign, otplib and @oslojs/otp hash in JavaScript and run everywhere.
- “limit: noble blocks” is the cost of the hash’s compressions alone (two a code, two more for a secret that is not kept), “limit: createHmac” that of OpenSSL’s HMAC called once a code, both without reading, formatting or comparing anything.
- Peers stop at the first code that fits. countersign always computes the whole window: time tells nobody where a guess came close. So a right code costs it as much as a wrong one.`;
}
