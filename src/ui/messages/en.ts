/** The texts of the sign-in and consent pages, and the shape that every other language has to fill. */

function count(amount: number, unit: string): string {
  return amount === 1 ? `1 ${unit}` : `${amount} ${unit}s`
}

/** English. */
export const en = {
  protectedAt: 'Protected by Firebrand at',
  startPage: 'Start page',
  goToField: 'Go to the field',
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
    error: 'Error',
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
    trustDevice: 'Allow it only if the device is in front of you.',
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
