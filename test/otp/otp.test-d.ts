import { expectTypeOf, it } from 'vitest';
import {
  allowReplay,
  type HotpMatch,
  parseOtpauthUri,
  Secret,
  type TotpMatch,
  verifyHotp,
  verifyTotp,
  type Warning,
  checkCompatibility,
} from '../../src/index.js';

const secret = Secret.generate();

it('does not compile without the replay guard', () => {
  // @ts-expect-error lastTimeStep is required
  verifyTotp(secret, '287082', {});
  // @ts-expect-error lastTimeStep is required
  verifyTotp(secret, '287082', { window: { past: 1, future: 0 } });
  // @ts-expect-error undefined is no answer to it
  verifyTotp(secret, '287082', { lastTimeStep: undefined });
  // @ts-expect-error a bigint column has to be converted
  verifyTotp(secret, '287082', { lastTimeStep: 1n });
});

it('takes null, a step or allowReplay as the replay guard', () => {
  expectTypeOf(verifyTotp(secret, '1', { lastTimeStep: null })).toEqualTypeOf<TotpMatch | null>();
  expectTypeOf(verifyTotp(secret, '1', { lastTimeStep: 5 })).toEqualTypeOf<TotpMatch | null>();
  expectTypeOf(verifyTotp(secret, '1', { lastTimeStep: allowReplay })).toEqualTypeOf<TotpMatch | null>();
});

it('takes whatever a form brings as a code', () => {
  const typed = new FormData().get('code');
  expectTypeOf(verifyHotp(secret, typed, { counter: 0 })).toEqualTypeOf<HotpMatch | null>();
});

it('does not compile with wrong options', () => {
  // @ts-expect-error a bare number is no window
  verifyTotp(secret, '1', { lastTimeStep: null, window: 1 });
  // @ts-expect-error both sides are to be named
  verifyTotp(secret, '1', { lastTimeStep: null, window: { past: 1 } });
  // @ts-expect-error five digits are too few
  verifyTotp(secret, '1', { lastTimeStep: null, digits: 5 });
  // @ts-expect-error a misspelt option
  verifyTotp(secret, '1', { lastTimeStep: null, perod: 30 });
  // @ts-expect-error the text of a secret is no Secret
  verifyTotp('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', '1', { lastTimeStep: null });
  // @ts-expect-error bytes have no tail bits
  Secret.fromBytes(new Uint8Array(20), { allowTailBits: true });
  // @ts-expect-error Base32 text is a string
  Secret.fromBase32(new Uint8Array(20));
  // @ts-expect-error a Secret is not constructed
  new Secret();
});

it('tells totp and hotp URIs apart', () => {
  const parsed = parseOtpauthUri('');
  if (parsed.type === 'totp') expectTypeOf(parsed.period).toBeNumber();
  else expectTypeOf(parsed.counter).toBeNumber();
  expectTypeOf(parsed.issuer).toEqualTypeOf<string | null>();
  expectTypeOf(checkCompatibility).returns.toEqualTypeOf<Warning[]>();
});
