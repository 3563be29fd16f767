import { messages } from './en-messages.js';
import type { Timed } from './message.js';
import { durations } from './durations.js';

const duration = durations('en');

/** Everything that the pages say, in English. Other languages have the same keys. */
export const en = {
  service: 'Example Hosting',
  demonstration: 'A demonstration of countersign.',
  errorInTitle: 'Error',
  language: { label: 'Language', en: 'English', de: 'Deutsch' },
  navigation: { label: 'Panel', masterData: 'Master Data', events: 'Security events', logOut: 'Log out' },
  cancel: 'Cancel',
  duration,
  hint: { reload: 'Reload this page then.' },

  login: {
    title: 'Log in',
    number: 'Customer number',
    password: 'Password',
    submit: 'Log in',
  },

  secondStep: {
    titles: {
      email: 'Security token',
      long: 'Long security token',
      authenticator: 'Code of your app',
      recovery: 'Recovery code',
    },
    sentTo: (address: string): string =>
      `We sent a security token to ${address}. If you have several, use the newest one.`,
    whyLong:
      'It has 25 letters and digits, because there were many wrong codes or many emails for your account. Nobody can guess ' +
      'that many, so it lets you in all the same.',
    hints: {
      email: 'The six digits from our email.',
      long: 'The 25 letters and digits from our email, with or without the dashes.',
      authenticator: 'The six digits that your authenticator app shows now.',
      recovery: 'One of the codes that you kept when you set up the app. Each works once.',
    },
    remember: 'Do not ask for a code in this browser for 30 days',
    rememberHint: 'Do not tick this on a computer that you share.',
    submit: 'Log in',
    expiresIn: (time: string): Timed => ['It expires in ', time, '.'],
    expired: 'It has expired.',
    useRecovery: 'Use a recovery code instead',
    useApp: 'Use the authenticator app instead',
    resend: 'Send a new security token',
    resendLong: 'Send a longer security token',
    resendIn: (time: string): Timed => ['You can ask for a new one in ', time, '.'],
    notReceived: 'No email?',
    reasons: [
      'An email can take a few minutes.',
      'It may be in your spam folder.',
      'We may have an old address of yours. Then call our support.',
    ],
  },

  /** Before the first app takes the place of mail. */
  stepUp: {
    title: 'Confirm that it is you',
    explanation: 'You logged in a while ago. Before you set up an app, enter a new security token.',
    send: 'Send me a security token',
    submit: 'Continue',
  },

  masterData: {
    title: 'Master Data',
    customer: 'Customer',
    number: 'Customer number',
    name: 'Name',
    email: 'Email',
    twoFactor: 'Two-factor authentication',
    inactive: 'Not active',
    inactiveText: 'When you log in, we send you a security token by email.',
    active: 'Active',
    activeText: 'When you log in, you enter the code that your authenticator app shows.',
    ways: [
      {
        title: 'Security token by email',
        advantages: ['Nothing to set up', 'Works on every device with your mailbox'],
        disadvantages: [
          'An email can be late or land in spam',
          'People who can read your emails can read it, too',
        ],
      },
      {
        title: 'Code of an authenticator app',
        advantages: ['There at once, also without a network', 'Safe even if someone can read your emails'],
        disadvantages: ['You need your phone each time', 'You need a recovery code if you lose it'],
      },
    ],
    advantages: 'Advantages',
    disadvantages: 'Disadvantages',
    appName: 'Name of the app',
    appNameHint: 'So that you can tell your apps apart, such as “Work phone”.',
    defaultAppName: (n: number): string => (n === 1 ? 'My phone' : `My phone ${n}`),
    activate: 'Activate two-factor authentication',
    add: 'Set up another app',
    newPhone: 'A new phone? Set it up here, then remove the old one.',
    apps: 'Your apps',
    since: (time: string): string => `since ${time}`,
    lastUsed: (time: string): string => `last used ${time}`,
    neverUsed: 'not used yet',
    remove: 'Remove',
    removeNamed: (name: string): string => `Remove ${name}`,
    recoveryCodes: 'Recovery codes',
    recoveryCodesLeft: (left: number): string => `${left} of 10 left.`,
    codesShown: (time: string): string => `Your new recovery codes can be shown until ${time}.`,
    showCodes: 'Show them again',
    renew: 'Make new recovery codes',
    browsers: 'Known browsers',
    browsersText: 'You have logged in with these. After you remove a browser, it is asked for a code again.',
    noBrowsers: 'There is none.',
    browser: 'Browser',
    thisBrowser: 'This browser',
    remembered: (time: string): string => `asks for no code until ${time}`,
    endBrowser: 'Remove',
    endBrowserNamed: (time: string): string => `Remove the browser last used ${time}`,
    endBrowsers: 'Remove all browsers',
  },

  activation: {
    title: 'Set up an authenticator app',
    scan: '1. Scan',
    scanText: 'Scan the QR code with an authenticator app, such as Aegis, Authy or Anexia Authenticator.',
    qr: 'QR code for your authenticator app; the same secret is written beside it',
    validFor: (time: string): Timed => ['You can use it for another ', time, '.'],
    over: 'It has expired. Reload this page for a new one.',
    type: 'Or type',
    typeText: 'If you cannot scan, type this secret into the app:',
    copy: 'Copy the secret',
    copied: 'Copied.',
    sameDevice: 'Is the app on this device?',
    open: 'Open in the authenticator app',
    warning:
      'Better not: with your password and the app on one device, that device is all that a thief needs.',
    confirm: '2. Confirm',
    code: 'Code of the new app',
    codeHint: 'The six digits that the new app shows now.',
    proof: 'Code of your old app, or a recovery code',
    proofHint: 'It shows that the new app is yours.',
    proved: 'You logged in with a recovery code, so you need no code of your old app.',
    submit: 'Confirm the app',
  },

  recovery: {
    title: 'Your recovery codes',
    text: 'If you lose your phone, each of these codes lets you in once. Keep them in a safe place, but not on the phone.',
    shownFor: 'This page shows them for ten minutes. Nobody can show them again after that.',
    heading: (number: string, date: string): string => `Recovery codes, customer number ${number}, ${date}`,
    copy: 'Copy',
    copied: 'Copied.',
    download: 'Download',
    downloaded: 'Downloaded.',
    fileName: 'recovery-codes',
    print: 'Print',
    kept: 'I have kept them',
  },

  renewal: {
    title: 'Make new recovery codes',
    text: 'You get ten new codes. The old ones no longer work then.',
    code: 'Code of your app',
    hint: 'The six digits that your authenticator app shows now.',
  },

  removal: {
    title: (name: string): string => `Remove ${name}`,
    text: 'Its codes no longer work then.',
    lastText:
      'It is your only app. From then on we send you a security token by email when you log in, and your recovery ' +
      'codes no longer work.',
    code: 'Code of an app',
    hint: 'The six digits that one of your apps shows now, or a recovery code.',
  },

  events: {
    title: 'Security events',
    help: 'Was one of these not you? Change your password and call our support.',
    none: 'Nothing has happened yet.',
    texts: {
      sent: 'We sent a security token by email.',
      send_failed: 'A security token could not be sent.',
      email: 'You entered a security token from an email.',
      authenticator: 'You entered a code of your authenticator app.',
      recovery: 'You logged in with a recovery code.',
      remembered: 'You logged in without a code, in a browser that you told us to remember.',
      mismatch: 'A wrong code was entered.',
      replay_refused: 'A code that had been used before was refused.',
      locked: 'Codes were locked after too many wrong ones.',
      unlocked: 'Our support unlocked your codes.',
      activated: (name: string): string => `The app “${name}” was activated.`,
      deactivated: (name: string): string => `The app “${name}” was removed.`,
      recovery_code_used: (left: string): string => `A recovery code was used. Left: ${left}.`,
      recovery_codes_renewed: 'New recovery codes were made.',
      browsers_forgotten: 'Known browsers were removed.',
      erased: 'Our support removed your two-factor authentication.',
    },
  },

  outbox: {
    title: 'Outbox',
    text: 'This page stands for the customers’ mailboxes. It is here because SMTP_URL is not set.',
    none: 'No mail was sent yet.',
    to: (address: string): string => `To ${address}`,
  },

  pages: {
    notFound: { title: 'Not found', text: 'There is no such page.' },
    busy: {
      title: 'Too many logins',
      text: 'Many people are logging in. Please try again in a few seconds.',
    },
    failed: {
      title: 'Sorry',
      text: 'That did not work. We may not have saved your last step. Check Master Data, then try again.',
    },
    back: 'Back to the start',
  },

  tryAgainIn: (time: string): Timed => ['You can try again in ', time, '.'],
  tryAgainNow: 'You can try again now.',

  messages,
};

/** What each language says. */
export type Words = typeof en;
