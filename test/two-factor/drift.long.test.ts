import { describe, expect, it } from 'vitest';
import { refusedByFixedWindow, refusedByFlow } from '../support/flow/typing.js';

const offsets = Array.from({ length: 13 }, (_, index) => index * 5 - 30);

describe('fault 4: at no offset within 30 seconds are more right codes refused than by a fixed window', () => {
  it.each(offsets)('%i s ahead, in 4,000 logins', async (offset) => {
    const typing = { offset, logins: 4000, seed: 4 };
    const fixed = refusedByFixedWindow(typing, { past: 1, future: 1 });
    const followed = await refusedByFlow(typing);
    const percent = (count: number): string => `${((count / typing.logins) * 100).toFixed(1)} %`;
    process.stderr.write(
      `phone ${offset} s ahead: ${percent(followed)} refused, ${percent(fixed)} by a fixed window\n`,
    );
    expect(followed).toBeLessThanOrEqual(fixed);
  });
});
