/** Texts of the small pages that endpoints show by themselves. The built-in pages have theirs in `ui/messages/`. */

import { askedLanguage, chooseLanguage, type Language } from '../protocol/language.ts'

interface PageWords {
  readonly signingOut: string
  readonly signingOutOfApplications: string
  readonly takesAMoment: string
  readonly continueNow: string
  /** Title of a frame, for screen readers. */
  readonly signOutOfOne: string
  readonly goingOn: string
  readonly goOn: string
  readonly tooMany: string
  /** @param seconds at least 1. */
  readonly tooManyAdvice: (seconds: number) => string
}

const words: Readonly<Record<Language, PageWords>> = {
  en: {
    signingOut: 'Signing out',
    signingOutOfApplications: 'Signing you out of your applications',
    takesAMoment: 'This takes a moment.',
    continueNow: 'Continue now',
    signOutOfOne: 'Sign-out of an application',
    goingOn: 'Back to the application',
    goOn: 'Continue',
    tooMany: 'Too many requests',
    tooManyAdvice: (seconds) =>
      `Too many requests come from your network. Wait ${seconds === 1 ? '1 second' : `${seconds} seconds`}, then try again.`,
  },
  de: {
    signingOut: 'Abmeldung',
    signingOutOfApplications: 'Sie werden von Ihren Anwendungen abgemeldet',
    takesAMoment: 'Das dauert einen Augenblick.',
    continueNow: 'Jetzt weiter',
    signOutOfOne: 'Abmeldung von einer Anwendung',
    goingOn: 'Zurück zur Anwendung',
    goOn: 'Weiter',
    tooMany: 'Zu viele Anfragen',
    tooManyAdvice: (seconds) =>
      `Aus Ihrem Netz kommen zu viele Anfragen. Warten Sie ${seconds === 1 ? 'eine Sekunde' : `${seconds} Sekunden`} und versuchen Sie es dann noch einmal.`,
  },
  fr: {
    signingOut: 'Déconnexion',
    signingOutOfApplications: 'Déconnexion de vos applications',
    takesAMoment: 'Cela prend un instant.',
    continueNow: 'Continuer maintenant',
    signOutOfOne: 'Déconnexion d’une application',
    goingOn: 'Retour à l’application',
    goOn: 'Continuer',
    tooMany: 'Trop de requêtes',
    tooManyAdvice: (seconds) =>
      `Trop de requêtes viennent de votre réseau. Attendez ${seconds === 1 ? 'une seconde' : `${seconds} secondes`}, puis réessayez.`,
  },
  es: {
    signingOut: 'Cierre de sesión',
    signingOutOfApplications: 'Cerrando la sesión en sus aplicaciones',
    takesAMoment: 'Esto tarda un momento.',
    continueNow: 'Continuar ahora',
    signOutOfOne: 'Cierre de sesión en una aplicación',
    goingOn: 'De vuelta a la aplicación',
    goOn: 'Continuar',
    tooMany: 'Demasiadas solicitudes',
    tooManyAdvice: (seconds) =>
      `Llegan demasiadas solicitudes desde su red. Espere ${seconds === 1 ? 'un segundo' : `${seconds} segundos`} y vuelva a intentarlo.`,
  },
}

/** A language and its texts. */
export interface Spoken {
  readonly lang: Language
  readonly words: PageWords
}

/** The language that the flow asks for, else that of the browser, else English. */
export function spokenTo(request: Request, asked: Language | undefined): Spoken {
  const lang = asked ?? chooseLanguage([], request.headers.get('accept-language'))
  return { lang, words: words[lang] }
}

/** The same, for a request that names its languages itself. @param query that of the request. */
export function spokenBy(request: Request, query: URLSearchParams): Spoken {
  return spokenTo(request, askedLanguage(query.get('ui_locales')))
}
