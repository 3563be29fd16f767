import { type Cell, type Feature, lacks, no, partly, yes } from './cell.js';

/** Only a package that keeps state can have an answer; the four that compute codes have none. */
function onlyWithState(countersign: Cell, betterAuth: Cell, name: RegExp): Feature['cells'] {
  const none = lacks(name);
  return {
    countersign,
    otplib: none,
    otpauth: none,
    'better-auth': betterAuth,
    speakeasy: none,
    'node-2fa': none,
  };
}

/** What a login needs beside codes. */
export const login: readonly Feature[] = [
  {
    name: 'Limits wrong codes',
    cells: onlyWithState(
      yes(
        'enrolled().then(async (login) => { await guess(login); return outcome(await login.complete(login.code())); })',
        "'delayed'",
      ),
      yes(
        'enrolled().then(async (login) => { await guess(login); return verify(await login.logIn(), await login.code()); })',
        "'ACCOUNT_TEMPORARILY_LOCKED'",
      ),
      /limit|lock|attempt|throttle/i,
    ),
  },
  {
    name: 'A recovery code gets the owner in meanwhile',
    cells: onlyWithState(
      yes(
        'enrolled().then(async (login) => { await guess(login); return outcome(await login.complete(login.recoveryCodes[0])); })',
        "'recovery'",
      ),
      no(
        'locked out for 15 minutes',
        "enrolled().then(async (login) => { await guess(login); return verify(await login.logIn(), login.backupCodes[0], 'backup-code'); })",
        "'ACCOUNT_TEMPORARILY_LOCKED'",
      ),
      /recover|backup/i,
    ),
  },
  {
    name: 'Recovery codes',
    cells: onlyWithState(
      yes(
        'enrolled().then(async ({ complete, recoveryCodes }) => outcome(await complete(recoveryCodes[0])))',
        "'recovery'",
      ),
      yes(
        "enrolled().then(async ({ logIn, backupCodes }) => verify(await logIn(), backupCodes[0], 'backup-code'))",
        '200',
      ),
      /recover|backup/i,
    ),
  },
  {
    name: 'Recovery codes cannot be read back',
    cells: onlyWithState(
      yes('names.filter((name) => /view|reveal|readRecovery/i.test(name))', '[]', 'salted digests'),
      no(
        'encrypted, with a call that shows them',
        'enrolled().then(async ({ auth, database, backupCodes }) => (await auth.api.viewBackupCodes({ body: { userId: database.user[0].id } })).backupCodes[0] === backupCodes[0])',
        'true',
      ),
      /recover|backup/i,
    ),
  },
  {
    name: 'Codes by mail',
    cells: onlyWithState(
      yes(
        'mailed().then(async ({ flow, begin, mail, userId }) => { const { challenge } = await begin(); return outcome(await flow.complete({ userId, challenge, code: mail.mails[0].code })); })',
        "'email'",
      ),
      yes(
        "enrolled().then(async ({ logIn, mails }) => { const browser = await logIn(); await browser.post('/two-factor/send-otp'); return verify(browser, mails[0], 'otp'); })",
        '200',
      ),
      /mail|send/i,
    ),
  },
  {
    name: 'A mailed code is not in the database',
    cells: onlyWithState(
      yes(
        'mailed().then(async ({ begin, mail, written }) => { await begin(); return written.join().includes(mail.mails[0].code); })',
        'false',
      ),
      partly(
        'an option; plain by default',
        "enrolled().then(async ({ logIn, mails, database }) => { await (await logIn()).post('/two-factor/send-otp'); return database.verification.some(({ value }) => value.startsWith(mails[0])); })",
        'true',
      ),
      /mail|send/i,
    ),
  },
  {
    name: 'Asking twice leaves the first mail’s code good',
    cells: onlyWithState(
      yes(
        'mailed().then(async ({ flow, begin, mail, clock, userId }) => { const { challenge } = await begin(); clock.advance(60_000); await begin(); return outcome(await flow.complete({ userId, challenge, code: mail.mails[0].code })); })',
        "'email'",
      ),
      no(
        'and counts it as a failure',
        "enrolled().then(async ({ logIn, mails }) => { const browser = await logIn(); await browser.post('/two-factor/send-otp'); await browser.post('/two-factor/send-otp'); return verify(browser, mails[0], 'otp'); })",
        "'INVALID_CODE'",
      ),
      /mail|send/i,
    ),
  },
  {
    name: 'A mail that was not sent is an error',
    cells: onlyWithState(
      yes(
        'mailed().then(async ({ begin, mail }) => { mail.refuseNext(); return begin(); })',
        'throws CountersignError',
      ),
      no(
        'answers `status: true`',
        "enrolled({ isMailRefused: true }).then(async ({ logIn }) => (await (await logIn()).post('/two-factor/send-otp')).body)",
        '{ status: true }',
      ),
      /mail|send/i,
    ),
  },
  {
    name: 'Secrets are encrypted at rest',
    cells: onlyWithState(
      yes(
        'enrolled().then(({ secret, written }) => written.join().includes(secret.toBase32()))',
        'false',
        'bound to the account',
      ),
      yes('enrolled().then(({ database }) => /^[0-9a-f]{100,}$/.test(database.twoFactor[0].secret))', 'true'),
      /encrypt|seal/i,
    ),
  },
  {
    name: 'Takes over apps from other systems',
    cells: onlyWithState(
      yes(
        'mailed().then(async ({ flow, complete, clock, userId }) => { await flow.adopt({ userId, secret: key }); return outcome(await complete(generateTotp(key, { at: clock.now() }))); })',
        "'authenticator'",
      ),
      no('write its rows yourself', 'names.filter((name) => /import|adopt/i.test(name))', '[]'),
      /import|adopt/i,
    ),
  },
  {
    name: 'Several apps for one account',
    cells: onlyWithState(
      yes(
        'enrolled({ maxApps: 2 }).then(async ({ flow, userId }) => (await flow.beginActivation({ userId, account: userId })).ok)',
        'true',
        'up to 5',
      ),
      no(
        'a second one takes the first one’s row',
        "enrolled().then(async ({ first, database }) => { await first.post('/two-factor/enable', { password: 'correct horse battery staple' }); return database.twoFactor.length; })",
        '1',
      ),
      /apps|devices/i,
    ),
  },
  {
    name: 'Remembers a browser',
    cells: onlyWithState(
      yes(
        "enrolled({ browsers: { rememberSeconds: 86_400 } }).then(async ({ flow, complete, code, userId }) => { const { browser } = await complete(code(), { remember: true }); return (await flow.begin({ userId, email: 'customer@example.com', browser: browser.value })).method; })",
        "'remembered'",
        'off by default',
      ),
      yes(
        "enrolled().then(async ({ logIn, code }) => { const browser = await logIn(); await browser.post('/two-factor/verify-totp', { code: await code(), trustDevice: true }); return [...browser.cookies.keys()].some((name) => name.includes('trust_device')); })",
        'true',
      ),
      /remember|trust|browser/i,
    ),
  },
  {
    name: 'Works with your own sessions and users',
    cells: {
      countersign: yes('Object.keys(await mailed().then(({ flow }) => flow)).includes("complete")', 'true'),
      otplib: yes("verify('287082').valid", 'true'),
      otpauth: yes("validate('287082')", '0'),
      'better-auth': no(
        'brings its own',
        'enrolled().then(({ database }) => database.session.length > 0)',
        'true',
      ),
      speakeasy: yes("verify('287082')", 'true'),
      'node-2fa': yes("at(59_000, () => twofactor.verifyToken(secret, '287082'))", '{ delta: 0 }'),
    },
  },
  {
    name: 'Brings sessions, passwords and sign-in',
    cells: {
      countersign: lacks(/session|password/i),
      otplib: lacks(/session|password/i),
      otpauth: lacks(/session|password/i),
      'better-auth': yes('names.filter((name) => /^(signInEmail|getSession)$/.test(name)).length', '2'),
      speakeasy: lacks(/session|password/i),
      'node-2fa': lacks(/session|password/i),
    },
  },
  {
    name: 'MongoDB',
    cells: onlyWithState(
      no(
        'bring a store of two methods',
        'Object.keys(manifest.exports).filter((name) => /mongo/i.test(name))',
        '[]',
      ),
      yes('Object.keys(manifest.exports).filter((name) => /mongo/i.test(name)).length > 0', 'true'),
      /mongo/i,
    ),
  },
  {
    name: 'Errors with stable codes',
    cells: {
      countersign: yes("codeOf(() => Secret.fromBase32('8'))", "'ERR_INVALID_BASE32'"),
      otplib: no('', "codeOf(() => verify('12345'))", 'undefined'),
      otpauth: no('', "codeOf(() => OTPAuth.Secret.fromBase32('8'))", 'undefined'),
      'better-auth': yes(
        "enrolled().then(async ({ logIn }) => verify(await logIn(), 'abcdef'))",
        "'INVALID_CODE'",
      ),
      speakeasy: no('', 'codeOf(() => speakeasy.otpauthURL({}))', 'undefined'),
      'node-2fa': no('', "codeOf(() => twofactor.verifyToken(1, '287082'))", 'undefined'),
    },
  },
  {
    name: 'Types of its own',
    cells: {
      countersign: yes('manifest.types', "'./dist/index.d.ts'"),
      otplib: yes('manifest.types', "'./dist/index.d.ts'"),
      otpauth: yes('manifest.types', "'./dist/otpauth.d.ts'"),
      'better-auth': yes('manifest.types', "'./dist/index.d.mts'"),
      speakeasy: no('', 'manifest.types', 'undefined'),
      'node-2fa': yes('manifest.types', "'dist/index.d.ts'"),
    },
  },
  {
    name: 'Runs without Node’s own modules',
    cells: {
      countersign: yes("missingInBrowsers('../../../dist/index.js')", 'null'),
      otplib: yes("missingInBrowsers('otplib')", 'null'),
      otpauth: yes("missingInBrowsers('otpauth')", 'null'),
      'better-auth': yes("missingInBrowsers('better-auth')", 'null'),
      speakeasy: no('', "missingInBrowsers('speakeasy')", `'Could not resolve "crypto"'`),
      'node-2fa': no('', "missingInBrowsers('node-2fa')", `'Could not resolve "crypto"'`),
    },
  },
  {
    name: 'Installs no other package',
    cells: {
      countersign: yes('Object.keys(manifest.dependencies ?? {}).length', '0'),
      otplib: no('6', 'Object.keys(manifest.dependencies).length', '6'),
      otpauth: no('1', 'Object.keys(manifest.dependencies).length', '1'),
      'better-auth': no('17', 'Object.keys(manifest.dependencies).length', '17'),
      speakeasy: no('1', 'Object.keys(manifest.dependencies).length', '1'),
      'node-2fa': no('4', 'Object.keys(manifest.dependencies).length', '4'),
    },
  },
];
