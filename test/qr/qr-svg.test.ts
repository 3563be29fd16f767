import { describe, expect, it } from 'vitest';
import { qrSvg } from '../../src/qr/index.js';
import { describeWith, hasCommand } from '../support/engines/external.js';
import { type Bitmap, decodeSvg, quietZone } from './decode.js';
import { uris, usualUri } from './uris.js';

describeWith(
  'zbarimg and rsvg-convert',
  hasCommand('zbarimg') && hasCommand('rsvg-convert'),
  'a scanner',
  () => {
    for (const [kind, uri] of Object.entries(uris)) {
      it(`reads the very URI that is ${kind}`, () => {
        expect(decodeSvg(qrSvg(uri))).toBe(uri);
      });
    }

    it('reads it at 2 and at 16 pixels a module', () => {
      expect(decodeSvg(qrSvg(usualUri, { moduleSize: 2 }))).toBe(usualUri);
      expect(decodeSvg(qrSvg(usualUri, { moduleSize: 16 }))).toBe(usualUri);
    });
  },
);

describe('the picture', () => {
  it('has a quiet zone of exactly 4 modules on every side', () => {
    for (const uri of Object.values(uris)) {
      expect(quietZone(draw(qrSvg(uri)))).toEqual({ top: 4, right: 4, bottom: 4, left: 4 });
    }
  });

  it('measures its view box in modules and itself in pixels of 4 a module', () => {
    const svg = qrSvg(usualUri);
    expect(svg).toContain('viewBox="0 0 57 57" width="228" height="228"');
    expect(svg).toContain('d="M0 0h57v57H0z"');
  });

  it('takes the size of a module from 1 to 32 pixels', () => {
    expect(qrSvg(usualUri, { moduleSize: 1 })).toContain('width="57" height="57"');
    expect(qrSvg(usualUri, { moduleSize: 32 })).toContain('width="1824" height="1824"');
  });

  it('is black on white by its own attributes, whatever the page', () => {
    const svg = qrSvg(usualUri);
    expect(svg.match(/fill="[^"]*"|stroke="[^"]*"/g)).toEqual(['fill="#fff"', 'stroke="#000"']);
    expect(svg.match(/<path /g)).toHaveLength(2);
    expect(svg).not.toMatch(/currentColor|style|class/);
  });

  it('stays under 8 kB for a URI of 125 characters', () => {
    expect(usualUri).toHaveLength(125);
    expect(qrSvg(usualUri).length).toBeLessThan(8000);
  });

  it('is the same every time', () => {
    expect(qrSvg(usualUri)).toBe(qrSvg(usualUri, {}));
  });

  it('holds nothing that runs, loads or links', () => {
    expect(qrSvg(usualUri, { label: '<script>alert(1)</script>' })).not.toMatch(
      /<(?!\/?(svg|path)\b)|href|url\(|\son/,
    );
  });
});

describe('the label', () => {
  it('names the picture for screen readers', () => {
    expect(qrSvg(usualUri)).toContain('role="img" aria-label="QR code"');
    expect(qrSvg(usualUri, { label: 'Für die App 📱' })).toContain('aria-label="Für die App 📱"');
  });

  it('cannot leave its attribute', () => {
    const svg = qrSvg(usualUri, { label: `"/><script>alert('&amp;')</script>` });
    expect(svg).toContain(
      'aria-label="&#34;/&#62;&#60;script&#62;alert(&#39;&#38;amp;&#39;)&#60;/script&#62;"',
    );
  });
});

/** The modules that the strokes of the black path cover. */
function draw(svg: string): Bitmap {
  const side = Number(/viewBox="0 0 (\d+) /.exec(svg)?.[1]);
  const rows = Array.from({ length: side }, () => Array.from({ length: side }, () => false));
  let x = 0;
  let y = 0;
  const path = /stroke="#000" d="([^"]*)"/.exec(svg)?.[1] ?? '';
  for (const [, command, first, second] of path.matchAll(/([Mmh])([\d.]+)(?: ([\d.]+))?/g)) {
    const distance = Number(first);
    if (command === 'h') rows[Math.floor(y)]?.fill(true, x, x + distance);
    x = command === 'M' ? distance : x + distance;
    y = command === 'M' ? Number(second) : y;
  }
  return rows;
}
