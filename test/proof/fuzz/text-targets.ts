/** Readers of text that call nothing else: otpauth URIs, Base32 secrets, typed codes. */
import { isSeparator } from '../../../src/internal/characters.js';
import type { Package } from './instrument.js';
import type { Target } from './run-fuzzer.js';

/** The pure readers as targets. */
export function textTargets(exports: Package): Target[] {
  return [uriTarget(exports), base32Target(exports), codeTarget(exports)];
}

const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

function uriTarget({ parseOtpauthUri, formatOtpauthUri }: Package): Target {
  return {
    name: 'parseOtpauthUri',
    share: 0.36,
    maxLength: 4200,
    seeds: [
      `otpauth://totp/Example:12345?secret=${SECRET}&issuer=Example`,
      `otpauth://hotp/Example%20Hosting:a%40b.c?secret=${SECRET}&counter=0&algorithm=SHA256&digits=8`,
      `OTPAUTH://TOTP/a?SECRET=${SECRET.toLowerCase()}&period=86400&algorithm=HmacSHA512&image=https%3A%2F%2Fx`,
      'otpauth://totp/Text%3A%20More%20Text:Secret?secret=JBSWY3DPEHPK3PX&issuer=Text:+More+Text',
      `otpauth://totp/x?secret=${SECRET}&encoder=steam`,
    ],
    words: [
      ...[
        'otpauth://',
        'totp',
        'hotp',
        '/',
        '?',
        '&',
        '=',
        '%',
        '%3A',
        ':',
        '+',
        '#',
        '%00',
        '%C3',
        '%F0%9F',
      ],
      ...['secret=', 'issuer=', 'algorithm=', 'digits=', 'period=', 'counter=', 'image=', 'encoder=', SECRET],
      ...['SHA1', 'SHA-256', 'hmac-sha512', '__proto__', 'constructor', '======', '%2f', '%25'],
    ],
    run: (text, turn) => {
      const isLoose = turn % 2 === 1;
      const parsed = parseOtpauthUri(text, { allowShort: isLoose, allowTailBits: isLoose });
      if (parsed.issuer === null || turn % 16 > 1 || isLoose) return parsed.type;
      // What was read can be written, if it is no more than apps take, and read again as the same.
      const { issuer, account, secret, algorithm, digits } = parsed;
      const label = { issuer, account, algorithm, digits };
      const uri =
        parsed.type === 'hotp'
          ? formatOtpauthUri(secret, { ...label, type: 'hotp', counter: parsed.counter })
          : formatOtpauthUri(secret, { ...label, period: parsed.period });
      const again = parseOtpauthUri(uri);
      const isSame = again.issuer === issuer && again.account === account && again.digits === digits;
      if (!isSame || again.secret.toBase32() !== secret.toBase32())
        throw new Error('reads what it wrote as something else');
      return `${parsed.type}, written and read again`;
    },
  };
}

function base32Target({ Secret }: Package): Target {
  return {
    name: 'Secret.fromBase32',
    share: 0.35,
    maxLength: 400,
    seeds: [
      SECRET,
      'gezd gnbv gy3t qojq gezd gnbv gy3t qojq',
      'MFRGGZDFMZTWQ2LK\r\n',
      'JBSWY3DPEHPK3PX',
      'MZXW6YQ=',
    ],
    words: ['=', '====', 'A', 'B', '7', '-', ' ', '\u00a0', '\u200b', '0', '1', '8', '9', SECRET],
    run: (text, turn) => {
      const secret = Secret.fromBase32(text, { allowShort: turn % 2 === 1, allowTailBits: turn % 4 > 1 });
      const again = Secret.fromBase32(secret.toBase32(), { allowShort: true });
      if (again.toBase32() !== secret.toBase32()) throw new Error('reads what it wrote as something else');
      return secret.byteLength < 16 ? 'a short secret' : 'a secret';
    },
  };
}

function codeTarget({ readCode, normalizeTyped }: Package): Target {
  return {
    name: 'the code reader',
    share: 0.2,
    maxLength: 200,
    seeds: [
      '123456',
      '123 456',
      '1234-5678',
      '\uff11\uff12\uff13\uff14\uff15\uff16',
      '\u0661\u0662\u0663 \u0664\u0665\u0666',
      'ACDEF-GHJKM-NPQRT-VWXY3-4679A',
    ],
    words: ['0', '9', '\u0660', '\u06f9', '\u0966', '\u{1d7ce}', ' ', '\u200b', '\u2212', '-', 'ACDEF'],
    run: (text) => {
      const normal = normalizeTyped(text);
      if (normal === null) return 'too long';
      // Two halves of a character can meet when a separator between them goes: that is no digit, and no code.
      const isWhole = !/[\ud800-\udfff]/u.test(text);
      if (isWhole && normalizeTyped(normal) !== normal) throw new Error('changes a text that it has read');
      if (isWhole && Array.from(normal).some(isSeparator)) throw new Error('leaves a separator');
      const digits = ([6, 7, 8] as const).filter((length) => readCode(text, length) >= 0);
      if (digits.some((length) => readCode(normal, length) !== Number(normal)))
        throw new Error('reads another number than it shows');
      return digits.length === 0 ? 'no code' : `${digits.join()} digits`;
    },
  };
}
