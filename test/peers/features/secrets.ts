import { type Feature, lacks, no, partly, yes } from './cell.js';

/** What happens to a secret: drawing it, reading it, showing it to an app, and keeping it out of logs. */
export const secrets: readonly Feature[] = [
  {
    name: 'New secrets have 160 bits',
    cells: {
      countersign: yes('Secret.generate().byteLength', '20'),
      otplib: yes('otplib.generateSecret().length', '32'),
      otpauth: yes('new OTPAuth.Secret().bytes.length', '20'),
      'better-auth': yes('enrolled().then(({ totpURI }) => /secret=(\\w+)/.exec(totpURI)[1].length)', '52'),
      speakeasy: partly(
        'some letters are missing, others twice as likely',
        "Array.from({ length: 500 }, () => speakeasy.generateSecretASCII(32)).join('').includes('j')",
        'false',
      ),
      'node-2fa': yes('twofactor.generateSecret().secret.length', '32'),
    },
  },
  {
    name: 'Refuses a mistyped secret',
    cells: {
      countersign: yes("Secret.fromBase32(secret.replace('G', '8'))", 'throws CountersignError'),
      otplib: yes("otplib.generateSync({ secret: secret.replace('G', '8'), epoch: 59 })", 'throws Error'),
      otpauth: yes("OTPAuth.Secret.fromBase32(secret.replace('G', '8'))", 'throws TypeError'),
      'better-auth': no('cuts it at a `=`', "base32.decode('GEZDGNBV=GY3TQOJQ').length", '5'),
      speakeasy: no(
        'computes with another key',
        "speakeasy.totp({ secret: secret.replace('G', '8'), encoding: 'base32', time: 59 })",
        "'915245'",
      ),
      'node-2fa': no(
        'computes with another key',
        "at(59_000, () => twofactor.generateToken(secret.replace('G', '8')))",
        "{ token: '631524' }",
      ),
    },
  },
  {
    name: 'Reads a secret in groups of four, as sites print it',
    cells: {
      countersign: yes("Secret.fromBase32('gezd gnbv gy3t qojq gezd gnbv gy3t qojq').byteLength", '20'),
      otplib: no(
        '',
        "otplib.generateSync({ secret: 'GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ' })",
        'throws Error',
      ),
      otpauth: yes("OTPAuth.Secret.fromBase32('GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ').bytes.length", '20'),
      'better-auth': no('', "base32.decode('GEZD GNBV GY3T QOJQ')", 'throws Error'),
      speakeasy: no(
        'computes with another key',
        "speakeasy.totp({ secret: 'GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ', encoding: 'base32', time: 59 }) === '287082'",
        'false',
      ),
      'node-2fa': yes(
        "at(59_000, () => twofactor.generateToken('GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ'))",
        "{ token: '287082' }",
      ),
    },
  },
  {
    name: 'Takes secrets of 80 bits from other systems',
    cells: {
      countersign: yes(
        'Secret.fromBase32(shortSecret, { allowShort: true }).byteLength',
        '10',
        'if you ask for it',
      ),
      otplib: yes(
        'otplib.generateSync({ secret: shortSecret, epoch: 59, guardrails: otplib.createGuardrails({ MIN_SECRET_BYTES: 10 }) })',
        "'263420'",
        'if you ask for it',
      ),
      otpauth: yes('OTPAuth.Secret.fromBase32(shortSecret).bytes.length', '10', 'empty ones too'),
      'better-auth': yes('createOTP(base32.decode(shortSecret)).hotp(1)', "'263420'"),
      speakeasy: yes(
        "speakeasy.totp({ secret: shortSecret, encoding: 'base32', time: 59 })",
        "'263420'",
        'empty ones too',
      ),
      'node-2fa': yes('at(59_000, () => twofactor.generateToken(shortSecret))', "{ token: '263420' }"),
    },
  },
  {
    name: 'A secret stays out of logs and JSON',
    cells: {
      countersign: yes('JSON.stringify({ key })', `'{"key":"[Secret 160 bits]"}'`),
      otplib: no(
        'its errors repeat the URI',
        'messageOf(() => uri.parse(`https://x?secret=${secret}`)).includes(secret)',
        'true',
      ),
      otpauth: no(
        '',
        'JSON.stringify(totp.secret)',
        `'{"bytes":{"0":49,"1":50,"2":51,"3":52,"4":53,"5":54,"6":55,"7":56,"8":57,"9":48,"10":49,"11":50,"12":51,"13":52,"14":53,"15":54,"16":55,"17":56,"18":57,"19":48}}'`,
      ),
      'better-auth': yes(
        'enrolled().then(({ database, totpURI }) => JSON.stringify(database).includes(/secret=(\\w+)/.exec(totpURI)[1]))',
        'false',
        'in the database',
      ),
      speakeasy: no('secrets are text', 'typeof speakeasy.generateSecret().ascii', "'string'"),
      'node-2fa': no('secrets are text', 'typeof twofactor.generateSecret().secret', "'string'"),
    },
  },
  {
    name: 'Formats otpauth URIs',
    cells: {
      countersign: yes(
        "formatOtpauthUri(key, { issuer: 'A+B Co', account: 'a' }).split('?')[0]",
        "'otpauth://totp/A%2BB%20Co:a'",
      ),
      otplib: yes(
        "otplib.generateURI({ issuer: 'A+B Co', label: 'a', secret }).split('?')[0]",
        "'otpauth://totp/A%2BB%20Co:a'",
      ),
      otpauth: yes("totp.toString().split('?')[0]", "'otpauth://totp/Example:a'"),
      'better-auth': partly(
        'a space in the issuer becomes `+`',
        "createOTP('key').url('A Co', 'a').split('&')[1]",
        "'issuer=A+Co'",
      ),
      speakeasy: partly(
        'no issuer in the label',
        "speakeasy.otpauthURL({ secret, encoding: 'base32', label: 'a', issuer: 'Example' }).split('?')[0]",
        "'otpauth://totp/a'",
      ),
      'node-2fa': partly(
        'TOTP only',
        "twofactor.generateSecret({ name: 'Example', account: 'a' }).uri.split('?')[0]",
        "'otpauth://totp/Example%3Aa'",
      ),
    },
  },
  {
    name: 'Parses otpauth URIs',
    cells: {
      countersign: yes(
        "parseOtpauthUri(formatOtpauthUri(key, { issuer: 'A & Co', account: 'a@b.example' })).account",
        "'a@b.example'",
      ),
      otplib: partly(
        'in `@otplib/uri`; leaves issuer and account in one text',
        'uri.parse(`otpauth://totp/Example:a?secret=${secret}`).label',
        "'Example:a'",
      ),
      otpauth: partly(
        'not every issuer that it formats',
        "OTPAuth.URI.parse(new OTPAuth.TOTP({ issuer: 'A: B & Co', label: 'a', secret: totp.secret }).toString()).label",
        "' B & Co:a'",
      ),
      'better-auth': lacks(/parse/i),
      speakeasy: lacks(/parse/i),
      'node-2fa': lacks(/parse/i),
    },
  },
  {
    name: 'Says what an authenticator app will not read',
    cells: {
      countersign: yes(
        "checkCompatibility({ secret: key, issuer: 'Example', account: '1', period: 90 }).length > 0",
        'true',
      ),
      otplib: lacks(/compat|warn/i),
      otpauth: lacks(/compat|warn/i),
      'better-auth': lacks(/compat|warn/i),
      speakeasy: lacks(/compat|warn/i),
      'node-2fa': lacks(/compat|warn/i),
    },
  },
  {
    name: 'QR code',
    cells: {
      countersign: yes("qrSvg('otpauth://totp/a?secret=A').startsWith('<svg')", 'true'),
      otplib: lacks(/qr/i),
      otpauth: lacks(/qr/i),
      'better-auth': lacks(/qr/i),
      speakeasy: no(
        'would send the secret to Google',
        "speakeasy.generateSecret({ google_auth_qr: true, qr_codes: true }).google_auth_qr.split('?')[0]",
        "'https://chart.googleapis.com/chart'",
      ),
      'node-2fa': no(
        'would send the secret to Google',
        "twofactor.generateSecret().qr.split('?')[0]",
        "'https://chart.googleapis.com/chart'",
      ),
    },
  },
  {
    name: 'How long a code is still shown',
    cells: {
      countersign: yes('totpValidity({ at: new Date(59_000) }).remainingSeconds', '1'),
      otplib: no('in `@otplib/totp`', 'names.filter((name) => /remaining/i.test(name))', '[]'),
      otpauth: yes('totp.remaining({ timestamp: 59_000 })', '1000'),
      'better-auth': lacks(/remaining|valid/i),
      speakeasy: lacks(/remaining|valid/i),
      'node-2fa': lacks(/remaining|valid/i),
    },
  },
];
