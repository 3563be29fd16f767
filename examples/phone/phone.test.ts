import { execFileSync, spawnSync } from 'node:child_process';
import { generateTotp, Secret } from 'countersign';
import { describe, expect, it } from 'vitest';
import { codeOf, readDevice, screenOf } from './device.js';

const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const uri = `otpauth://totp/Example%20Hosting:12345?secret=${secret}&issuer=Example%20Hosting`;

const program = ['--import', 'tsx', 'examples/phone/phone.ts'];

describe('the phone', () => {
  it('shows issuer, account, the code in two groups, and how long it is still shown', () => {
    expect(screenOf(readDevice(uri), new Date(59_000))).toEqual([
      'Example Hosting (12345)',
      '287 082',
      '█░░░░░░░░░░░░░░░░░░░ 1 s',
    ]);
  });

  it('has a full bar when a code is new, and half of one after half of its time', () => {
    const bars = [60_000, 75_000].map((at) => screenOf(readDevice(secret), new Date(at)).at(-1));
    expect(bars).toEqual(['████████████████████ 30 s', '██████████░░░░░░░░░░ 15 s']);
  });

  it('takes algorithm, digits and period from the URI', () => {
    const device = readDevice(`${uri}&algorithm=SHA256&digits=8&period=60`);
    const parameters = { algorithm: 'SHA256', digits: 8, period: 60 } as const;
    const at = new Date(1_111_111_109_000);
    expect(codeOf(device, at)).toBe(generateTotp(Secret.fromBase32(secret), { ...parameters, at }));
    expect(screenOf(device, at)[1]).toMatch(/^\d{4} \d{4}$/);
  });

  it('takes a secret as it is printed below a QR code, and shows no title', () => {
    const lines = screenOf(readDevice('gezd gnbv gy3t qojq gezd gnbv gy3t qojq'), new Date(59_000));
    expect(lines).toEqual(['287 082', '█░░░░░░░░░░░░░░░░░░░ 1 s']);
  });

  it('refuses a counter and what is no secret, and repeats neither', () => {
    expect(() => readDevice(uri.replace('totp', 'hotp') + '&counter=0')).toThrow(
      /has a clock and no counter/,
    );
    expect(() => readDevice('hunter2!')).toThrow(/^(?!.*hunter2)/);
  });

  it('prints the code alone where its output is no terminal', () => {
    const codeNow = () => codeOf(readDevice(secret), new Date());
    const before = codeNow();
    const printed = execFileSync(process.execPath, program, {
      input: `${secret}\n`,
      encoding: 'utf8',
      stdio: 'pipe',
    });
    expect([before, codeNow()]).toContain(printed.trim());
  });

  it('answers a typo with one line that does not repeat it', () => {
    const { stdout, stderr, status } = spawnSync(process.execPath, program, {
      input: 'hunter2!\n',
      encoding: 'utf8',
    });
    expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
    expect(stderr).toMatch(/^phone: (?!.*hunter2).+\n$/);
  });
});
