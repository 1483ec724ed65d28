/** The texts of the pages that people see, and the shape that every other language has to fill. */

/** A sentence around a part that stands out, spaces included. */
export type Around = readonly [before: string, after: string]

/** Keeps the two apart in the inferred type. */
function around(before: string, after: string): Around {
  return [before, after]
}

function count(amount: number, unit: string): string {
  return amount === 1 ? `1 ${unit}` : `${amount} ${unit}s`
}

const theirFault =
  'You did nothing wrong. Go back to the application and try once more; if it happens again, send the lines below to its support.'

const startAgain = 'Go back to the application and start again there.'

/** English. */
export const en = {
  protectedAt: 'Protected by Firebrand at',
  startPage: 'Start page',
  goToField: 'Go to the field',
  /** Title of a page whose form was not accepted. */
  failed: (title: string): string => `Error: ${title}`,
  /** Seconds in words, rounded up. */
  wait: (seconds: number): string =>
    seconds < 60 ? count(seconds, 'second') : count(Math.ceil(seconds / 60), 'minute'),
  formLost: {
    title: 'Please try once more',
    text: 'Your browser did not prove that the form came from this page. If this happens again, allow cookies for this site.',
  },
  legal: {
    about: 'About',
    website: 'Website',
    policy: 'Privacy policy',
    terms: 'Terms of service',
  },
  signIn: {
    title: 'Sign in',
    continueTo: 'to continue to',
    email: 'Email',
    password: 'Password',
    remember: 'Keep me signed in on this device',
    submit: 'Sign in',
    cancel: 'Cancel and go back',
    enterEmail: 'Enter your email',
    enterPassword: 'Enter your password',
    bothNeeded: 'Both fields are needed to sign in.',
    wrong: 'Email or password is not correct',
    wrongText: 'Check both and try again.',
    throttled: 'Too many attempts',
    throttledText: (wait: string): string =>
      `To protect the account, signing in is paused. Try again in ${wait}.`,
    busy: 'Very many people are signing in',
    busyText: 'Your password was not looked at. Wait a few seconds and try again.',
  },
  consent: {
    title: (client: string): string => `Allow ${client}?`,
    asks: 'asks for access to your account',
    notYou: 'Not you?',
    remember: 'Do not ask me again for this application',
    allow: 'Allow access',
    deny: 'Deny',
    nothing: (client: string): string =>
      `${client} asks for no particular permission, only for your sign-in.`,
    choose: 'Choose what it may do',
    alsoAsks: 'It also asks for',
    usedAt: 'It may use its access at',
    answerGoesTo: 'Your answer goes to',
    trustAddress: 'Allow it only if you trust this address.',
    device: 'the device that showed the code',
    /** Beside an address that leads nowhere else. */
    appHere: 'an app on this device',
    thisDevice: 'this device',
    or: 'or',
    trustDevice: 'Allow it only if the device is in front of you.',
  },
  signOut: {
    title: 'Sign out',
    question: 'Sign out?',
    asks: 'asks to end your session here.',
    signedInAs: around('You are signed in as ', '.'),
    yes: 'Yes, sign out',
    no: 'No, stay',
  },
  stillSignedIn: {
    title: 'Still signed in',
    heading: 'You are still signed in',
    unchanged: around('Nothing was changed for ', '.'),
    close: 'You can close this page.',
    backTo: (client: string): string => `Back to ${client}`,
  },
  signedOut: {
    title: 'Signed out',
    heading: 'You are signed out',
    note: 'No page to return to was given. Your log out request however succeeded.',
    text: 'Applications that you used may keep you signed in on their own side. On a shared computer, close the browser as well.',
  },
  device: {
    title: 'Connect a device',
    lead: 'Your device shows a code. Enter it here to connect the device.',
    code: 'Code',
    caution:
      'Go on only if this is the code on a device in front of you. Whoever sent you a code in a message would get access to your account.',
    submit: 'Continue',
    wrong: 'This code does not work',
    wrongText:
      'Check it against the code on your device. Codes work once and for a few minutes; your device can show a new one.',
    throttled: 'Too many wrong codes',
    throttledText: 'Wait a while, then ask your device for a new code.',
  },
  deviceDone: {
    title: 'Device connected',
    heading: 'Your device is connected',
    text: 'Go back to it to continue. You can close this page.',
  },
  errorPage: {
    startAgain: 'Start again',
    forDeveloper: 'For the developer of the application',
    error: 'Error',
    description: 'Description',
    hint: 'Hint',
    debug: 'Debug',
  },
  /** By the code of the error; what it says for the developer stays English (RFC 6749 §4.1.2.1). */
  errors: {
    invalid_client: {
      title: 'This application is not known here',
      text: 'The application that sent you is not registered with this sign-in service, or no longer is.',
      advice: theirFault,
    },
    request_forbidden: {
      title: 'This browser did not start the sign-in',
      text: 'The sign-in was started in another browser, or cookies are blocked.',
      advice: 'Allow cookies for this site, then go back to the application and start again there.',
    },
    request_unauthorized: {
      title: 'This sign-in took too long',
      text: 'For your safety it ends after a while, and this one has.',
      advice: startAgain,
    },
    access_denied: {
      title: 'The sign-in was refused',
      text: 'It was cancelled, or its link was used before.',
      advice: startAgain,
    },
    server_error: {
      title: 'Something broke on our side',
      text: 'The sign-in service met a problem of its own.',
      advice: 'Try again in a moment. If it happens again, send the lines below to the operator.',
    },
    temporarily_unavailable: {
      title: 'Back in a moment',
      text: 'The sign-in service cannot answer right now.',
      advice: 'Nothing was lost. Try again in a moment.',
    },
  },
  otherError: {
    title: 'The sign-in could not go on',
    text: 'The request of the application that sent you is not valid.',
    advice: theirFault,
  },
  /** Flows that cannot go on. */
  trouble: {
    unknown: {
      title: 'This address does not work',
      text: 'It belongs to no sign-in of this server. It may have been cut off or changed on the way.',
      advice: 'Go back to the application you came from and start again there.',
    },
    missing: {
      title: 'Start from an application',
      text: 'This page is one step of a sign-in, and it was opened without one.',
      advice: 'Go to the application that you want to use, and sign in from there.',
    },
    used: {
      title: 'This step is done already',
      text: 'You answered it before, perhaps in another tab, or you came back to it with the Back button.',
      advice:
        'If the application did not let you in, start again; otherwise you can close this page.',
    },
    expired: {
      title: 'This sign-in took too long',
      text: 'For your safety it ends after a while, and this one has.',
      advice: 'Nothing was lost. Start again; it takes a moment.',
    },
    expiredLogout: {
      title: 'This page is too old',
      text: 'For your safety it ends after a while, and this one has.',
      advice: 'You are still signed in. To sign out, start again in the application.',
    },
    unreadable: {
      title: 'The form did not arrive in one piece',
      text: 'The server could not read what was sent.',
      advice: 'Go back, reload the page and try again.',
    },
    refused: {
      title: 'This does not work',
      text: 'The server refused this step.',
      advice: startAgain,
    },
  },
  notFound: {
    title: 'Page not found',
    heading: 'There is no page here',
    text: 'The address may be mistyped or out of date. To sign in, go back to your application and start from there.',
    toStart: 'To the start page',
  },
  landing: {
    title: 'Sign-in service',
    heading: 'This is a sign-in service',
    text: 'Applications send you here to sign in. There is nothing to do on this page: go back to your application and sign in from there.',
  },
  /** Stands in for a page that the operator turned off and did not replace. */
  setup: {
    title: 'Not configured yet',
    login: 'The sign-in page is not configured',
    consent: 'The consent page is not configured',
    logout: 'The sign-out page is not configured',
    device: 'The device page is not configured',
    missingKey: around(
      'The mandatory configuration key ',
      ' is missing or empty, so this server has no page to show here.',
    ),
    forPerson:
      'If you only wanted to sign in: the operator of this server has to finish its setup.',
    forOperator: 'For the operator',
    how: 'Name the page of your login and consent app, in the configuration file or the environment:',
    reference: around('Every key is described in ', ' of Firebrand.'),
  },
  scopes: {
    openid: {
      title: 'Know who you are',
      description: 'An identifier that tells the application you are the same person next time.',
    },
    profile: {
      title: 'See your profile',
      description:
        'Your name and what else your profile says about you, such as a picture or a birthday.',
    },
    email: {
      title: 'See your email address',
      description: 'The address of your account, and whether it was verified.',
    },
    address: { title: 'See your postal address', description: 'The address of your profile.' },
    phone: {
      title: 'See your phone number',
      description: 'The number of your profile, and whether it was verified.',
    },
    offline_access: {
      title: 'Stay connected while you are away',
      description:
        'The application keeps its access until you or it ends it, also when you are not using it.',
    },
  },
  otherScope: 'A permission that the application defines.',
  claims: {
    name: 'Your name',
    family_name: 'Your family name',
    given_name: 'Your given name',
    middle_name: 'Your middle name',
    nickname: 'Your nickname',
    preferred_username: 'Your user name',
    profile: 'The address of your profile page',
    picture: 'Your picture',
    website: 'Your website',
    gender: 'Your gender',
    birthdate: 'Your date of birth',
    zoneinfo: 'Your time zone',
    locale: 'Your language',
    updated_at: 'When your profile was last changed',
    email: 'Your email address',
    email_verified: 'Whether your email address was verified',
    address: 'Your postal address',
    phone_number: 'Your phone number',
    phone_number_verified: 'Whether your phone number was verified',
  },
}

/** What every language has. */
export type Messages = typeof en
