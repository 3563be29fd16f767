import { runInNewContext } from 'node:vm';

/** Values that are no code, of every kind that a request can bring or a bug can make. */
export const noCodes: readonly unknown[] = [
  undefined,
  null,
  true,
  false,
  0,
  -0,
  NaN,
  Infinity,
  287082,
  287082n,
  '',
  ' ',
  '28708',
  '2870822',
  '28708x',
  '+28708',
  '-28708x',
  '28708.',
  '287e82',
  '0x1234',
  '\u0000287082',
  '287082\u0000',
  '²⁸⁷⁰⁸²',
  '②⑧⑦⓪⑧②',
  '28708\u0e3f',
  '287\u2028082',
  'éééééé',
  '😀😀😀',
  '\ud800287082',
  '287082'.repeat(1_000_000),
  ' '.repeat(1_000_000) + '287082',
  ['287082'],
  ['2', '8', '7', '0', '8', '2'],
  new Uint8Array([50, 56, 55, 48, 56, 50]),
  Object('287082'),
  {},
  { length: 6, toString: (): string => '287082' },
  { toString: refuse },
  { [Symbol.toPrimitive]: (): string => '287082' },
  Object.create(null),
  new Proxy({}, { get: refuse }),
  Symbol('287082'),
  (): string => '287082',
  new Date(287082),
  /287082/,
  Promise.resolve('287082'),
  runInNewContext('new String("287082")'),
];

/** A short name of any value, for a test's title; it does not look into objects, since some of these bite. */
export function nameOf(value: unknown): string {
  if (typeof value === 'string')
    return value.length > 20 ? `a string of ${value.length}` : JSON.stringify(value);
  if (typeof value === 'bigint') return `${value.toString()}n`;
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  return typeof value === 'symbol' || typeof value === 'function' ? typeof value : String(value);
}

function refuse(): never {
  throw new Error('the value was looked into');
}
