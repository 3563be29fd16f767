import { newKey, storeCase } from './store-probe.js';
import type { StoreCase } from './store-probe.js';

/** That a store gives back what it was given, under the key it was given. */
export const valueCases: readonly StoreCase[] = [
  storeCase('keeps a value of 16 kB as it is', async (probe) => {
    const a = await probe.create('0123456789abcdef'.repeat(1024));
    await probe.holds('a long value', a);
  }),
  storeCase('keeps every kind of Unicode text as it is', async (probe) => {
    for (const text of texts) {
      const key = newKey();
      await probe.holds('Unicode text', await probe.create(text, undefined, key), key);
    }
  }),
  storeCase('keeps a value that looks like a number, JSON or nothing as it is', async (probe) => {
    let last = await probe.create('');
    for (const text of lookalikes) {
      await probe.holds('before the next', last);
      const next = probe.record(text);
      await probe.writes('replacing', probe.key, next, last.etag);
      last = next;
    }
    await probe.holds('at last', last);
  }),
  storeCase('holds keys apart that differ only by case', async (probe) => {
    const upper = probe.key.toUpperCase();
    const a = await probe.create('a');
    const b = await probe.create('b', undefined, upper);
    await probe.holds('the lower-case key', a);
    await probe.holds('the upper-case key', b, upper);
  }),
  storeCase('holds keys apart of which one begins with the other', async (probe) => {
    const long = `${probe.key}-${'x'.repeat(127 - probe.key.length)}`;
    const a = await probe.create('a');
    const b = await probe.create('b', undefined, long);
    await probe.writes('deleting the shorter key', probe.key, null, a.etag);
    await probe.holds('the longer key', b, long);
  }),
];

const texts = [
  'Übergröße, façade, señor',
  'Ελληνικά, русский, עברית, العربية, हिन्दी, 日本語, 한국어',
  'e\u0301 and \u00e9 stay two spellings',
  '👩‍👩‍👧‍👦 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 \u{10ffff}',
  '\u0001\u0007\u001b\u007f\u0085\u2028\u2029\ufeff\ufffd\uffff',
];

const lookalikes = [
  '123456',
  '0123',
  '1e3',
  'null',
  'true',
  '{"a": 1}',
  '[]',
  ' a ',
  'a\r\nb\n',
  '\\n\'"%?$1:x',
];
