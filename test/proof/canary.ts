/**
 * Searches everything that the flow prints, throws, tells, answers, stores and mails for the secrets that went through it:
 * `npx tsx test/proof/canary.ts [failures]`. The store fails at so many of its first calls in turn, before and after.
 */
import { searchLives } from './canary/search.js';

const [failures = '80'] = process.argv.slice(2);
const begun = performance.now();
const { findings, ...result } = await searchLives(Number(failures));
const seconds = Math.round((performance.now() - begun) / 1000);
process.stdout.write(`${JSON.stringify({ ...result, findings: findings.length, seconds })}\n`);
for (const finding of findings.slice(0, 20)) process.stdout.write(`FOUND ${JSON.stringify(finding)}\n`);
process.exitCode = findings.length === 0 ? 0 : 1;
