import type { Messages } from './en.ts'

const theirFault =
  'Vous n’avez rien fait de mal. Retournez à l’application et réessayez\u00A0; si cela se reproduit, envoyez les lignes ci-dessous à son assistance.'

const startAgain = 'Retournez à l’application et recommencez depuis celle-ci.'

/** French. `\u00A0` keeps a mark on the line of its word. */
export const fr: Messages = {
  protectedAt: 'Protégé par Firebrand sur',
  startPage: 'Page de départ',
  goToField: 'Aller au champ',
  failed: (title) => `Erreur\u00A0: ${title}`,
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
    title: (client) => `Autoriser ${client}\u00A0?`,
    asks: 'demande l’accès à votre compte',
    notYou: 'Ce n’est pas vous\u00A0?',
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
    appHere: 'une application sur cet appareil',
    thisDevice: 'cet appareil',
    or: 'ou',
    trustDevice: 'N’autorisez l’accès que si l’appareil est devant vous.',
  },
  signOut: {
    title: 'Se déconnecter',
    question: 'Se déconnecter\u00A0?',
    asks: 'souhaite fermer votre session ici.',
    signedInAs: ['Vous utilisez le compte ', '.'],
    yes: 'Oui, me déconnecter',
    no: 'Non, rester',
  },
  stillSignedIn: {
    title: 'Session toujours ouverte',
    heading: 'Votre session reste ouverte',
    unchanged: ['Rien n’a changé pour ', '.'],
    close: 'Vous pouvez fermer cette page.',
    backTo: (client) => `Retour à ${client}`,
  },
  signedOut: {
    title: 'Session fermée',
    heading: 'Votre session est fermée',
    note: 'Aucune page de retour n’a été indiquée. La déconnexion a toutefois réussi.',
    text: 'Les applications que vous avez utilisées peuvent garder leur propre session ouverte. Sur un ordinateur partagé, fermez aussi le navigateur.',
  },
  device: {
    title: 'Connecter un appareil',
    lead: 'Votre appareil affiche un code. Saisissez-le ici pour connecter l’appareil.',
    code: 'Code',
    caution:
      'Continuez seulement si ce code est affiché sur un appareil devant vous. La personne qui vous aurait envoyé un code dans un message aurait accès à votre compte.',
    submit: 'Continuer',
    wrong: 'Ce code ne fonctionne pas',
    wrongText:
      'Comparez-le au code affiché sur votre appareil. Un code ne sert qu’une fois et pendant quelques minutes\u00A0; votre appareil peut en afficher un nouveau.',
    throttled: 'Trop de codes erronés',
    throttledText: 'Patientez un peu, puis demandez un nouveau code sur votre appareil.',
  },
  deviceDone: {
    title: 'Appareil connecté',
    heading: 'Votre appareil est connecté',
    text: 'Continuez sur l’appareil. Vous pouvez fermer cette page.',
  },
  errorPage: {
    startAgain: 'Recommencer',
    forDeveloper: 'Pour l’équipe qui développe l’application',
    error: 'Erreur',
    description: 'Description',
    hint: 'Indication',
    debug: 'Débogage',
  },
  errors: {
    invalid_client: {
      title: 'Cette application n’est pas connue ici',
      text: 'L’application d’où vous venez n’est pas, ou n’est plus, enregistrée auprès de ce service de connexion.',
      advice: theirFault,
    },
    request_forbidden: {
      title: 'La connexion n’a pas commencé dans ce navigateur',
      text: 'Elle a commencé dans un autre navigateur, ou les cookies sont bloqués.',
      advice:
        'Autorisez les cookies pour ce site, puis retournez à l’application et recommencez depuis celle-ci.',
    },
    request_unauthorized: {
      title: 'Cette connexion a pris trop de temps',
      text: 'Pour votre sécurité, elle expire au bout d’un moment.',
      advice: startAgain,
    },
    access_denied: {
      title: 'La connexion a été refusée',
      text: 'Elle a été annulée, ou son lien a déjà servi.',
      advice: startAgain,
    },
    server_error: {
      title: 'Un problème est survenu de notre côté',
      text: 'Le service de connexion a rencontré un problème.',
      advice:
        'Réessayez dans un instant. Si cela se reproduit, envoyez les lignes ci-dessous à l’exploitant.',
    },
    temporarily_unavailable: {
      title: 'De retour dans un instant',
      text: 'Le service de connexion ne peut pas répondre pour le moment.',
      advice: 'Rien n’est perdu. Réessayez dans un instant.',
    },
  },
  otherError: {
    title: 'La connexion n’a pas pu continuer',
    text: 'La demande de l’application d’où vous venez n’est pas valide.',
    advice: theirFault,
  },
  trouble: {
    unknown: {
      title: 'Cette adresse ne fonctionne pas',
      text: 'Elle ne correspond à aucune connexion de ce serveur. Elle a peut-être été coupée ou modifiée en chemin.',
      advice: 'Retournez à l’application d’où vous venez et recommencez depuis celle-ci.',
    },
    missing: {
      title: 'Commencez depuis une application',
      text: 'Cette page est une étape d’une connexion et a été ouverte sans elle.',
      advice: 'Ouvrez l’application que vous voulez utiliser et connectez-vous depuis celle-ci.',
    },
    used: {
      title: 'Cette étape est déjà faite',
      text: 'Vous y avez déjà répondu, peut-être dans un autre onglet, ou vous y êtes revenu avec le bouton Précédent.',
      advice:
        'Si l’application ne vous a pas laissé entrer, recommencez\u00A0; sinon, vous pouvez fermer cette page.',
    },
    expired: {
      title: 'Cette connexion a pris trop de temps',
      text: 'Pour votre sécurité, elle expire au bout d’un moment.',
      advice: 'Rien n’est perdu. Recommencez\u00A0; cela ne prend qu’un instant.',
    },
    expiredLogout: {
      title: 'Cette page est trop ancienne',
      text: 'Pour votre sécurité, elle expire au bout d’un moment.',
      advice:
        'Votre session reste ouverte. Pour vous déconnecter, recommencez depuis l’application.',
    },
    unreadable: {
      title: 'Le formulaire est arrivé incomplet',
      text: 'Le serveur n’a pas pu lire ce qui a été envoyé.',
      advice: 'Revenez en arrière, rechargez la page et réessayez.',
    },
    refused: {
      title: 'Cela ne fonctionne pas',
      text: 'Le serveur a refusé cette étape.',
      advice: startAgain,
    },
  },
  notFound: {
    title: 'Page introuvable',
    heading: 'Il n’y a pas de page ici',
    text: 'L’adresse est peut-être mal saisie ou périmée. Pour vous connecter, retournez à votre application et commencez depuis celle-ci.',
    toStart: 'Vers la page de départ',
  },
  landing: {
    title: 'Service de connexion',
    heading: 'Ceci est un service de connexion',
    text: 'Les applications vous envoient ici pour vous connecter. Il n’y a rien à faire sur cette page\u00A0: retournez à votre application et connectez-vous depuis celle-ci.',
  },
  setup: {
    title: 'Pas encore configuré',
    login: 'La page de connexion n’est pas configurée',
    consent: 'La page d’autorisation n’est pas configurée',
    logout: 'La page de déconnexion n’est pas configurée',
    device: 'La page des appareils n’est pas configurée',
    missingKey: [
      'La clé de configuration obligatoire ',
      ' est absente ou vide\u00A0; ce serveur n’a donc aucune page à afficher ici.',
    ],
    forPerson:
      'Si vous vouliez seulement vous connecter\u00A0: l’exploitant de ce serveur doit terminer sa configuration.',
    forOperator: 'Pour l’exploitant',
    how: 'Indiquez la page de votre application de connexion et d’autorisation, dans le fichier de configuration ou l’environnement\u00A0:',
    reference: ['Toutes les clés sont décrites dans ', ' de Firebrand.'],
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
