/**
 * Holds what `explainPolicy` states of random policies against attackers who play a year through the public calls:
 * `npx tsx test/proof/policy.ts [policies] [seed] [strategies]`. Prints a table of what is stated beside the best attack.
 */
import { attackPolicies, type PolicyRow } from './policy/attack-year.js';

const [policies = 20, seed = 1, strategies = 99] = process.argv.slice(2).map(Number);

function print({ policy, factor, hasHelp, stated, best, strategy }: PolicyRow): void {
  const cells = [policy, factor, hasHelp ? 'with every help' : 'alone', stated, best, strategy];
  process.stdout.write(`| ${cells.join(' | ')} |${best > stated ? ' PASSED' : ''}\n`);
}

process.stdout.write('| policy | factor | attacker | stated | best attack | strategy |\n');
const rows = await attackPolicies({ policies, seed, strategies, report: print });
const passed = rows.filter(({ best, stated }) => best > stated).length;
const closest = Math.min(...rows.filter(({ stated }) => stated > 0).map(({ best, stated }) => best / stated));
const years = rows.reduce((sum, { attackers }) => sum + attackers, 0);
process.stdout.write(`${JSON.stringify({ policies, seed, years, passed, closest: closest.toFixed(3) })}\n`);
process.exitCode = passed === 0 ? 0 : 1;
