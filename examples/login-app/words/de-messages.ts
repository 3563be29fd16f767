import type { Message } from './message.js';
import type { Messages } from './en-messages.js';

/** What a page says about the form before it, in German. */
export const messages: Messages = {
  wrongPassword: 'Kundennummer oder Passwort ist falsch.',
  tooManyPasswords: 'Aus Ihrem Netz kamen zu viele falsche Passwörter.',
  sessionOver: 'Ihre Sitzung ist beendet. Bitte melden Sie sich noch einmal an.',
  loginOver: 'Diese Anmeldung ist beendet. Bitte melden Sie sich noch einmal an.',
  loggedOut: 'Sie haben sich abgemeldet.',
  lost: 'Mit Ihrem Konto stimmt etwas nicht. Bitte rufen Sie unseren Support an.',
  unfinished:
    'Vielleicht wurde Ihr letzter Schritt nicht gespeichert. Bitte sehen Sie nach und versuchen Sie es dann noch einmal.',

  malformed: ({ by = 'email' }: Message): string =>
    ({
      email: 'Das ist kein Sicherheitstoken. Bitte prüfen Sie Ihre Eingabe.',
      authenticator: 'Das ist kein Code. Geben Sie die sechs Ziffern ein, die Ihre App anzeigt.',
      recovery: 'Das ist kein Wiederherstellungs\u00ADcode. Bitte prüfen Sie Ihre Eingabe.',
    })[by],
  mismatch: ({ by = 'email', attemptsLeft, retryAt }: Message): string => {
    const wrong = {
      email: 'Dieses Sicherheitstoken ist falsch.',
      authenticator: 'Dieser Code ist falsch.',
      recovery: 'Dieser Wiederherstellungs\u00ADcode ist falsch.',
    }[by];
    if (retryAt !== undefined || attemptsLeft === undefined) return wrong;
    return `${wrong} Sie haben noch ${attemptsLeft === 1 ? 'einen Versuch' : `${attemptsLeft} Versuche`}.`;
  },
  newAppMismatch:
    'Dieser Code ist falsch. Prüfen Sie die Uhrzeit Ihres Telefons und geben Sie den Code ein, den die App jetzt anzeigt.',
  superseded: 'Dieses Sicherheitstoken ist aus einer älteren E-Mail. Verwenden Sie das neueste.',
  replayed: ({ by = 'email' }: Message): string =>
    ({
      email: 'Dieses Sicherheitstoken wurde schon verwendet. Fordern Sie ein neues an.',
      authenticator: 'Dieser Code wurde schon verwendet. Warten Sie, bis die App den nächsten anzeigt.',
      recovery: 'Dieser Wiederherstellungs\u00ADcode wurde schon verwendet. Verwenden Sie einen anderen.',
    })[by],
  expired: 'Das Sicherheitstoken ist abgelaufen. Fordern Sie ein neues an.',
  exhausted: 'Es gab zu viele falsche Versuche. Fordern Sie ein neues Sicherheitstoken an.',
  delayed: ({ by = 'email' }: Message): string =>
    by === 'email'
      ? 'Es gab vorher falsche Versuche. Deshalb wurde dieser nicht geprüft.'
      : 'Es gab vorher falsche Codes. Deshalb wurde dieser nicht geprüft. Ein Wiederherstellungs\u00ADcode gilt sofort.',
  locked: ({ by = 'email' }: Message): string =>
    by === 'email'
      ? 'Es gab zu viele falsche Versuche. Fordern Sie ein längeres Sicherheitstoken an, das niemand erraten kann.'
      : 'Es gab zu viele falsche Codes. Mit einem Wiederherstellungs\u00ADcode kommen Sie sofort hinein.',
  waits: ({ by = 'email' }: Message): string =>
    by === 'email'
      ? 'Es gab vorher falsche Versuche.'
      : 'Es gab vorher falsche Codes. Ein Wiederherstellungs\u00ADcode gilt sofort.',
  lockedOut: 'Es gab zu viele falsche Versuche. Wenn Sie nicht warten können, rufen Sie unseren Support an.',
  cooldown: 'Wir haben Ihnen gerade eine andere E-Mail gesendet.',
  limit:
    'Wir haben Ihnen viele E-Mails gesendet. Wenn Sie nicht warten können, rufen Sie unseren Support an.',
  sendFailed: 'Wir konnten die E-Mail nicht senden. Bitte versuchen Sie es noch einmal.',
  tokenSent: 'Wir haben eine neue E-Mail gesendet. Es gilt die neueste.',
  tokenOnItsWay: 'Die E-Mail von eben gilt noch.',

  recoveryCodeUsed: ({ left }: Message): string =>
    `Sie haben sich mit einem Wiederherstellungs\u00ADcode angemeldet. Übrig: ${left ?? 0}. Wenn Sie Ihr Telefon verloren ` +
    'haben, richten Sie jetzt eine neue App ein.',
  appAdded: ({ name }: Message): string => `Die App „${name ?? ''}“ ist aktiv.`,
  appAddedByRecovery: ({ name }: Message): string =>
    `Die App „${name ?? ''}“ ist aktiv. Entfernen Sie nun die, die Sie verloren haben.`,
  alreadyActive:
    'Die App ist schon aktiv. Wenn Sie Ihre Wiederherstellungs\u00ADcodes nicht aufbewahrt haben, erstellen Sie neue.',
  appRemoved: ({ name }: Message): string => `Die App „${name ?? ''}“ wurde entfernt.`,
  lastAppRemoved:
    'Die Zwei-Faktor-Authentisierung ist nicht mehr aktiv. Wir senden Ihnen Sicherheitstoken per E-Mail.',
  inactive: 'Die Zwei-Faktor-Authentisierung ist nicht aktiv.',
  noSuchApp: 'Diese App ist nicht aktiv.',
  full: 'Sie haben drei Apps. Entfernen Sie zuerst eine.',
  activationExpired:
    'Der QR-Code davor war abgelaufen. Löschen Sie seinen Eintrag aus Ihrer App und scannen Sie diesen.',
  proof: 'Geben Sie einen Code Ihrer alten App oder einen Wiederherstellungs\u00ADcode ein.',
  unsuitable:
    'Ein Wiederherstellungs\u00ADcode gilt hier nicht. Geben Sie den Code ein, den Ihre App anzeigt.',
  codesGone:
    'Wiederherstellungs\u00ADcodes werden zehn Minuten lang angezeigt. Wenn Sie sie nicht aufbewahrt haben, erstellen Sie neue.',
  browserEnded: 'Der Browser wurde entfernt.',
  browsersEnded: 'Alle Browser wurden entfernt.',
};
