import { describe, expect, it } from 'vitest';
import { CountersignError } from '../../src/index.js';
import { qrSvg, qrTerminal } from '../../src/qr/index.js';
import { uriOfLength, usualUri } from './uris.js';
import { whilePolluted } from '../support/harness/polluted.js';

const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const draws = { qrSvg, qrTerminal } as Record<string, (uri: unknown, options?: unknown) => string>;

const wrongUris: readonly (readonly [what: string, uri: unknown, code: string])[] = [
  ['nothing', undefined, 'ERR_INVALID_ARGUMENT'],
  ['null', null, 'ERR_INVALID_ARGUMENT'],
  ['a number', 123456, 'ERR_INVALID_ARGUMENT'],
  ['a URL object', new URL(usualUri), 'ERR_INVALID_ARGUMENT'],
  ['an array with a URI', [usualUri], 'ERR_INVALID_ARGUMENT'],
  ['bytes', new TextEncoder().encode(usualUri), 'ERR_INVALID_ARGUMENT'],
  ['the empty string', '', 'ERR_INVALID_URI'],
  ['a bare secret', secret, 'ERR_INVALID_URI'],
  ['a web address', `https://example.com/?secret=${secret}`, 'ERR_INVALID_URI'],
  ['a URI behind a space', ` ${usualUri}`, 'ERR_INVALID_URI'],
  ['a URI behind a line', `x\n${usualUri}`, 'ERR_INVALID_URI'],
  ['a URI with a raw umlaut', `${usualUri}ü`, 'ERR_INVALID_URI'],
  ['a URI with a raw space', `${usualUri}&image=a b`, 'ERR_INVALID_URI'],
  ['a URI with a line feed behind', `${usualUri}\n`, 'ERR_INVALID_URI'],
  ['a URI with a zero byte', `${usualUri}\0`, 'ERR_INVALID_URI'],
  ['a URI with a lone surrogate', `${usualUri}\ud800`, 'ERR_INVALID_URI'],
  ['a URI one character too long', uriOfLength(2332), 'ERR_OUT_OF_RANGE'],
  ['a text of ten million characters', secret.repeat(312_500), 'ERR_OUT_OF_RANGE'],
];

const wrongOptions: readonly (readonly [what: string, draw: string, options: unknown, code: string])[] = [
  ['null for options', 'qrSvg', null, 'ERR_INVALID_ARGUMENT'],
  ['a number for options', 'qrSvg', 4, 'ERR_INVALID_ARGUMENT'],
  ['a misspelt moduleSize', 'qrSvg', { modulesize: 4 }, 'ERR_UNKNOWN_OPTION'],
  ['a narrower quiet zone', 'qrSvg', { border: 0 }, 'ERR_UNKNOWN_OPTION'],
  ['a secret as an option', 'qrSvg', { [secret]: true }, 'ERR_UNKNOWN_OPTION'],
  ['modules of 0 pixels', 'qrSvg', { moduleSize: 0 }, 'ERR_OUT_OF_RANGE'],
  ['modules of 33 pixels', 'qrSvg', { moduleSize: 33 }, 'ERR_OUT_OF_RANGE'],
  ['modules of a pixel and a half', 'qrSvg', { moduleSize: 1.5 }, 'ERR_OUT_OF_RANGE'],
  ['modules of NaN pixels', 'qrSvg', { moduleSize: NaN }, 'ERR_OUT_OF_RANGE'],
  ['modules of "4" pixels', 'qrSvg', { moduleSize: '4' }, 'ERR_INVALID_ARGUMENT'],
  ['an empty label', 'qrSvg', { label: '' }, 'ERR_INVALID_ARGUMENT'],
  ['a label that is no string', 'qrSvg', { label: { toString: () => secret } }, 'ERR_INVALID_ARGUMENT'],
  ['a label with a control character', 'qrSvg', { label: `${secret}\x1b` }, 'ERR_INVALID_ARGUMENT'],
  ['a label with a lone surrogate', 'qrSvg', { label: `${secret}\ud800` }, 'ERR_INVALID_ARGUMENT'],
  ['a label with a non-character', 'qrSvg', { label: `${secret}\uffff` }, 'ERR_INVALID_ARGUMENT'],
  ['null for options', 'qrTerminal', null, 'ERR_INVALID_ARGUMENT'],
  ['a misspelt ansi', 'qrTerminal', { ANSI: false }, 'ERR_UNKNOWN_OPTION'],
  ['a string for ansi', 'qrTerminal', { ansi: 'false' }, 'ERR_INVALID_ARGUMENT'],
  ['null for ansi', 'qrTerminal', { ansi: null }, 'ERR_INVALID_ARGUMENT'],
];

for (const draw of Object.keys(draws)) {
  describe(`${draw} refuses`, () => {
    it.each(wrongUris)('%s', (_, uri, code) => {
      expectRefusal(draw, [uri], code);
    });
  });
}

describe('the options refuse', () => {
  it.each(wrongOptions)('%s (%s)', (_, draw, options, code) => {
    expectRefusal(draw, [usualUri, options], code);
  });
});

function expectRefusal(draw: string, args: [uri: unknown, options?: unknown], code: string): void {
  const error = caught(() => draws[draw]?.(...args));
  expect(error).toBeInstanceOf(CountersignError);
  expect(error).toMatchObject({ code });
  expect(String(error)).not.toMatch(new RegExp(`${secret.slice(0, 8)}|example`, 'i'));
}

function caught(call: () => unknown): unknown {
  try {
    call();
    return undefined;
  } catch (error) {
    return error;
  }
}

it('draws the same with a polluted Object.prototype', async () => {
  const pollution = { moduleSize: 32, label: 'polluted', ansi: false, other: 1 };
  const pictures = (): string[] => [qrSvg(usualUri), qrTerminal(usualUri)];
  const before = pictures();
  expect(await whilePolluted(pollution, pictures)).toEqual(before);
});
