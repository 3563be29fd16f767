import { expect, it } from 'vitest';

/**
 * `it` for a body that throws when it fails and calls no `expect`, such as the cases of `testStore`. Vitest is set to
 * fail a test in which nothing was expected, so that no test can end early unnoticed.
 */
export function itPasses(title: string, body: () => Promise<void>): void {
  it(title, async () => {
    await expect(body()).resolves.toBeUndefined();
  });
}
