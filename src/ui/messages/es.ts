import type { Messages } from './en.ts'

/** Spanish. */
export const es: Messages = {
  protectedAt: 'Protegido por Firebrand en',
  startPage: 'Página de inicio',
  goToField: 'Ir al campo',
  wait(seconds) {
    if (seconds < 60) return seconds === 1 ? '1 segundo' : `${seconds} segundos`
    const minutes = Math.ceil(seconds / 60)
    return minutes === 1 ? '1 minuto' : `${minutes} minutos`
  },
  formLost: {
    title: 'Inténtelo una vez más',
    text: 'Su navegador no demostró que el formulario venía de esta página. Si vuelve a ocurrir, permita las cookies de este sitio.',
  },
  legal: {
    about: 'Acerca de',
    website: 'Sitio web',
    policy: 'Política de privacidad',
    terms: 'Condiciones del servicio',
  },
  signIn: {
    title: 'Iniciar sesión',
    error: 'Error',
    continueTo: 'para continuar en',
    email: 'Correo electrónico',
    password: 'Contraseña',
    remember: 'Mantener la sesión en este dispositivo',
    submit: 'Iniciar sesión',
    cancel: 'Cancelar y volver',
    enterEmail: 'Escriba su correo electrónico',
    enterPassword: 'Escriba su contraseña',
    bothNeeded: 'Ambos campos son necesarios para iniciar sesión.',
    wrong: 'El correo electrónico o la contraseña no es correcto',
    wrongText: 'Compruebe ambos e inténtelo de nuevo.',
    throttled: 'Demasiados intentos',
    throttledText: (wait) =>
      `Para proteger la cuenta, el inicio de sesión está en pausa. Inténtelo de nuevo en ${wait}.`,
    busy: 'Muchas personas están iniciando sesión',
    busyText: 'Su contraseña no se ha comprobado. Espere unos segundos e inténtelo de nuevo.',
  },
  consent: {
    title: (client) => `¿Permitir ${client}?`,
    asks: 'solicita acceso a su cuenta',
    notYou: '¿No es usted?',
    remember: 'No volver a preguntarme por esta aplicación',
    allow: 'Permitir el acceso',
    deny: 'Denegar',
    nothing: (client) => `${client} no solicita ningún permiso especial, solo su inicio de sesión.`,
    choose: 'Elija lo que se permite',
    alsoAsks: 'También solicita',
    usedAt: 'Puede usar su acceso en',
    answerGoesTo: 'Su respuesta se envía a',
    trustAddress: 'Permita el acceso solo si confía en esta dirección.',
    device: 'el dispositivo que mostró el código',
    trustDevice: 'Permita el acceso solo si el dispositivo está delante de usted.',
  },
  scopes: {
    openid: {
      title: 'Saber quién es usted',
      description: 'Un identificador con el que la aplicación le reconoce la próxima vez.',
    },
    profile: {
      title: 'Ver su perfil',
      description: 'Su nombre y lo que su perfil dice de usted, por ejemplo una foto.',
    },
    email: {
      title: 'Ver su correo electrónico',
      description: 'La dirección de su cuenta, y si fue verificada.',
    },
    address: { title: 'Ver su dirección postal', description: 'La dirección de su perfil.' },
    phone: {
      title: 'Ver su número de teléfono',
      description: 'El número de su perfil, y si fue verificado.',
    },
    offline_access: {
      title: 'Seguir conectada en su ausencia',
      description:
        'La aplicación conserva su acceso hasta que usted o ella lo termine, también cuando no la usa.',
    },
  },
  otherScope: 'Un permiso que define la aplicación.',
  claims: {
    name: 'Su nombre',
    family_name: 'Sus apellidos',
    given_name: 'Su nombre de pila',
    middle_name: 'Su segundo nombre',
    nickname: 'Su apodo',
    preferred_username: 'Su nombre de usuario',
    profile: 'La dirección de su página de perfil',
    picture: 'Su foto',
    website: 'Su sitio web',
    gender: 'Su género',
    birthdate: 'Su fecha de nacimiento',
    zoneinfo: 'Su zona horaria',
    locale: 'Su idioma',
    updated_at: 'Cuándo se modificó su perfil por última vez',
    email: 'Su correo electrónico',
    email_verified: 'Si su correo electrónico fue verificado',
    address: 'Su dirección postal',
    phone_number: 'Su número de teléfono',
    phone_number_verified: 'Si su número de teléfono fue verificado',
  },
}
