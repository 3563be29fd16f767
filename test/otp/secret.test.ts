import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { type Algorithm, generateTotp, Secret } from '../../src/index.js';

const text = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const secret = Secret.fromBase32(text);
generateTotp(secret);

describe('Secret', () => {
  it('makes secrets of 20 bytes by default, and no two alike', () => {
    const made = new Set(Array.from({ length: 1000 }, () => Secret.generate().toBase32()));
    expect(made.size).toBe(1000);
    expect(Secret.generate().byteLength).toBe(20);
    expect(Secret.generate({ bytes: 16 }).byteLength).toBe(16);
    expect(Secret.generate({ bytes: 128 }).byteLength).toBe(128);
  });

  it('reads back what it writes, up to 128 bytes in groups of four', () => {
    const long = Secret.generate({ bytes: 128 });
    const grouped = long.toBase32().replaceAll(/.{4}/g, '$& ');
    expect(Secret.fromBase32(grouped).toBytes()).toEqual(long.toBytes());
  });

  it('shares no memory with the bytes that went in or came out, a Buffer of the pool included', () => {
    const bytes = Buffer.from('12345678901234567890');
    const own = Secret.fromBytes(bytes);
    bytes.fill(0);
    own.toBytes().fill(0);
    expect(own.toBase32()).toBe(text);
    expect(own.toBytes().buffer.byteLength).toBe(20);
  });

  it.each([
    ['a no-break space', 'GEZD\u00a0GNBV\u00a0GY3T\u00a0QOJQ\u00a0GEZD\u00a0GNBV\u00a0GY3T\u00a0QOJQ'],
    ['a line feed at the end', `${text}\n`],
    ['line breaks', text.replaceAll(/.{8}/g, '$&\r\n')],
    ['tabs', text.replaceAll(/.{4}/g, '$&\t')],
    ['dashes and en dashes', text.replaceAll(/.{8}/g, '$&-').replaceAll(/.{5}/g, '$&\u2013')],
    ['zero-width spaces', text.replaceAll(/.{4}/g, '$&\u200b')],
    ['lower case and an ideographic space', text.toLowerCase().replaceAll(/.{4}/g, '$&\u3000')],
  ])('is read from text with %s', (_, typed) => {
    expect(Secret.fromBase32(typed).toBase32()).toBe(text);
  });

  it('is read from text of at most 512 characters', () => {
    expect(Secret.fromBase32(`${text}${' '.repeat(512 - text.length)}`).toBase32()).toBe(text);
    expect(() => Secret.fromBase32(`${text}${' '.repeat(513 - text.length)}`)).toThrow(
      'at most 512 characters',
    );
  });

  it('is read from text with non-zero tail bits only if the caller allows it', () => {
    const cut = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PX';
    expect(() => Secret.fromBase32(cut)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_BASE32' }));
    expect(() => Secret.fromBase32(cut, { allowTailBits: false })).toThrow('allowTailBits');
    const taken = Secret.fromBase32(cut, { allowTailBits: true });
    expect(taken.byteLength).toBe(19);
    expect(taken.toBase32()).toBe('JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PQ');
    expect(Secret.fromBase32('JBSWY3DPEHPK3PX', { allowTailBits: true, allowShort: true }).byteLength).toBe(
      9,
    );
  });

  it('has the bytes that are there, whatever length a subclass of Uint8Array claims', () => {
    const claims = (actual: number, length: number): Uint8Array =>
      Object.defineProperty(new Uint8Array(actual), 'length', { value: length });
    expect(() => Secret.fromBytes(claims(0, 20))).toThrow(
      expect.objectContaining({ code: 'ERR_SECRET_TOO_SHORT', message: 'bytes is empty' }),
    );
    expect(() => Secret.fromBytes(claims(200, 20))).toThrow(
      expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }),
    );
    expect(Secret.fromBytes(claims(20, 0)).byteLength).toBe(20);
  });

  it('says which argument is too short, how short, and what takes it', () => {
    expect(() => Secret.fromBase32('JBSWY3DPEHPK3PXP')).toThrow(
      'text has 10 bytes; RFC 4226 section 4 demands 16, and allowShort takes fewer',
    );
    expect(() => Secret.fromBase32(' ', { allowShort: true })).toThrow(/^text is empty$/);
    expect(() => Secret.fromBytes(new Uint8Array(0), { allowShort: true })).toThrow(/^bytes is empty$/);
  });

  it('refuses secrets below 128 bits, unless the caller says allowShort', () => {
    const short = 'JBSWY3DPEHPK3PXP';
    expect(() => Secret.fromBase32(short)).toThrow(expect.objectContaining({ code: 'ERR_SECRET_TOO_SHORT' }));
    expect(() => Secret.fromBytes(new Uint8Array(15))).toThrow(
      expect.objectContaining({ code: 'ERR_SECRET_TOO_SHORT' }),
    );
    expect(Secret.fromBase32(short, { allowShort: true }).byteLength).toBe(10);
    expect(() => Secret.fromBase32(short, { allowShort: false })).toThrow();
    expect(() => Secret.fromBase32('', { allowShort: true })).toThrow(
      expect.objectContaining({ code: 'ERR_SECRET_TOO_SHORT' }),
    );
  });

  it.each([
    ['String', String(secret)],
    ['JSON.stringify', JSON.stringify({ secret })],
    ['inspect', inspect(secret)],
    ['inspect with showHidden', inspect({ secret }, { showHidden: true, depth: null })],
    [
      'inspect without its hook',
      inspect(secret, { showHidden: true, customInspect: false, depth: null, getters: false }),
    ],
    ['its keys', Reflect.ownKeys(secret).join()],
    ['a structured clone', inspect(structuredClone(secret), { showHidden: true })],
    ['a copy of its properties', inspect(Object.assign({}, secret), { showHidden: true })],
  ])('prints no byte of itself by %s', (_, printed) => {
    expect(printed).not.toMatch(/GEZD|1234567890|31323334|49, ?50/);
  });

  it('prints its length', () => {
    expect(String(secret)).toBe('[Secret 160 bits]');
    expect(inspect(secret)).toBe('[Secret 160 bits]');
    expect(JSON.stringify(secret)).toBe('"[Secret 160 bits]"');
  });

  it('cannot be constructed, imitated or changed', () => {
    const Constructor = Secret as unknown as new (...values: unknown[]) => Secret;
    expect(() => new Constructor(new Uint8Array(20))).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }),
    );
    const imitation = Object.create(Secret.prototype) as Secret;
    expect(() => generateTotp(imitation)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARGUMENT' }));
    expect(Object.isFrozen(secret)).toBe(true);
  });

  it('gives the codes of each algorithm when they take turns', () => {
    const fresh = (algorithm: Algorithm): string =>
      generateTotp(Secret.fromBase32(text), { algorithm, at: new Date(0) });
    for (const algorithm of ['SHA1', 'SHA256', 'SHA1', 'SHA512', 'SHA256', 'SHA512', 'SHA1'] as const) {
      expect(generateTotp(secret, { algorithm, at: new Date(0) })).toBe(fresh(algorithm));
    }
  });
});
