import { spawnSync } from 'node:child_process';

/** Rows of modules, true for dark. */
export type Bitmap = readonly (readonly boolean[])[];

/** What zbarimg reads in an SVG picture that rsvg-convert has rendered at its own size. */
export function decodeSvg(svg: string): string {
  return zbarimg('png', run('rsvg-convert', ['--format', 'png'], Buffer.from(svg)));
}

/** What zbarimg reads in a bitmap, eight pixels a module. */
export function decodeBitmap(bitmap: Bitmap): string {
  return zbarimg('pbm', Buffer.from(toPbm(bitmap, 8)));
}

/** The bitmap of a terminal rendering: what `ink` marks is drawn, each character is two modules high. */
export function bitmapOf(lines: readonly string[], ink: 'dark' | 'light'): Bitmap {
  const drawn = lines.flatMap((line) => [
    Array.from(line, (glyph) => '▀█'.includes(glyph)),
    Array.from(line, (glyph) => '▄█'.includes(glyph)),
  ]);
  return ink === 'dark' ? drawn : drawn.map((row) => row.map((pixel) => !pixel));
}

/** How many light rows and columns lie around the dark ones. */
export function quietZone(bitmap: Bitmap): { top: number; right: number; bottom: number; left: number } {
  const rows = bitmap.map((row) => row.includes(true));
  const width = bitmap[0]?.length ?? 0;
  const columns = Array.from({ length: width }, (_, x) => bitmap.some((row) => row[x]));
  return {
    top: rows.indexOf(true),
    right: width - 1 - columns.lastIndexOf(true),
    bottom: rows.length - 1 - rows.lastIndexOf(true),
    left: columns.indexOf(true),
  };
}

/** Plain PBM (netpbm): 1 is black. */
function toPbm(bitmap: Bitmap, scale: number): string {
  const side = (bitmap[0]?.length ?? 0) * scale;
  const rows = bitmap.flatMap((row) => {
    const line = row.map((dark) => (dark ? '1' : '0').repeat(scale)).join('');
    return Array.from({ length: scale }, () => line);
  });
  return `P1\n${side} ${rows.length}\n${rows.join('\n')}\n`;
}

function zbarimg(format: string, picture: Buffer): string {
  const args = ['--nodbus', '--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', `${format}:-`];
  return run('zbarimg', args, picture).toString().replace(/\n$/, '');
}

function run(command: string, args: readonly string[], input: Buffer): Buffer {
  return spawnSync(command, args, { input, maxBuffer: 1 << 26 }).stdout;
}
