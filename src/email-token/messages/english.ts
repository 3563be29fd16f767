import type { MailLanguage } from './mail-language.js';

/** The mails in English. */
export const english: MailLanguage = {
  tag: 'en',
  noun: 'security token',
  greeting: 'Hello,',
  token: {
    title: 'Your {noun}',
    titleWithName: 'Your {noun} for {appName}',
    preview: 'It is good for {duration}. We will never ask you for it.',
    below: [
      'You asked for it on {time}. It is good for {duration}.',
      'Enter it on the page where you asked for it. If you have several of these emails, only the newest one counts.',
      'Nobody from our company will ever ask you for it, by phone, by email or in a chat. Please keep it to yourself.',
      'If you did not ask for it, someone may know your password. Please change your password. Nobody can log in ' +
        'without the {noun}.',
    ],
  },
  longToken: {
    title: 'Your long {noun}',
    titleWithName: 'Your long {noun} for {appName}',
    preview: 'It is good for {duration}. We will never ask you for it.',
    below: [
      'You asked for it on {time}. It is good for {duration}, and for one login.',
      'It is longer than usual because there were many wrong codes or many emails for your account. Nobody can guess ' +
        'it, so it lets you in all the same.',
      'Enter it on the page where you asked for it, with or without the dashes.',
      'Nobody from our company will ever ask you for it, by phone, by email or in a chat. Please keep it to yourself.',
      'If you did not ask for it, someone may know your password. Please change your password. Nobody can log in ' +
        'without the {noun}.',
    ],
  },
  notices: {
    activated: {
      subject: 'An authenticator app was added to your account',
      paragraphs: [
        'On {time}, two-factor authentication with the app “{app}” was activated for your account. From now on you log ' +
          'in with the code that it shows.',
        'Keep your recovery codes in a safe place. You need them if you lose your phone.',
      ],
    },
    replaced: {
      subject: 'Your authenticator app was replaced',
      paragraphs: [
        'On {time}, the app “{app}” took the place of the authenticator app that you used before. Codes of the old app ' +
          'no longer work.',
      ],
    },
    adopted: {
      subject: 'Your authenticator app was moved to our new login',
      paragraphs: ['On {time}, we took over your authenticator app “{app}”. You log in with it as before.'],
    },
    deactivated: {
      subject: 'An authenticator app was removed from your account',
      paragraphs: ['On {time}, the authenticator app “{app}” was removed from your account.'],
    },
    recovery_code_used: {
      subject: 'A recovery code was used',
      paragraphs: [
        'On {time}, one of your recovery codes was used. You have {left} left.',
        'Please make new recovery codes before you run out of them.',
      ],
    },
    recovery_codes_renewed: {
      subject: 'You have new recovery codes',
      paragraphs: ['On {time}, new recovery codes were made for your account. The old ones no longer work.'],
    },
    locked: {
      subject: 'There were many wrong codes for your account',
      paragraphs: [
        'On {time}, someone entered yet another wrong code for your account. It takes no more codes until {until}.',
        'A recovery code lets you in at once. If you log in by email, ask for a {noun} on the login page: we then send ' +
          'you a longer one.',
      ],
    },
  },
  notYou: 'If this was not you, change your password and contact us at once.',
};
