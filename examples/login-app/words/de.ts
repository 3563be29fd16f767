import { messages } from './de-messages.js';
import type { Timed } from './message.js';
import { durations } from './durations.js';
import type { Words } from './en.js';

/** Everything that the pages say, in German, with the formal address. Soft hyphens let long words fit on a phone. */
export const de: Words = {
  service: 'Example Hosting',
  demonstration: 'Eine Vorführung von countersign.',
  errorInTitle: 'Fehler',
  language: { label: 'Sprache', en: 'English', de: 'Deutsch' },
  navigation: {
    label: 'Kundenbereich',
    masterData: 'Stammdaten',
    events: 'Sicherheitsereignisse',
    logOut: 'Abmelden',
  },
  cancel: 'Abbrechen',
  duration: durations('de'),
  hint: { reload: 'Laden Sie dann diese Seite neu.' },

  login: { title: 'Anmelden', number: 'Kundennummer', password: 'Passwort', submit: 'Anmelden' },

  secondStep: {
    titles: {
      email: 'Sicherheitstoken',
      long: 'Langes Sicherheitstoken',
      authenticator: 'Code Ihrer App',
      recovery: 'Wiederherstellungs\u00ADcode',
    },
    sentTo: (address: string): string =>
      `Wir haben ein Sicherheitstoken an ${address} gesendet. Wenn Sie mehrere haben, gilt das neueste.`,
    whyLong:
      'Es hat 25 Buchstaben und Ziffern, weil für Ihr Konto viele falsche Codes eingegeben oder viele E-Mails angefordert wurden. ' +
      'Erraten kann es niemand. Deshalb kommen Sie damit trotzdem hinein.',
    hints: {
      email: 'Die sechs Ziffern aus unserer E-Mail.',
      long: 'Die 25 Buchstaben und Ziffern aus unserer E-Mail, mit oder ohne Bindestriche.',
      authenticator: 'Die sechs Ziffern, die Ihre Authenticator-App gerade anzeigt.',
      recovery: 'Einer der Codes, die Sie beim Einrichten der App aufbewahrt haben. Jeder gilt einmal.',
    },
    remember: 'In diesem Browser 30 Tage lang nicht nach einem Code fragen',
    rememberHint: 'Wählen Sie das nicht auf einem Gerät, das Sie mit anderen teilen.',
    submit: 'Anmelden',
    expiresIn: (time: string): Timed => ['Es läuft in ', time, ' ab.'],
    expired: 'Es ist abgelaufen.',
    useRecovery: 'Stattdessen einen Wiederherstellungs\u00ADcode verwenden',
    useApp: 'Stattdessen die Authenticator-App verwenden',
    resend: 'Neues Sicherheitstoken senden',
    resendLong: 'Längeres Sicherheitstoken senden',
    resendIn: (time: string): Timed => ['Ein neues können Sie in ', time, ' anfordern.'],
    notReceived: 'Keine E-Mail erhalten?',
    reasons: [
      'Eine E-Mail kann einige Minuten brauchen.',
      'Sie kann in Ihrem Spam-Ordner liegen.',
      'Vielleicht kennen wir nur eine alte Adresse von Ihnen. Rufen Sie dann unseren Support an.',
    ],
  },

  stepUp: {
    title: 'Bestätigen Sie, dass Sie es sind',
    explanation:
      'Ihre Anmeldung ist eine Weile her. Bevor Sie eine App einrichten, geben Sie bitte ein neues Sicherheitstoken ein.',
    send: 'Sicherheitstoken senden',
    submit: 'Weiter',
  },

  masterData: {
    title: 'Stammdaten',
    customer: 'Kunde',
    number: 'Kundennummer',
    name: 'Name',
    email: 'E-Mail',
    twoFactor: 'Zwei-Faktor-Authentisierung',
    inactive: 'Nicht aktiv',
    inactiveText: 'Wenn Sie sich anmelden, senden wir Ihnen ein Sicherheitstoken per E-Mail.',
    active: 'Aktiv',
    activeText: 'Wenn Sie sich anmelden, geben Sie den Code ein, den Ihre Authenticator-App anzeigt.',
    ways: [
      {
        title: 'Sicherheitstoken per E-Mail',
        advantages: ['Nichts einzurichten', 'Auf jedem Gerät, auf dem Sie Ihre E-Mails lesen'],
        disadvantages: [
          'Eine E-Mail kann sich verspäten oder im Spam landen',
          'Wer Ihre E-Mails lesen kann, kann auch das Sicherheitstoken lesen',
        ],
      },
      {
        title: 'Code einer Authenticator-App',
        advantages: ['Sofort da, auch ohne Netz', 'Sicher, auch wenn jemand Ihre E-Mails lesen kann'],
        disadvantages: [
          'Sie brauchen jedes Mal Ihr Telefon',
          'Sie brauchen einen Wiederherstellungs\u00ADcode, wenn Sie es verlieren',
        ],
      },
    ],
    advantages: 'Vorteile',
    disadvantages: 'Nachteile',
    appName: 'Name der App',
    appNameHint: 'Damit Sie Ihre Apps unterscheiden können, etwa „Diensthandy“.',
    defaultAppName: (n: number): string => (n === 1 ? 'Mein Telefon' : `Mein Telefon ${n}`),
    activate: 'Zwei-Faktor-Authentisierung aktivieren',
    add: 'Weitere App einrichten',
    newPhone: 'Ein neues Telefon? Richten Sie es hier ein und entfernen Sie dann das alte.',
    apps: 'Ihre Apps',
    since: (time: string): string => `seit ${time}`,
    lastUsed: (time: string): string => `zuletzt verwendet ${time}`,
    neverUsed: 'noch nicht verwendet',
    remove: 'Entfernen',
    removeNamed: (name: string): string => `${name} entfernen`,
    recoveryCodes: 'Wiederherstellungs\u00ADcodes',
    recoveryCodesLeft: (left: number): string => `${left} von 10 übrig.`,
    codesShown: (time: string): string =>
      `Ihre neuen Wiederherstellungs\u00ADcodes können bis ${time} angezeigt werden.`,
    showCodes: 'Noch einmal anzeigen',
    renew: 'Neue Wiederherstellungs\u00ADcodes erstellen',
    browsers: 'Bekannte Browser',
    browsersText:
      'Mit diesen haben Sie sich angemeldet. Ein Browser, den Sie entfernen, wird wieder nach einem Code gefragt.',
    noBrowsers: 'Es gibt keinen.',
    browser: 'Browser',
    thisBrowser: 'Dieser Browser',
    remembered: (time: string): string => `fragt bis ${time} nicht nach einem Code`,
    endBrowser: 'Entfernen',
    endBrowserNamed: (time: string): string => `Den Browser entfernen, der zuletzt ${time} verwendet wurde`,
    endBrowsers: 'Alle Browser entfernen',
  },

  activation: {
    title: 'Authenticator-App einrichten',
    scan: '1. Scannen',
    scanText:
      'Scannen Sie den QR-Code mit einer Authenticator-App, etwa Aegis, Authy oder Anexia Authenticator.',
    qr: 'QR-Code für Ihre Authenticator-App; derselbe geheime Schlüssel steht daneben',
    validFor: (time: string): Timed => ['Sie können ihn noch ', time, ' lang verwenden.'],
    over: 'Er ist abgelaufen. Laden Sie diese Seite neu, um einen neuen zu bekommen.',
    type: 'Oder eintippen',
    typeText: 'Wenn Sie nicht scannen können, tippen Sie diesen geheimen Schlüssel in die App ein:',
    copy: 'Schlüssel kopieren',
    copied: 'Kopiert.',
    sameDevice: 'Ist die App auf diesem Gerät?',
    open: 'In der Authenticator-App öffnen',
    warning:
      'Besser nicht: Wenn Passwort und App auf einem Gerät sind, braucht ein Dieb nur dieses eine Gerät.',
    confirm: '2. Bestätigen',
    code: 'Code der neuen App',
    codeHint: 'Die sechs Ziffern, die die neue App gerade anzeigt.',
    proof: 'Code Ihrer alten App oder ein Wiederherstellungs\u00ADcode',
    proofHint: 'Damit zeigen Sie, dass die neue App Ihnen gehört.',
    proved:
      'Sie haben sich mit einem Wiederherstellungs\u00ADcode angemeldet. Ein Code Ihrer alten App ist nicht nötig.',
    submit: 'App bestätigen',
  },

  recovery: {
    title: 'Ihre Wiederherstellungs\u00ADcodes',
    text:
      'Wenn Sie Ihr Telefon verlieren, kommen Sie mit jedem dieser Codes einmal hinein. Bewahren Sie sie sicher auf, ' +
      'aber nicht auf dem Telefon.',
    shownFor: 'Diese Seite zeigt sie zehn Minuten lang. Danach kann sie niemand mehr anzeigen.',
    heading: (number: string, date: string): string =>
      `Wiederherstellungs\u00ADcodes, Kundennummer ${number}, ${date}`,
    copy: 'Kopieren',
    copied: 'Kopiert.',
    download: 'Herunterladen',
    downloaded: 'Heruntergeladen.',
    fileName: 'wiederherstellungscodes',
    print: 'Drucken',
    kept: 'Ich habe sie aufbewahrt',
  },

  renewal: {
    title: 'Neue Wiederherstellungs\u00ADcodes erstellen',
    text: 'Sie bekommen zehn neue Codes. Die alten gelten dann nicht mehr.',
    code: 'Code Ihrer App',
    hint: 'Die sechs Ziffern, die Ihre Authenticator-App gerade anzeigt.',
  },

  removal: {
    title: (name: string): string => `${name} entfernen`,
    text: 'Die Codes dieser App gelten dann nicht mehr.',
    lastText:
      'Das ist Ihre einzige App. Danach senden wir Ihnen beim Anmelden ein Sicherheitstoken per E-Mail, und Ihre ' +
      'Wiederherstellungs\u00ADcodes gelten nicht mehr.',
    code: 'Code einer App',
    hint: 'Die sechs Ziffern, die eine Ihrer Apps gerade anzeigt, oder ein Wiederherstellungs\u00ADcode.',
  },

  events: {
    title: 'Sicherheitsereignisse',
    help: 'Waren Sie das nicht? Ändern Sie Ihr Passwort und rufen Sie unseren Support an.',
    none: 'Bisher ist nichts geschehen.',
    texts: {
      sent: 'Wir haben ein Sicherheitstoken per E-Mail gesendet.',
      send_failed: 'Ein Sicherheitstoken konnte nicht gesendet werden.',
      email: 'Sie haben ein Sicherheitstoken aus einer E-Mail eingegeben.',
      authenticator: 'Sie haben einen Code Ihrer Authenticator-App eingegeben.',
      recovery: 'Sie haben sich mit einem Wiederherstellungs\u00ADcode angemeldet.',
      remembered: 'Sie haben sich ohne Code angemeldet, in einem Browser, den wir uns merken sollten.',
      mismatch: 'Ein falscher Code wurde eingegeben.',
      replay_refused: 'Ein Code, der schon verwendet worden war, wurde abgelehnt.',
      locked: 'Nach zu vielen falschen Codes wurde die Eingabe gesperrt.',
      unlocked: 'Unser Support hat die Sperre aufgehoben.',
      activated: (name: string): string => `Die App „${name}“ wurde aktiviert.`,
      deactivated: (name: string): string => `Die App „${name}“ wurde entfernt.`,
      recovery_code_used: (left: string): string =>
        `Ein Wiederherstellungs\u00ADcode wurde verwendet. Übrig: ${left}.`,
      recovery_codes_renewed: 'Neue Wiederherstellungs\u00ADcodes wurden erstellt.',
      browsers_forgotten: 'Bekannte Browser wurden entfernt.',
      erased: 'Unser Support hat Ihre Zwei-Faktor-Authentisierung entfernt.',
    },
  },

  outbox: {
    title: 'Postausgang',
    text: 'Diese Seite steht für die Postfächer der Kunden. Sie ist da, weil SMTP_URL nicht gesetzt ist.',
    none: 'Bisher wurde keine E-Mail gesendet.',
    to: (address: string): string => `An ${address}`,
  },

  pages: {
    notFound: { title: 'Nicht gefunden', text: 'Diese Seite gibt es nicht.' },
    busy: {
      title: 'Zu viele Anmeldungen',
      text: 'Gerade melden sich viele an. Bitte versuchen Sie es in einigen Sekunden noch einmal.',
    },
    failed: {
      title: 'Entschuldigung',
      text:
        'Das hat nicht geklappt. Vielleicht wurde Ihr letzter Schritt nicht gespeichert. Sehen Sie in den Stammdaten ' +
        'nach und versuchen Sie es dann noch einmal.',
    },
    back: 'Zurück zum Anfang',
  },

  tryAgainIn: (time: string): Timed => ['Sie können es in ', time, ' noch einmal versuchen.'],
  tryAgainNow: 'Sie können es jetzt noch einmal versuchen.',

  messages,
};
