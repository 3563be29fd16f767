import { describe, expect, it } from 'vitest';
import { qrTerminal } from '../../src/qr/index.js';
import { describeWith, hasCommand } from '../support/engines/external.js';
import { type Bitmap, bitmapOf, decodeBitmap, quietZone } from './decode.js';
import { uris, usualUri } from './uris.js';

const blackOnWhite = '\x1b[38;5;16;48;5;231m';
const reset = '\x1b[0m';

describeWith('zbarimg', hasCommand('zbarimg'), 'a scanner', () => {
  for (const [kind, uri] of Object.entries(uris)) {
    it(`reads, in colour, the very URI that is ${kind}`, () => {
      expect(decodeBitmap(coloured(uri))).toBe(uri);
    });

    it(`reads, from light characters on a dark ground, the very URI that is ${kind}`, () => {
      expect(decodeBitmap(plain(uri))).toBe(uri);
    });
  }
});

describe('with colours', () => {
  it('is the default', () => {
    expect(qrTerminal(usualUri)).toBe(qrTerminal(usualUri, { ansi: true }));
  });

  it('sets black on white at the start of each line and resets at its end', () => {
    for (const line of qrTerminal(usualUri).split('\n')) {
      expect(line.startsWith(blackOnWhite)).toBe(true);
      expect(line.endsWith(reset)).toBe(true);
    }
  });
});

describe('without colours', () => {
  it('is made of half blocks and spaces only', () => {
    expect(qrTerminal(usualUri, { ansi: false })).toMatch(/^[ ▀▄█\n]+$/);
  });

  it('draws the same modules', () => {
    expect(plain(usualUri)).toEqual(coloured(usualUri));
  });
});

describe('the drawing', () => {
  it('has a quiet zone of 4 modules, and the lower half of the last line', () => {
    for (const uri of Object.values(uris)) {
      expect(quietZone(coloured(uri))).toEqual({ top: 4, right: 4, bottom: 5, left: 4 });
    }
  });

  it('takes 57 columns and 29 lines for a URI of 125 characters, with no line feed behind', () => {
    const lines = qrTerminal(usualUri, { ansi: false }).split('\n');
    expect(lines.map((line) => line.length)).toEqual(Array.from({ length: 29 }, () => 57));
  });
});

function coloured(uri: string): Bitmap {
  const lines = qrTerminal(uri).replaceAll(blackOnWhite, '').replaceAll(reset, '').split('\n');
  return bitmapOf(lines, 'dark');
}

function plain(uri: string): Bitmap {
  return bitmapOf(qrTerminal(uri, { ansi: false }).split('\n'), 'light');
}
