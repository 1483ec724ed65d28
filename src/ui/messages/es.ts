import type { Messages } from './en.ts'

const theirFault =
  'Usted no ha hecho nada mal. Vuelva a la aplicación e inténtelo de nuevo; si vuelve a ocurrir, envíe las líneas de abajo a su servicio de asistencia.'

const startAgain = 'Vuelva a la aplicación y empiece de nuevo desde allí.'

/** Spanish. */
export const es: Messages = {
  protectedAt: 'Protegido por Firebrand en',
  startPage: 'Página de inicio',
  goToField: 'Ir al campo',
  failed: (title) => `Error: ${title}`,
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
    appHere: 'una aplicación de este dispositivo',
    thisDevice: 'este dispositivo',
    or: 'o',
    trustDevice: 'Permita el acceso solo si el dispositivo está delante de usted.',
  },
  signOut: {
    title: 'Cerrar sesión',
    question: '¿Cerrar sesión?',
    asks: 'solicita cerrar su sesión aquí.',
    signedInAs: ['Ha iniciado sesión como ', '.'],
    yes: 'Sí, cerrar sesión',
    no: 'No, mantener la sesión',
  },
  stillSignedIn: {
    title: 'Sesión abierta',
    heading: 'Su sesión sigue abierta',
    unchanged: ['No ha cambiado nada para ', '.'],
    close: 'Puede cerrar esta página.',
    backTo: (client) => `Volver a ${client}`,
  },
  signedOut: {
    title: 'Sesión cerrada',
    heading: 'Su sesión está cerrada',
    note: 'No se indicó ninguna página a la que volver. Aun así, la sesión se ha cerrado correctamente.',
    text: 'Las aplicaciones que ha usado pueden mantener su propia sesión abierta. En un ordenador compartido, cierre también el navegador.',
  },
  device: {
    title: 'Conectar un dispositivo',
    lead: 'Su dispositivo muestra un código. Escríbalo aquí para conectar el dispositivo.',
    code: 'Código',
    caution:
      'Continúe solo si este código aparece en un dispositivo que tiene delante. Quien le haya enviado un código en un mensaje obtendría acceso a su cuenta.',
    submit: 'Continuar',
    wrong: 'Este código no funciona',
    wrongText:
      'Compárelo con el código de su dispositivo. Los códigos sirven una sola vez y durante unos minutos; su dispositivo puede mostrar uno nuevo.',
    throttled: 'Demasiados códigos incorrectos',
    throttledText: 'Espere un poco y pida un código nuevo en su dispositivo.',
  },
  deviceDone: {
    title: 'Dispositivo conectado',
    heading: 'Su dispositivo está conectado',
    text: 'Continúe en el dispositivo. Puede cerrar esta página.',
  },
  errorPage: {
    startAgain: 'Empezar de nuevo',
    forDeveloper: 'Para quien desarrolla la aplicación',
    error: 'Error',
    description: 'Descripción',
    hint: 'Sugerencia',
    debug: 'Depuración',
  },
  errors: {
    invalid_client: {
      title: 'Esta aplicación no se conoce aquí',
      text: 'La aplicación de la que viene no está registrada en este servicio de inicio de sesión, o ya no lo está.',
      advice: theirFault,
    },
    request_forbidden: {
      title: 'El inicio de sesión no empezó en este navegador',
      text: 'Empezó en otro navegador, o las cookies están bloqueadas.',
      advice:
        'Permita las cookies de este sitio, vuelva después a la aplicación y empiece de nuevo desde allí.',
    },
    request_unauthorized: {
      title: 'Este inicio de sesión ha tardado demasiado',
      text: 'Por su seguridad, caduca al cabo de un tiempo.',
      advice: startAgain,
    },
    access_denied: {
      title: 'Se ha rechazado el inicio de sesión',
      text: 'Se canceló, o su enlace ya se había usado.',
      advice: startAgain,
    },
    server_error: {
      title: 'Algo ha fallado por nuestra parte',
      text: 'El servicio de inicio de sesión ha tenido un problema.',
      advice:
        'Inténtelo de nuevo en un momento. Si vuelve a ocurrir, envíe las líneas de abajo al operador.',
    },
    temporarily_unavailable: {
      title: 'Volvemos en un momento',
      text: 'El servicio de inicio de sesión no puede responder ahora mismo.',
      advice: 'No se ha perdido nada. Inténtelo de nuevo en un momento.',
    },
  },
  otherError: {
    title: 'El inicio de sesión no ha podido continuar',
    text: 'La solicitud de la aplicación de la que viene no es válida.',
    advice: theirFault,
  },
  trouble: {
    unknown: {
      title: 'Esta dirección no funciona',
      text: 'No corresponde a ningún inicio de sesión de este servidor. Puede que se haya cortado o modificado por el camino.',
      advice: 'Vuelva a la aplicación de la que viene y empiece de nuevo desde allí.',
    },
    missing: {
      title: 'Empiece desde una aplicación',
      text: 'Esta página es un paso de un inicio de sesión y se ha abierto sin él.',
      advice: 'Abra la aplicación que quiere usar e inicie sesión desde allí.',
    },
    used: {
      title: 'Este paso ya está hecho',
      text: 'Ya respondió antes, quizá en otra pestaña, o ha vuelto aquí con el botón Atrás.',
      advice:
        'Si la aplicación no le ha dejado entrar, empiece de nuevo; si no, puede cerrar esta página.',
    },
    expired: {
      title: 'Este inicio de sesión ha tardado demasiado',
      text: 'Por su seguridad, caduca al cabo de un tiempo.',
      advice: 'No se ha perdido nada. Empiece de nuevo; solo lleva un momento.',
    },
    expiredLogout: {
      title: 'Esta página es demasiado antigua',
      text: 'Por su seguridad, caduca al cabo de un tiempo.',
      advice: 'Su sesión sigue abierta. Para cerrarla, empiece de nuevo en la aplicación.',
    },
    unreadable: {
      title: 'El formulario no ha llegado completo',
      text: 'El servidor no ha podido leer lo que se envió.',
      advice: 'Vuelva atrás, recargue la página e inténtelo de nuevo.',
    },
    refused: {
      title: 'Esto no funciona',
      text: 'El servidor ha rechazado este paso.',
      advice: startAgain,
    },
  },
  notFound: {
    title: 'Página no encontrada',
    heading: 'Aquí no hay ninguna página',
    text: 'Puede que la dirección esté mal escrita o anticuada. Para iniciar sesión, vuelva a su aplicación y empiece desde allí.',
    toStart: 'A la página de inicio',
  },
  landing: {
    title: 'Servicio de inicio de sesión',
    heading: 'Este es un servicio de inicio de sesión',
    text: 'Las aplicaciones le envían aquí para iniciar sesión. En esta página no hay nada que hacer: vuelva a su aplicación e inicie sesión desde allí.',
  },
  setup: {
    title: 'Aún sin configurar',
    login: 'La página de inicio de sesión no está configurada',
    consent: 'La página de consentimiento no está configurada',
    logout: 'La página de cierre de sesión no está configurada',
    device: 'La página de dispositivos no está configurada',
    missingKey: [
      'La clave de configuración obligatoria ',
      ' falta o está vacía, así que este servidor no tiene ninguna página que mostrar aquí.',
    ],
    forPerson:
      'Si solo quería iniciar sesión: el operador de este servidor tiene que terminar su configuración.',
    forOperator: 'Para el operador',
    how: 'Indique la página de su aplicación de inicio de sesión y consentimiento, en el archivo de configuración o en el entorno:',
    reference: ['Todas las claves se describen en ', ' de Firebrand.'],
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
