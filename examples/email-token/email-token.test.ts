import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('email-token.ts', import.meta.url));

describe('the e-mail token example', () => {
  let output = '';

  beforeAll(async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program]);
    output = stdout;
  });

  it('prints the mail, with the code alone on its line', () => {
    expect(output).toContain('Subject: Your security token for Acme\n');
    expect(output).toMatch(/^\d{6}$/m);
    expect(output).toContain('good for 15 minutes');
  });

  it('takes the code once', () => {
    expect(output).toMatch(
      /first time: {2}\{\s*ok: true,\s*subject: '4711',\s*purpose: 'login',\s*to: 'ada@example.com'\s*\}/,
    );
    expect(output).toMatch(/second time: \{\s*ok: false,\s*reason: 'replayed'/);
  });
});
