import type { Messages } from './en.ts'

/** German. */
export const de: Messages = {
  protectedAt: 'Geschützt durch Firebrand auf',
  startPage: 'Startseite',
  goToField: 'Zum Feld',
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
    error: 'Fehler',
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
    trustDevice: 'Erlauben Sie den Zugriff nur, wenn das Gerät vor Ihnen steht.',
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
