import type { Messages } from './en.ts'

const theirFault =
  'Sie haben nichts falsch gemacht. Gehen Sie zur Anwendung zurück und versuchen Sie es noch einmal; geschieht es wieder, schicken Sie die Zeilen unten an ihren Support.'

const startAgain = 'Gehen Sie zur Anwendung zurück und beginnen Sie dort von vorn.'

/** German. */
export const de: Messages = {
  protectedAt: 'Geschützt durch Firebrand auf',
  startPage: 'Startseite',
  goToField: 'Zum Feld',
  failed: (title) => `Fehler: ${title}`,
  wait(seconds) {
    if (seconds < 60) return seconds === 1 ? '1 Sekunde' : `${seconds} Sekunden`
    const minutes = Math.ceil(seconds / 60)
    return minutes === 1 ? '1 Minute' : `${minutes} Minuten`
  },
  formLost: {
    title: 'Bitte versuchen Sie es noch einmal',
    text: 'Ihr Browser hat nicht nachgewiesen, dass das Formular von dieser Seite kam. Geschieht das wieder, erlauben Sie Cookies für diese Website.',
  },
  legal: {
    about: 'Über',
    website: 'Website',
    policy: 'Datenschutzerklärung',
    terms: 'Nutzungsbedingungen',
  },
  signIn: {
    title: 'Anmelden',
    continueTo: 'weiter zu',
    email: 'E-Mail-Adresse',
    password: 'Passwort',
    remember: 'Auf diesem Gerät angemeldet bleiben',
    submit: 'Anmelden',
    cancel: 'Abbrechen und zurückgehen',
    enterEmail: 'Geben Sie Ihre E-Mail-Adresse ein',
    enterPassword: 'Geben Sie Ihr Passwort ein',
    bothNeeded: 'Zum Anmelden werden beide Felder gebraucht.',
    wrong: 'E-Mail-Adresse oder Passwort stimmt nicht',
    wrongText: 'Prüfen Sie beides und versuchen Sie es noch einmal.',
    throttled: 'Zu viele Versuche',
    throttledText: (wait) =>
      `Zum Schutz des Kontos ist die Anmeldung angehalten. Versuchen Sie es in ${wait} noch einmal.`,
    busy: 'Gerade melden sich sehr viele Menschen an',
    busyText:
      'Ihr Passwort wurde nicht geprüft. Warten Sie einige Sekunden und versuchen Sie es noch einmal.',
  },
  consent: {
    title: (client) => `${client} zulassen?`,
    asks: 'möchte auf Ihr Konto zugreifen',
    notYou: 'Nicht Sie?',
    remember: 'Für diese Anwendung nicht mehr fragen',
    allow: 'Zugriff erlauben',
    deny: 'Ablehnen',
    nothing: (client) => `${client} bittet um keine besondere Erlaubnis, nur um Ihre Anmeldung.`,
    choose: 'Wählen Sie, was erlaubt ist',
    alsoAsks: 'Außerdem wird gefragt nach',
    usedAt: 'Der Zugriff gilt bei',
    answerGoesTo: 'Ihre Antwort geht an',
    trustAddress: 'Erlauben Sie den Zugriff nur, wenn Sie dieser Adresse vertrauen.',
    device: 'das Gerät, das den Code gezeigt hat',
    appHere: 'eine App auf diesem Gerät',
    thisDevice: 'dieses Gerät',
    or: 'oder',
    trustDevice: 'Erlauben Sie den Zugriff nur, wenn das Gerät vor Ihnen steht.',
  },
  signOut: {
    title: 'Abmelden',
    question: 'Abmelden?',
    asks: 'möchte Ihre Sitzung hier beenden.',
    signedInAs: ['Sie sind angemeldet als ', '.'],
    yes: 'Ja, abmelden',
    no: 'Nein, bleiben',
  },
  stillSignedIn: {
    title: 'Weiterhin angemeldet',
    heading: 'Sie sind weiterhin angemeldet',
    unchanged: ['Für ', ' hat sich nichts geändert.'],
    close: 'Sie können diese Seite schließen.',
    backTo: (client) => `Zurück zu ${client}`,
  },
  signedOut: {
    title: 'Abgemeldet',
    heading: 'Sie sind abgemeldet',
    note: 'Es wurde keine Seite angegeben, auf der es weitergeht. Die Abmeldung war trotzdem erfolgreich.',
    text: 'Anwendungen, die Sie benutzt haben, können ihre eigene Sitzung behalten. Schließen Sie an einem gemeinsam genutzten Computer auch den Browser.',
  },
  device: {
    title: 'Gerät verbinden',
    lead: 'Ihr Gerät zeigt einen Code. Geben Sie ihn hier ein, um das Gerät zu verbinden.',
    code: 'Code',
    caution:
      'Fahren Sie nur fort, wenn ein Gerät vor Ihnen diesen Code zeigt. Wer Ihnen einen Code in einer Nachricht geschickt hat, bekäme Zugriff auf Ihr Konto.',
    submit: 'Weiter',
    wrong: 'Dieser Code funktioniert nicht',
    wrongText:
      'Vergleichen Sie ihn mit dem Code auf Ihrem Gerät. Codes gelten einmal und nur wenige Minuten; Ihr Gerät kann einen neuen zeigen.',
    throttled: 'Zu viele falsche Codes',
    throttledText:
      'Warten Sie eine Weile und fordern Sie dann auf Ihrem Gerät einen neuen Code an.',
  },
  deviceDone: {
    title: 'Gerät verbunden',
    heading: 'Ihr Gerät ist verbunden',
    text: 'Machen Sie dort weiter. Diese Seite können Sie schließen.',
  },
  errorPage: {
    startAgain: 'Neu beginnen',
    forDeveloper: 'Für die Entwickler der Anwendung',
    error: 'Fehler',
    description: 'Beschreibung',
    hint: 'Hinweis',
    debug: 'Fehlersuche',
  },
  errors: {
    invalid_client: {
      title: 'Diese Anwendung ist hier nicht bekannt',
      text: 'Die Anwendung, von der Sie kommen, ist bei diesem Anmeldedienst nicht oder nicht mehr registriert.',
      advice: theirFault,
    },
    request_forbidden: {
      title: 'Dieser Browser hat die Anmeldung nicht begonnen',
      text: 'Die Anmeldung wurde in einem anderen Browser begonnen, oder Cookies sind gesperrt.',
      advice:
        'Erlauben Sie Cookies für diese Website, gehen Sie dann zur Anwendung zurück und beginnen Sie dort von vorn.',
    },
    request_unauthorized: {
      title: 'Diese Anmeldung hat zu lange gedauert',
      text: 'Zu Ihrer Sicherheit endet sie nach einer Weile.',
      advice: startAgain,
    },
    access_denied: {
      title: 'Die Anmeldung wurde abgelehnt',
      text: 'Sie wurde abgebrochen, oder ihr Link wurde schon benutzt.',
      advice: startAgain,
    },
    server_error: {
      title: 'Bei uns ist etwas schiefgegangen',
      text: 'Der Anmeldedienst hat selbst ein Problem.',
      advice:
        'Versuchen Sie es gleich noch einmal. Geschieht es wieder, schicken Sie die Zeilen unten an den Betreiber.',
    },
    temporarily_unavailable: {
      title: 'Gleich wieder da',
      text: 'Der Anmeldedienst kann gerade nicht antworten.',
      advice: 'Es ging nichts verloren. Versuchen Sie es gleich noch einmal.',
    },
  },
  otherError: {
    title: 'Die Anmeldung konnte nicht fortgesetzt werden',
    text: 'Die Anfrage der Anwendung, von der Sie kommen, ist ungültig.',
    advice: theirFault,
  },
  trouble: {
    unknown: {
      title: 'Diese Adresse funktioniert nicht',
      text: 'Sie gehört zu keiner Anmeldung dieses Servers. Vielleicht wurde sie unterwegs abgeschnitten oder verändert.',
      advice:
        'Gehen Sie zu der Anwendung zurück, von der Sie kamen, und beginnen Sie dort von vorn.',
    },
    missing: {
      title: 'Beginnen Sie in einer Anwendung',
      text: 'Diese Seite ist ein Schritt einer Anmeldung und wurde ohne eine geöffnet.',
      advice: 'Öffnen Sie die Anwendung, die Sie benutzen möchten, und melden Sie sich dort an.',
    },
    used: {
      title: 'Dieser Schritt ist schon erledigt',
      text: 'Sie haben ihn schon beantwortet, vielleicht in einem anderen Tab, oder Sie sind mit der Zurück-Taste hierher gekommen.',
      advice:
        'Hat die Anwendung Sie nicht eingelassen, beginnen Sie neu; sonst können Sie diese Seite schließen.',
    },
    expired: {
      title: 'Diese Anmeldung hat zu lange gedauert',
      text: 'Zu Ihrer Sicherheit endet sie nach einer Weile.',
      advice: 'Es ging nichts verloren. Beginnen Sie neu; es dauert nur einen Moment.',
    },
    expiredLogout: {
      title: 'Diese Seite ist zu alt',
      text: 'Zu Ihrer Sicherheit gilt sie nur eine Weile.',
      advice:
        'Sie sind weiterhin angemeldet. Um sich abzumelden, beginnen Sie in der Anwendung neu.',
    },
    unreadable: {
      title: 'Das Formular kam nicht vollständig an',
      text: 'Der Server konnte nicht lesen, was gesendet wurde.',
      advice: 'Gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es noch einmal.',
    },
    refused: {
      title: 'Das funktioniert nicht',
      text: 'Der Server hat diesen Schritt abgelehnt.',
      advice: startAgain,
    },
  },
  notFound: {
    title: 'Seite nicht gefunden',
    heading: 'Hier ist keine Seite',
    text: 'Die Adresse ist vielleicht vertippt oder veraltet. Um sich anzumelden, gehen Sie zu Ihrer Anwendung zurück und beginnen Sie dort.',
    toStart: 'Zur Startseite',
  },
  landing: {
    title: 'Anmeldedienst',
    heading: 'Dies ist ein Anmeldedienst',
    text: 'Anwendungen schicken Sie zum Anmelden hierher. Auf dieser Seite gibt es nichts zu tun: Gehen Sie zu Ihrer Anwendung zurück und melden Sie sich dort an.',
  },
  setup: {
    title: 'Noch nicht eingerichtet',
    login: 'Die Anmeldeseite ist nicht eingerichtet',
    consent: 'Die Zustimmungsseite ist nicht eingerichtet',
    logout: 'Die Abmeldeseite ist nicht eingerichtet',
    device: 'Die Geräteseite ist nicht eingerichtet',
    missingKey: [
      'Der notwendige Konfigurationsschlüssel ',
      ' fehlt oder ist leer; deshalb kann dieser Server hier keine Seite zeigen.',
    ],
    forPerson:
      'Wenn Sie sich nur anmelden wollten: Der Betreiber dieses Servers muss die Einrichtung noch abschließen.',
    forOperator: 'Für den Betreiber',
    how: 'Nennen Sie die Seite Ihrer Login- und Consent-App in der Konfigurationsdatei oder der Umgebung:',
    reference: ['Alle Schlüssel sind in ', ' von Firebrand beschrieben.'],
  },
  scopes: {
    openid: {
      title: 'Wissen, wer Sie sind',
      description: 'Eine Kennung, an der die Anwendung Sie beim nächsten Mal wiedererkennt.',
    },
    profile: {
      title: 'Ihr Profil sehen',
      description: 'Ihren Namen und was Ihr Profil sonst über Sie sagt, etwa ein Bild.',
    },
    email: {
      title: 'Ihre E-Mail-Adresse sehen',
      description: 'Die Adresse Ihres Kontos, und ob sie bestätigt wurde.',
    },
    address: { title: 'Ihre Postanschrift sehen', description: 'Die Anschrift Ihres Profils.' },
    phone: {
      title: 'Ihre Telefonnummer sehen',
      description: 'Die Nummer Ihres Profils, und ob sie bestätigt wurde.',
    },
    offline_access: {
      title: 'Verbunden bleiben, wenn Sie nicht da sind',
      description:
        'Die Anwendung behält ihren Zugriff, bis Sie oder sie ihn beenden, auch wenn Sie sie nicht benutzen.',
    },
  },
  otherScope: 'Eine Erlaubnis, die die Anwendung selbst festlegt.',
  claims: {
    name: 'Ihrem Namen',
    family_name: 'Ihrem Nachnamen',
    given_name: 'Ihrem Vornamen',
    middle_name: 'Ihrem zweiten Vornamen',
    nickname: 'Ihrem Spitznamen',
    preferred_username: 'Ihrem Benutzernamen',
    profile: 'der Adresse Ihrer Profilseite',
    picture: 'Ihrem Bild',
    website: 'Ihrer Website',
    gender: 'Ihrem Geschlecht',
    birthdate: 'Ihrem Geburtsdatum',
    zoneinfo: 'Ihrer Zeitzone',
    locale: 'Ihrer Sprache',
    updated_at: 'der letzten Änderung Ihres Profils',
    email: 'Ihrer E-Mail-Adresse',
    email_verified: 'der Bestätigung Ihrer E-Mail-Adresse',
    address: 'Ihrer Postanschrift',
    phone_number: 'Ihrer Telefonnummer',
    phone_number_verified: 'der Bestätigung Ihrer Telefonnummer',
  },
}
