import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

/** What stands in backticks in the first cells of a section's tables. */
function namesInTables(page: string, heading: string): string[] {
  const [, after = ''] = read(page).split(new RegExp(`^#+ ${heading}$`, 'm'));
  const [section = ''] = after.split(/^#{1,3} /m);
  const cells = section.split('\n').map((line) => /^\| ([^|]+?) +\|/.exec(line)?.[1] ?? '');
  return cells.flatMap((cell) => Array.from(cell.matchAll(/`(\w+)`/g), ([, name = '']) => name));
}

/** The texts in quotes in a type of a source file. */
function namesInType(path: string, type: string): string[] {
  const [, after = ''] = read(path).split(new RegExp(`^export (?:type|interface) ${type}\\b`, 'm'));
  const [body = ''] = after.split(/^export /m);
  const code = body.replaceAll(/\/\*\*[^]*?\*\//g, '');
  return Array.from(code.matchAll(/'(\w+)'/g), ([, name = '']) => name);
}

const results = 'src/two-factor/flow-results.ts';
const refusals = namesInType(results, 'CodeRefusal');

describe('the guide to the flow', () => {
  it.each<[string, string, readonly string[]]>([
    ['begin', 'begin', namesInType(results, 'BeginResult')],
    ['complete', 'complete', [...refusals, ...namesInType(results, 'CompleteResult')]],
    [
      'the activation',
      'confirmActivation, beginActivation and adopt',
      [
        ...refusals,
        ...namesInType(results, 'ConfirmActivationResult'),
        ...namesInType(results, 'AdoptResult'),
      ],
    ],
    [
      'the other changes',
      'deactivate and renewRecoveryCodes',
      [
        ...refusals,
        ...namesInType(results, 'DeactivateResult'),
        ...namesInType(results, 'RenewRecoveryCodesResult'),
      ],
    ],
  ])('says what to show for each answer of %s', (_, heading, names) => {
    expect(names.length).toBeGreaterThan(4);
    expect(namesInTables('docs/guides/two-factor.md', heading)).toEqual(expect.arrayContaining([...names]));
  });
});

describe('the guide to e-mail tokens', () => {
  const contract = 'src/email-token/contract.ts';
  const shown = namesInTables('docs/guides/email-tokens.md', 'What the answers mean');

  it.each(['IssueResult', 'RedeemRefusalReason'])('says what to show for each reason of %s', (type) => {
    const names = namesInType(contract, type);
    expect(names.length).toBeGreaterThan(2);
    expect(shown).toEqual(expect.arrayContaining(names));
  });
});

describe('the guide to metrics', () => {
  it('has a row for each event, and none for another', () => {
    const [, after = ''] = read('src/two-factor/flow-results.ts').split('export type TwoFactorEventDetails');
    const [body = ''] = after.split(/^export /m);
    const types = Array.from(body.matchAll(/type: '(\w+)'/g), ([, type = '']) => type);
    expect(types).toContain('recovery_code_used');
    const rows = namesInTables('docs/guides/metrics-and-alarms.md', 'The events of the flow');
    expect(rows.filter((row) => row !== 'type').sort()).toEqual(types.sort());
  });
});

describe('the page of standards', () => {
  it('rests on promises that SECURITY.md makes', () => {
    const promised = Array.from(read('SECURITY.md').matchAll(/^(\d+)\. \*\*/gm), ([, number]) =>
      Number(number),
    );
    expect(promised).toEqual(Array.from({ length: 14 }, (_, index) => index + 1));
    const cells = read('docs/guides/standards.md').matchAll(/\| promises? ([\d, ]+?) +\|/g);
    const cited = Array.from(cells, ([, numbers = '']) => numbers.split(', ').map(Number)).flat();
    expect(cited.length).toBeGreaterThan(20);
    expect(cited.filter((number) => !promised.includes(number))).toEqual([]);
  });
});
