import type { Messages } from './en.ts'

/** French. */
export const fr: Messages = {
  protectedAt: 'Protégé par Firebrand sur',
  startPage: 'Page de départ',
  goToField: 'Aller au champ',
  wait(seconds) {
    if (seconds < 60) return seconds === 1 ? '1 seconde' : `${seconds} secondes`
    const minutes = Math.ceil(seconds / 60)
    return minutes === 1 ? '1 minute' : `${minutes} minutes`
  },
  formLost: {
    title: 'Veuillez réessayer',
    text: 'Votre navigateur n’a pas prouvé que le formulaire venait de cette page. Si cela se reproduit, autorisez les cookies pour ce site.',
  },
  legal: {
    about: 'À propos de',
    website: 'Site web',
    policy: 'Politique de confidentialité',
    terms: 'Conditions d’utilisation',
  },
  signIn: {
    title: 'Se connecter',
    error: 'Erreur',
    continueTo: 'pour continuer vers',
    email: 'Adresse e-mail',
    password: 'Mot de passe',
    remember: 'Rester connecté sur cet appareil',
    submit: 'Se connecter',
    cancel: 'Annuler et revenir',
    enterEmail: 'Saisissez votre adresse e-mail',
    enterPassword: 'Saisissez votre mot de passe',
    bothNeeded: 'Les deux champs sont nécessaires pour se connecter.',
    wrong: 'L’adresse e-mail ou le mot de passe est incorrect',
    wrongText: 'Vérifiez les deux et réessayez.',
    throttled: 'Trop de tentatives',
    throttledText: (wait) =>
      `Pour protéger le compte, la connexion est suspendue. Réessayez dans ${wait}.`,
    busy: 'De très nombreuses personnes se connectent',
    busyText: 'Votre mot de passe n’a pas été examiné. Attendez quelques secondes et réessayez.',
  },
  consent: {
    title: (client) => `Autoriser ${client} ?`,
    asks: 'demande l’accès à votre compte',
    notYou: 'Ce n’est pas vous ?',
    remember: 'Ne plus me demander pour cette application',
    allow: 'Autoriser l’accès',
    deny: 'Refuser',
    nothing: (client) =>
      `${client} ne demande aucune autorisation particulière, seulement votre connexion.`,
    choose: 'Choisissez ce qui est permis',
    alsoAsks: 'L’application demande aussi',
    usedAt: 'L’accès peut être utilisé auprès de',
    answerGoesTo: 'Votre réponse est envoyée à',
    trustAddress: 'N’autorisez l’accès que si vous faites confiance à cette adresse.',
    device: 'l’appareil qui a affiché le code',
    trustDevice: 'N’autorisez l’accès que si l’appareil est devant vous.',
  },
  scopes: {
    openid: {
      title: 'Savoir qui vous êtes',
      description:
        'Un identifiant qui permet à l’application de vous reconnaître la fois suivante.',
    },
    profile: {
      title: 'Voir votre profil',
      description: 'Votre nom et ce que votre profil dit de vous, par exemple une photo.',
    },
    email: {
      title: 'Voir votre adresse e-mail',
      description: 'L’adresse de votre compte, et si elle a été vérifiée.',
    },
    address: { title: 'Voir votre adresse postale', description: 'L’adresse de votre profil.' },
    phone: {
      title: 'Voir votre numéro de téléphone',
      description: 'Le numéro de votre profil, et s’il a été vérifié.',
    },
    offline_access: {
      title: 'Rester connectée en votre absence',
      description:
        'L’application garde son accès jusqu’à ce que vous ou elle y mettiez fin, même quand vous ne l’utilisez pas.',
    },
  },
  otherScope: 'Une autorisation que l’application définit elle-même.',
  claims: {
    name: 'Votre nom',
    family_name: 'Votre nom de famille',
    given_name: 'Votre prénom',
    middle_name: 'Votre deuxième prénom',
    nickname: 'Votre surnom',
    preferred_username: 'Votre nom d’utilisateur',
    profile: 'L’adresse de votre page de profil',
    picture: 'Votre photo',
    website: 'Votre site web',
    gender: 'Votre genre',
    birthdate: 'Votre date de naissance',
    zoneinfo: 'Votre fuseau horaire',
    locale: 'Votre langue',
    updated_at: 'La date de la dernière modification de votre profil',
    email: 'Votre adresse e-mail',
    email_verified: 'Si votre adresse e-mail a été vérifiée',
    address: 'Votre adresse postale',
    phone_number: 'Votre numéro de téléphone',
    phone_number_verified: 'Si votre numéro de téléphone a été vérifié',
  },
}
