/** Changes texts at random, as a fuzzer does: bits, characters, stretches, words that the parsers know, other inputs. */
import type { Seeded } from '../../support/faults/seeded.js';

/** What mutations draw on. */
export interface Material {
  readonly random: Seeded;
  /** Words that mean something to the target. */
  readonly words: readonly string[];
  /** Other inputs, to splice with. */
  readonly others: readonly string[];
  readonly maxLength: number;
}

/** Changes a text in one to eight places. */
export function mutate(text: string, material: Material): string {
  const { random, maxLength } = material;
  let changed = text;
  for (let left = 2 ** random.below(4); left > 0; left--) {
    changed = random.pick(mutations)(changed, material);
    if (changed.length > maxLength) changed = changed.slice(0, maxLength);
  }
  return changed;
}

type Mutation = (text: string, material: Material) => string;

/** Characters at which readers of text go wrong. */
const characters = [
  ...Array.from({ length: 128 }, (_, unit) => String.fromCharCode(unit)),
  ...['\u0085', '\u00a0', '\u00ad', '\u0131', '\u017f', '\u0301', '\u0660', '\u06f0', '\u0967', '\u09e7'],
  ...['\u0e51', '\u2007', '\u2009', '\u200b', '\u200e', '\u2011', '\u2013', '\u202e', '\u202f', '\u2212'],
  ...[
    '\u3000',
    '\ufeff',
    '\uff11',
    '\uff21',
    '\ufffd',
    '\ud800',
    '\udc00',
    '\u{1d7ce}',
    '\u{1f511}',
    '\u{10ffff}',
  ],
];

const flipBit: Mutation = (text, { random }) => {
  if (text === '') return text;
  const at = random.below(text.length);
  const unit = text.charCodeAt(at) ^ (1 << random.below(random.chance(0.9) ? 7 : 16));
  return text.slice(0, at) + String.fromCharCode(unit) + text.slice(at + 1);
};

const insertCharacter: Mutation = (text, { random }) => {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + anyOf(characters, random) + text.slice(at);
};

const replaceCharacter: Mutation = (text, { random }) => {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + anyOf(characters, random) + text.slice(at + 1);
};

const dropStretch: Mutation = (text, { random }) => {
  const [from, to] = stretch(text, random);
  return text.slice(0, from) + text.slice(to);
};

const repeatStretch: Mutation = (text, { random }) => {
  const [from, to] = stretch(text, random);
  const times = 1 + random.below(random.chance(0.1) ? 64 : 4);
  return text.slice(0, to) + text.slice(from, to).repeat(times) + text.slice(to);
};

const insertWord: Mutation = (text, { random, words }) => {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + anyOf(words, random) + text.slice(at);
};

const replaceWithWord: Mutation = (text, { random, words }) => {
  const [from, to] = stretch(text, random);
  return text.slice(0, from) + anyOf(words, random) + text.slice(to);
};

const splice: Mutation = (text, { random, others }) => {
  const other = anyOf(others, random);
  return text.slice(0, random.below(text.length + 1)) + other.slice(random.below(other.length + 1));
};

const changeNumber: Mutation = (text, { random }) => {
  const numbers = [...text.matchAll(/-?\d+/g)];
  const number = numbers[random.below(Math.max(1, numbers.length))];
  if (number === undefined) return text;
  const value = anyOf(numberTexts, random);
  return text.slice(0, number.index) + value + text.slice(number.index + number[0].length);
};

const changeCase: Mutation = (text, { random }) => {
  const [from, to] = stretch(text, random);
  const part = text.slice(from, to);
  return (
    text.slice(0, from) + (random.chance(0.5) ? part.toUpperCase() : part.toLowerCase()) + text.slice(to)
  );
};

const cut: Mutation = (text, { random }) => text.slice(0, random.below(text.length + 1));

const mutations = [
  ...[flipBit, insertCharacter, replaceCharacter, dropStretch, repeatStretch],
  ...[insertWord, replaceWithWord, splice, changeNumber, changeCase, cut],
] as unknown as readonly [Mutation, ...Mutation[]];

const numberTexts = [
  ...['0', '1', '-1', '-0', '7', '9', '65', '255', '65536', '2147483647', '2147483648', '4294967296'],
  ...[
    '9007199254740991',
    '9007199254740992',
    '8640000000000001',
    '1e21',
    '1e400',
    '0.5',
    '00',
    '0x10',
    'null',
    '""',
  ],
];

/** A stretch of a text: short ones mostly. */
function stretch(text: string, random: Seeded): [number, number] {
  const from = random.below(text.length + 1);
  const longest = random.chance(0.7) ? 8 : text.length;
  return [from, Math.min(text.length, from + 1 + random.below(Math.max(1, longest)))];
}

function anyOf(items: readonly string[], random: Seeded): string {
  return items[random.below(Math.max(1, items.length))] ?? '';
}
