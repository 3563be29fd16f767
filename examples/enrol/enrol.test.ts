import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { generateTotp, Secret } from 'countersign';
import { describe, expect, it } from 'vitest';
import { bitmapOf, decodeBitmap } from '../../test/qr/decode.js';
import { describeWith, hasCommand } from '../../test/support/engines/external.js';

const program = fileURLToPath(new URL('enrol.ts', import.meta.url));
const base32 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const secret = Secret.fromBase32(base32);

// The step may turn between the test's clock and the program's.
const accepted = /^✓ accepted, (on time|one step late \(drift -1\))\. The next code comes in \d+ s\.$/;
const used = /^✗ already used: .* The next code comes in \d+ s\.$/;
const wrong = /^✗ wrong: .* The next code comes in \d+ s\.$/;

describe('the codes', () => {
  it('are accepted once, and a used one is told from a wrong one', () => {
    const code = generateTotp(secret);
    const [first, second, third] = verdicts([code, code, wrongCode(code)]);
    expect(first).toMatch(accepted);
    expect(second).toMatch(used);
    expect(third).toMatch(wrong);
  });

  it('may have a space in the middle, and empty lines count for nothing', () => {
    const code = generateTotp(secret);
    expect(verdicts(['', `  ${code.slice(0, 3)} ${code.slice(3)}`, '   '])).toEqual([
      expect.stringMatching(accepted),
    ]);
  });

  it('are wrong when they are garbage, and the program goes on', () => {
    const garbage = ['💥🔑', 'x'.repeat(10_000), '9'.repeat(10_000), '-1', '1e5', '\0', '١٢٣٤٥٦'];
    const lines = verdicts([...garbage, generateTotp(secret)]);
    expect(lines).toHaveLength(garbage.length + 1);
    for (const line of lines.slice(0, -1)) expect(line).toMatch(wrong);
    expect(lines.at(-1)).toMatch(accepted);
  });

  it('are summed up at the end of input', () => {
    const code = generateTotp(secret);
    const { stdout, status } = enrol(['--secret', base32], [code, code]);
    expect(stdout).toMatch(/\nCodes accepted: 1, refused: 1\.\n$/);
    expect(status).toBe(0);
  });
});

describeWith('oathtool', hasCommand('oathtool'), 'the codes of another implementation', () => {
  it('are accepted for a secret that the program has made', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', program]);
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      const made = /^Secret {2}([A-Z2-7 ]+)$/m.exec(stdout)?.[1];
      if (made && !child.stdin.writableEnded) child.stdin.end(oathtool(made));
    });
    await once(child, 'close');
    expect(stdout).toMatch(new RegExp(accepted, 'm'));
  });
});

describe('the enrolment', () => {
  it('prints a title, the URI and the secret in groups of four', () => {
    const { stdout } = enrol(['--secret', base32, '--issuer', 'My Shop', '--account', 'bob'], []);
    expect(stdout).toContain('Add "My Shop" (bob) to your authenticator app\n');
    expect(stdout).toContain(`URI     otpauth://totp/My%20Shop:bob?secret=${base32}&issuer=My%20Shop\n`);
    expect(stdout).toContain('Secret  GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ\n');
  });

  it('makes another secret each time', () => {
    const made = [enrol([], []), enrol([], [])].map(({ stdout }) => /Secret .*/.exec(stdout)?.[0]);
    expect(made[0]).toMatch(/^Secret {2}([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/);
    expect(made[0]).not.toBe(made[1]);
  });

  it('has no escape codes and no prompt in a pipe', () => {
    const { stdout } = enrol([], ['123456']);
    expect(stdout).not.toMatch(/\x1b|code>/);
  });
});

describeWith('zbarimg', hasCommand('zbarimg'), 'the printed QR code', () => {
  it('reads as the printed URI', () => {
    const { stdout } = enrol([], []);
    const lines = stdout.split('\n').filter((line) => /^[ ▀▄█]{20,}$/.test(line));
    expect(decodeBitmap(bitmapOf(lines, 'light'))).toBe(/otpauth:.*/.exec(stdout)?.[0]);
  });
});

describe('a wrong argument', () => {
  it.each([
    ['a typo in the secret', ['--secret', `${base32.slice(0, -1)}1`], /not Base32.* index 31/],
    ['half a secret', ['--secret', base32.slice(0, 16)], /10 bytes.* 16/],
    ['a secret without quotes', ['--secret', ...(base32.match(/.{4}/g) ?? [])], /needs quotes/],
    ['an option without its value', ['--secret'], /argument missing/],
    ['an unknown option', ['--period', '60'], /Unknown option '--period'/],
    ['a colon in the issuer', ['--issuer', 'a:b'], /issuer.* colon/],
  ])('gives one line on stderr: %s', (_, args, reason) => {
    const { stdout, stderr, status } = enrol(args, []);
    expect(stderr).toMatch(/^enrol: .+\n$/);
    expect(stderr).toMatch(reason);
    expect(stderr).not.toMatch(/GEZD|GNBV|QOJQ/);
    expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
  });
});

describe('--help', () => {
  it('names the options', () => {
    const { stdout, status } = enrol(['--help'], []);
    expect(stdout).toMatch(/^Usage: .*--secret.*--issuer.*--account/);
    expect(status).toBe(0);
  });
});

describe('an interrupt', () => {
  it('ends the program with the summary', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', program]);
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      if (stdout.includes('✗ wrong') && !child.killed) child.kill('SIGINT');
    });
    child.stdin.write('000\n');
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(stdout).toMatch(/Codes accepted: 0, refused: 1\.\n$/);
  });
});

function enrol(args: readonly string[], lines: readonly string[]) {
  const input = lines.map((line) => `${line}\n`).join('');
  return spawnSync(process.execPath, ['--import', 'tsx', program, ...args], { input, encoding: 'utf8' });
}

/** The program's answers to these lines, typed for the secret of these tests. */
function verdicts(lines: readonly string[]): string[] {
  const { stdout } = enrol(['--secret', base32], lines);
  return stdout.split('\n').filter((line) => /^[✓✗]/.test(line));
}

/** A code of none of the steps around now. */
function wrongCode(code: string): string {
  const near = [-60, -30, 0, 30, 60].map((seconds) =>
    generateTotp(secret, { at: Date.now() + seconds * 1000 }),
  );
  const others = ['000000', '111111', '222222', '333333', '444444', '555555'];
  return others.find((other) => other !== code && !near.includes(other)) ?? code;
}

function oathtool(secretText: string): string {
  return spawnSync('oathtool', ['--totp', '-b', secretText], { encoding: 'utf8' }).stdout;
}
