import type { MailLanguage } from './mail-language.js';

/** The mails in German, with the formal address. */
export const german: MailLanguage = {
  tag: 'de',
  noun: 'Sicherheitstoken',
  greeting: 'Guten Tag,',
  token: {
    title: 'Ihr {noun}',
    titleWithName: 'Ihr {noun} für {appName}',
    preview: 'Gültig: {duration}. Wir fragen Sie niemals danach.',
    below: [
      'Sie haben diese Ziffern am {time} angefordert. Sie gelten {duration}.',
      'Bitte geben Sie sie auf der Seite ein, auf der Sie sie angefordert haben. Wenn Sie mehrere dieser E-Mails ' +
        'haben, zählt nur die neueste.',
      'Niemand aus unserem Unternehmen wird Sie jemals danach fragen, weder am Telefon noch per E-Mail oder im Chat. ' +
        'Bitte behalten Sie die Ziffern für sich.',
      'Falls Sie nichts angefordert haben, kennt möglicherweise jemand Ihr Passwort. Bitte ändern Sie es. Ohne diese ' +
        'Ziffern kann sich niemand anmelden.',
    ],
  },
  longToken: {
    title: 'Ihr langes {noun}',
    titleWithName: 'Ihr langes {noun} für {appName}',
    preview: 'Gültig: {duration}. Wir fragen Sie niemals danach.',
    below: [
      'Sie haben diese Zeichen am {time} angefordert. Sie gelten {duration} und für eine Anmeldung.',
      'Es sind mehr als sonst, weil für Ihr Konto viele falsche Codes eingegeben oder viele E-Mails angefordert ' +
        'wurden. Erraten kann sie niemand. Deshalb kommen Sie damit trotzdem hinein.',
      'Bitte geben Sie sie auf der Seite ein, auf der Sie sie angefordert haben, mit oder ohne Bindestriche.',
      'Niemand aus unserem Unternehmen wird Sie jemals danach fragen, weder am Telefon noch per E-Mail oder im Chat. ' +
        'Bitte behalten Sie die Zeichen für sich.',
      'Falls Sie nichts angefordert haben, kennt möglicherweise jemand Ihr Passwort. Bitte ändern Sie es. Ohne diese ' +
        'Zeichen kann sich niemand anmelden.',
    ],
  },
  notices: {
    activated: {
      subject: 'Ihrem Konto wurde eine Authenticator-App hinzugefügt',
      paragraphs: [
        'Am {time} wurde die Zwei-Faktor-Authentisierung mit der App „{app}“ für Ihr Konto aktiviert. Von nun an melden ' +
          'Sie sich mit dem Code an, den die App anzeigt.',
        'Bitte bewahren Sie Ihre Wiederherstellungscodes gut auf. Sie brauchen sie, wenn Sie Ihr Telefon verlieren.',
      ],
    },
    replaced: {
      subject: 'Ihre Authenticator-App wurde ersetzt',
      paragraphs: [
        'Am {time} ist die App „{app}“ an die Stelle Ihrer bisherigen Authenticator-App getreten. Codes der alten App ' +
          'gelten nicht mehr.',
      ],
    },
    adopted: {
      subject: 'Ihre Authenticator-App wurde in unsere neue Anmeldung übernommen',
      paragraphs: [
        'Am {time} haben wir Ihre Authenticator-App „{app}“ übernommen. Sie melden sich damit an wie bisher.',
      ],
    },
    deactivated: {
      subject: 'Eine Authenticator-App wurde von Ihrem Konto entfernt',
      paragraphs: ['Am {time} wurde die Authenticator-App „{app}“ von Ihrem Konto entfernt.'],
    },
    recovery_code_used: {
      subject: 'Ein Wiederherstellungscode wurde verwendet',
      paragraphs: [
        'Am {time} wurde einer Ihrer Wiederherstellungscodes verwendet. Übrig sind noch: {left}.',
        'Bitte erstellen Sie neue, bevor Sie keine mehr haben.',
      ],
    },
    recovery_codes_renewed: {
      subject: 'Sie haben neue Wiederherstellungscodes',
      paragraphs: [
        'Am {time} wurden für Ihr Konto neue Wiederherstellungscodes erstellt. Die alten gelten nicht mehr.',
      ],
    },
    locked: {
      subject: 'Für Ihr Konto wurden viele falsche Codes eingegeben',
      paragraphs: [
        'Am {time} wurde wieder ein falscher Code für Ihr Konto eingegeben. Bis {until} nimmt es keine Codes mehr an.',
        'Mit einem Wiederherstellungscode kommen Sie sofort hinein. Wenn Sie sich per E-Mail anmelden, fordern Sie auf ' +
          'der Anmeldeseite ein {noun} an: Sie erhalten dann ein längeres.',
      ],
    },
  },
  notYou: 'Falls Sie das nicht waren, ändern Sie bitte Ihr Passwort und melden Sie sich sofort bei uns.',
};
