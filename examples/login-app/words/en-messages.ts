import type { Message } from './message.js';

/** What a page says about the form before it, in English. */
export const messages = {
  wrongPassword: 'The customer number or the password is wrong.',
  tooManyPasswords: 'There were too many wrong passwords from your network.',
  sessionOver: 'Your session has ended. Please log in again.',
  loginOver: 'This login has ended. Please log in again.',
  loggedOut: 'You have logged out.',
  lost: 'Something is wrong with your account. Please call our support.',
  unfinished: 'We may not have saved your last step. Please check, then try again.',

  malformed: ({ by = 'email' }: Message): string =>
    ({
      email: 'That is not a security token. Check what you typed.',
      authenticator: 'That is not a code. Enter the six digits that your app shows.',
      recovery: 'That is not a recovery code. Check what you typed.',
    })[by],
  mismatch: ({ by = 'email', attemptsLeft, retryAt }: Message): string => {
    const wrong = {
      email: 'That security token is wrong.',
      authenticator: 'That code is wrong.',
      recovery: 'That recovery code is wrong.',
    }[by];
    if (retryAt !== undefined || attemptsLeft === undefined) return wrong;
    return `${wrong} You have ${attemptsLeft === 1 ? 'one attempt' : `${attemptsLeft} attempts`} left.`;
  },
  newAppMismatch:
    'That code is wrong. Check the time on your phone, then enter the code that the app shows now.',
  superseded: 'That security token is from an older email. Use the newest one.',
  replayed: ({ by = 'email' }: Message): string =>
    ({
      email: 'That security token was used already. Ask for a new one.',
      authenticator: 'That code was used already. Wait until the app shows the next one.',
      recovery: 'That recovery code was used already. Use another one.',
    })[by],
  expired: 'The security token has expired. Ask for a new one.',
  exhausted: 'There were too many wrong tries. Ask for a new security token.',
  delayed: ({ by = 'email' }: Message): string =>
    by === 'email'
      ? 'There were wrong tries before, so this one was not looked at.'
      : 'There were wrong codes before, so this one was not looked at. A recovery code works at once.',
  locked: ({ by = 'email' }: Message): string =>
    by === 'email'
      ? 'There were too many wrong tries. Ask for a longer security token, which nobody can guess.'
      : 'There were too many wrong codes. A recovery code lets you in at once.',
  waits: ({ by = 'email' }: Message): string =>
    by === 'email'
      ? 'There were wrong tries before.'
      : 'There were wrong codes before. A recovery code works at once.',
  lockedOut: 'There were too many wrong tries. If you cannot wait, call our support.',
  cooldown: 'We sent you another email a moment ago.',
  limit: 'We have sent you many emails. If you cannot wait, call our support.',
  sendFailed: 'We could not send the email. Please try again.',
  tokenSent: 'We sent a new email. Use the newest one.',
  tokenOnItsWay: 'The email that we sent a moment ago is still good.',

  recoveryCodeUsed: ({ left }: Message): string =>
    `You logged in with a recovery code. You have ${left ?? 0} left. If you lost your phone, set up a new app now.`,
  appAdded: ({ name }: Message): string => `The app “${name ?? ''}” is active.`,
  appAddedByRecovery: ({ name }: Message): string =>
    `The app “${name ?? ''}” is active. Now remove the one that you lost.`,
  alreadyActive: 'The app is active already. If you have not kept your recovery codes, make new ones.',
  appRemoved: ({ name }: Message): string => `The app “${name ?? ''}” was removed.`,
  lastAppRemoved: 'Two-factor authentication is not active any more. We send you security tokens by email.',
  inactive: 'Two-factor authentication is not active.',
  noSuchApp: 'That app is not active.',
  full: 'You have three apps. Remove one first.',
  activationExpired: 'The QR code before had expired. Remove its entry from your app and scan this one.',
  proof: 'Enter a code of your old app, or a recovery code.',
  unsuitable: 'A recovery code does not work here. Enter the code that your app shows.',
  codesGone: 'Recovery codes are shown for ten minutes. If you have not kept them, make new ones.',
  browserEnded: 'The browser was removed.',
  browsersEnded: 'All browsers were removed.',
};

export type Messages = typeof messages;
