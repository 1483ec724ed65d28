/** JWS made by hand with node:crypto, so that everything about them can be wrong (RFC 7515, RFC 7518). */

import {
  constants,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  privateEncrypt,
  sign,
  type KeyObject,
} from 'node:crypto'

/** A key pair and what is published of it. */
export interface Pair {
  readonly alg: 'RS256' | 'ES256'
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

/** A JWS that a verifier takes, taken apart. */
export interface Parts {
  readonly pair: Pair
  readonly header: Readonly<Record<string, unknown>>
  readonly claims: Readonly<Record<string, unknown>>
}

/** A broken JWS and what is broken about it. */
export interface Broken {
  readonly what: string
  readonly jws: string
}

export function newPair(alg: Pair['alg'], kid = 'k1', bits = 2048): Pair {
  const pair =
    alg === 'RS256'
      ? generateKeyPairSync('rsa', { modulusLength: bits })
      : generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { alg, kid, ...pair }
}

/** The public half of a pair as a JWK; with `isPrivate` both halves. */
export function jwkOf(
  { alg, kid, publicKey, privateKey }: Pair,
  isPrivate = false,
): Record<string, unknown> {
  const jwk = (isPrivate ? privateKey : publicKey).export({ format: 'jwk' })
  return { ...jwk, alg, kid, use: 'sig' }
}

/** The pair behind a private JWK. */
export function pairOf(jwk: Record<string, unknown>): Pair {
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' })
  return {
    alg: jwk['kty'] === 'RSA' ? 'RS256' : 'ES256',
    kid: String(jwk['kid']),
    privateKey,
    publicKey: createPublicKey(privateKey),
  }
}

export function encode(value: unknown): string {
  const text = typeof value === 'string' || Buffer.isBuffer(value) ? value : JSON.stringify(value)
  return Buffer.from(text).toString('base64url')
}

/** Signs as the algorithm of the pair says, over whatever stands before the signature. */
export function signatureOf({ alg, privateKey }: Pair, input: string, hash = 'sha256'): Buffer {
  const data = Buffer.from(input)
  return alg === 'RS256'
    ? sign(hash, data, privateKey)
    : sign(hash, data, { key: privateKey, dsaEncoding: 'ieee-p1363' })
}

/** Signs encoded parts as they are. */
export function signParts(pair: Pair, header: string, payload: string): string {
  return `${header}.${payload}.${encode(signatureOf(pair, `${header}.${payload}`))}`
}

/** A correct signature over any header and payload. A text is taken as the JSON that it is. */
export function mint(
  { pair, header, claims }: Parts,
  changes: Record<string, unknown> = {},
): string {
  return signParts(pair, encode({ ...header, ...changes }), encode(claims))
}

/** The last character of base64url text with one of the bits set that belong to no byte; `undefined` if there are none. */
function withSpareBits(text: string): string | undefined {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  if (text.length % 4 === 0 || text.length % 4 === 1) return undefined
  return text.slice(0, -1) + alphabet.charAt(alphabet.indexOf(text.at(-1) ?? 'A') ^ 1)
}

/** Unsigned, in every spelling of `none`. */
export function unsigned({ pair, header, claims }: Parts): readonly Broken[] {
  const names = ['none', 'None', 'NONE', 'nOnE', 'none ', '', null, 0, ['none'], {}, undefined]
  const signature = encode(signatureOf(pair, `${encode(header)}.${encode(claims)}`))
  return names.flatMap((alg) =>
    ['', 'AA', signature].map((last) => ({
      what: `alg ${JSON.stringify(alg)} with ${last.length} characters of signature`,
      jws: `${encode({ ...header, alg })}.${encode(claims)}.${last}`,
    })),
  )
}

/** HMAC with everything public about the key as the secret. */
export function symmetric({ pair, header, claims }: Parts): readonly Broken[] {
  const { publicKey } = pair
  const jwk = publicKey.export({ format: 'jwk' })
  const pem = publicKey.export({ format: 'pem', type: 'spki' })
  const secrets: Readonly<Record<string, string | Buffer>> = {
    PEM: pem,
    'PEM without its last newline': pem.trimEnd(),
    DER: publicKey.export({ format: 'der', type: 'spki' }),
    JWK: JSON.stringify(jwk),
    'member of the JWK': String(jwk.n ?? jwk.x),
    'bytes of that member': Buffer.from(String(jwk.n ?? jwk.x), 'base64url'),
    kid: pair.kid,
    nothing: '',
  }
  return ['HS256', 'HS384', 'HS512'].flatMap((alg) =>
    Object.entries(secrets).map(([name, secret]) => {
      const input = `${encode({ ...header, alg })}.${encode(claims)}`
      const hash = `sha${alg.slice(2)}`
      return {
        what: `${alg} with ${name} as its secret`,
        jws: `${input}.${createHmac(hash, secret).update(input).digest('base64url')}`,
      }
    }),
  )
}

/** Another algorithm than that of the key, in the header or in the signature. */
export function confused(parts: Parts): readonly Broken[] {
  const { pair, header, claims } = parts
  const renamed = [
    'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA ES256K RS1 RSA1_5 A128KW dir',
    'ECDH-ES rs256 es256 __proto__ constructor toString HS256',
  ]
    .flatMap((names) => names.split(' '))
    .filter((alg) => alg !== pair.alg)
    .map((alg) => ({ what: `${alg} over a signature of ${pair.alg}`, jws: mint(parts, { alg }) }))
  const input = `${encode(header)}.${encode(claims)}`
  const data = Buffer.from(input)
  const { privateKey } = pair
  const signatures: Readonly<Record<string, Buffer>> =
    pair.alg === 'RS256'
      ? {
          'PSS padding': sign('sha256', data, {
            key: privateKey,
            padding: constants.RSA_PKCS1_PSS_PADDING,
          }),
          'SHA-1': sign('sha1', data, privateKey),
          'SHA-512': sign('sha512', data, privateKey),
          'no DigestInfo': privateEncrypt(privateKey, Buffer.alloc(32, 7)),
          'raw RSA': privateEncrypt(
            { key: privateKey, padding: constants.RSA_NO_PADDING },
            Buffer.alloc(256, 1),
          ),
        }
      : {
          DER: sign('sha256', data, privateKey),
          'SHA-512': sign('sha512', data, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
        }
  const wrong = Object.entries(signatures).map(([what, signature]) => ({
    what: `a signature with ${what}`,
    jws: `${input}.${encode(signature)}`,
  }))
  return [...renamed, ...wrong]
}

/** Keys that come along, and names of keys that are none of the verifier's. `thief` signs. */
export function foreignKeys({ pair, header, claims }: Parts, thief: Pair): readonly Broken[] {
  const jwk = jwkOf({ ...thief, kid: pair.kid })
  const der = thief.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')
  const url = 'https://evil.example/keys'
  const headers: Readonly<Record<string, Record<string, unknown>>> = {
    'another key under the right kid': {},
    'no kid': { kid: undefined },
    'kid of the thief': { kid: 'thief' },
    'jwk, right kid': { jwk },
    'jwk, no kid': { jwk, kid: undefined },
    'private jwk': { jwk: jwkOf(thief, true) },
    'symmetric jwk': { jwk: { kty: 'oct', k: encode('secret') } },
    x5c: { x5c: [der] },
    'x5c without kid': { x5c: [der], kid: undefined },
    x5t: { x5t: encode('thumbprint'), 'x5t#S256': encode('thumbprint') },
    jku: { jku: url },
    'jku without kid': { jku: url, kid: undefined },
    x5u: { x5u: url },
    'kid that is a URL': { kid: url },
    'kid that is a path': { kid: '../../../../dev/null' },
    'kid that is SQL': { kid: "' UNION SELECT 'x' --" },
    'empty kid': { kid: '' },
    'kid that is a number': { kid: 0 },
    'kid that is null': { kid: null },
    'kid that is a list': { kid: [pair.kid] },
    'kid of a prototype': { kid: '__proto__' },
  }
  return Object.entries(headers).map(([what, more]) => ({
    what,
    jws: mint({ pair: thief, header: { ...header, alg: thief.alg }, claims }, more),
  }))
}

/** Extensions that must be understood, and are not (RFC 7515 §4.1.11, RFC 7797 §6 and §7). */
export function critical(parts: Parts): readonly Broken[] {
  const { pair, header, claims } = parts
  const headers: readonly Record<string, unknown>[] = [
    { crit: ['unknown'], unknown: true },
    { crit: ['unknown'] },
    { crit: ['http://example.org/ext'], 'http://example.org/ext': 1 },
    { crit: ['exp'], exp: 1 },
    { crit: ['alg'] },
    { crit: [] },
    { crit: 'b64' },
    { crit: null },
    { crit: {} },
    { crit: [''] },
    { crit: [1] },
    { crit: ['b64', 'b64'], b64: true },
    { crit: ['b64'] },
    { crit: ['b64'], b64: 'false' },
    { b64: false },
    { crit: ['b64'], b64: false },
  ]
  const unencoded = `${encode({ ...header, crit: ['b64'], b64: false })}.${JSON.stringify(claims)}`
  return [
    ...headers.map((more) => ({ what: JSON.stringify(more), jws: mint(parts, more) })),
    {
      what: 'a payload that is not encoded',
      jws: `${unencoded}.${encode(signatureOf(pair, unencoded))}`,
    },
    {
      what: 'a detached payload',
      jws: mint(parts).replace(/\.[^.]*\./u, '..'),
    },
  ]
}

/** Members that are there twice: the last one counts, and it is wrong (RFC 7515 §4, RFC 7519 §4). */
export function repeated(parts: Parts, claim: string): readonly Broken[] {
  const { pair, header, claims } = parts
  const [head, payload] = [JSON.stringify(header), JSON.stringify(claims)]
  const twice = (json: string, member: string) => `${json.slice(0, -1)},${member}}`
  return [
    ...['"alg":"none"', '"alg":"HS256"', '"\\u0061lg":"none"', '"kid":"other"', '"crit":["x"]'].map(
      (member) => ({
        what: `a second ${member}`,
        jws: signParts(pair, encode(twice(head, member)), encode(payload)),
      }),
    ),
    {
      what: 'a second alg none and no signature',
      jws: `${encode(twice(head, '"alg":"none"'))}.${encode(payload)}.`,
    },
    {
      what: `a second ${claim}`,
      jws: signParts(pair, encode(head), encode(twice(payload, `"${claim}":"somebody else"`))),
    },
  ]
}

/** The same bytes in other characters. */
export function encodings({ pair, header, claims }: Parts): readonly Broken[] {
  const [head, payload] = [encode(header), encode(claims)]
  const good = signParts(pair, head, payload)
  const signature = good.split('.')[2] ?? ''
  const input = `${head}.${payload}`
  const spare = [
    ['signature', input, withSpareBits(signature)],
    ['header', undefined, withSpareBits(head)],
    ['payload', undefined, withSpareBits(payload)],
  ] as const
  const signed = (h: string, p: string) => signParts(pair, h, p)
  return [
    ...spare.flatMap(([what, before, text]) => {
      if (text === undefined) return []
      const jws =
        before === undefined
          ? what === 'header'
            ? signed(text, payload)
            : signed(head, text)
          : `${before}.${text}`
      return [{ what: `spare bits in the ${what}`, jws }]
    }),
    ...['=', '==', ' ', '\n', '\t', '\0', '!', '%'].flatMap((more) => [
      { what: `${JSON.stringify(more)} behind the signature`, jws: `${good}${more}` },
      {
        what: `${JSON.stringify(more)} inside the signature`,
        jws: `${input}.${signature.slice(0, 9)}${more}${signature.slice(9)}`,
      },
      {
        what: `${JSON.stringify(more)} behind the header`,
        jws: signed(`${head}${more}`, payload),
      },
      {
        what: `${JSON.stringify(more)} behind the payload`,
        jws: signed(head, `${payload}${more}`),
      },
    ]),
    {
      what: 'the alphabet of base64 in the signature',
      jws: standardAlphabet({ pair, header, claims }),
    },
    { what: 'a space in front', jws: ` ${good}` },
    {
      what: 'a mark of byte order in front of the header',
      jws: signed(encode(`\uFEFF${JSON.stringify(header)}`), payload),
    },
    {
      what: 'a mark of byte order in front of the payload',
      jws: signed(head, encode(`\uFEFF${JSON.stringify(claims)}`)),
    },
    { what: 'percent-encoding', jws: good.replaceAll('.', '%2E') },
    { what: 'full-width dots', jws: good.replaceAll('.', '．') },
  ]
}

/** Signs with a number in the header that counts up until the signature holds a character that base64 writes differently. */
function standardAlphabet(parts: Parts): string {
  for (let n = 0; ; n += 1) {
    const [head = '', payload = '', signature = ''] = mint(parts, { n }).split('.')
    if (/[-_]/u.test(signature))
      return `${head}.${payload}.${signature.replaceAll('-', '+').replaceAll('_', '/')}`
  }
}

/** Other serializations, and other numbers of parts (RFC 7515 §7). */
export function shapes(parts: Parts): readonly Broken[] {
  const good = mint(parts)
  const [head = '', payload = '', signature = ''] = good.split('.')
  const flattened = { protected: head, payload, signature }
  return [
    { what: 'flattened JSON', jws: JSON.stringify(flattened) },
    {
      what: 'general JSON',
      jws: JSON.stringify({ payload, signatures: [{ protected: head, signature }] }),
    },
    { what: 'one part', jws: head },
    { what: 'two parts', jws: `${head}.${payload}` },
    { what: 'four parts', jws: `${good}.${signature}` },
    { what: 'five parts', jws: `${good}.${signature}.${signature}` },
    { what: 'a dot behind', jws: `${good}.` },
    { what: 'a dot in front', jws: `.${good}` },
    { what: 'no header', jws: `.${payload}.${signature}` },
    { what: 'no payload', jws: `${head}..${signature}` },
    { what: 'no signature', jws: `${head}.${payload}.` },
    { what: 'dots alone', jws: '..' },
    { what: 'the payload of another', jws: `${head}.${encode({ iss: 'x' })}.${signature}` },
    { what: 'itself twice', jws: `${good},${good}` },
    ...['[]', '"x"', 'null', '1', '{', '', '{"alg":"RS256"}{}', '\uD800'].map((text) => ({
      what: `the payload ${JSON.stringify(text)}`,
      jws: signParts(parts.pair, head, encode(text)),
    })),
    {
      what: 'a payload that is no UTF-8',
      jws: signParts(
        parts.pair,
        head,
        encode(
          Buffer.concat([
            Buffer.from(`${JSON.stringify(parts.claims).slice(0, -1)},"x":"`),
            Buffer.from([0xc0, 0xaf, 0xff]),
            Buffer.from('"}'),
          ]),
        ),
      ),
    },
    ...['[]', 'null', '"x"', '{', ''].map((text) => ({
      what: `the header ${JSON.stringify(text)}`,
      jws: signParts(parts.pair, encode(text), payload),
    })),
    { what: 'a header of 100 kB', jws: mint(parts, { x: 'a'.repeat(100_000), alg: 'none' }) },
    { what: 'a deep header', jws: signParts(parts.pair, encode('['.repeat(20_000)), payload) },
  ]
}

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

function bytes32(number: bigint): Buffer {
  return Buffer.from(number.toString(16).padStart(64, '0'), 'hex')
}

/** Signatures cut, padded, and made of numbers that no signature has (CVE-2022-21449 and Wycheproof). */
export function signatures({ pair, header, claims }: Parts): readonly Broken[] {
  const input = `${encode(header)}.${encode(claims)}`
  const good = signatureOf(pair, input)
  const zeros = Buffer.alloc(good.length)
  const bad: Record<string, Buffer> = {
    'a byte less': good.subarray(0, -1),
    'the first byte missing': good.subarray(1),
    'half of it': good.subarray(0, good.length / 2),
    'one byte': good.subarray(0, 1),
    'a zero more behind': Buffer.concat([good, Buffer.alloc(1)]),
    'a zero more in front': Buffer.concat([Buffer.alloc(1), good]),
    'itself twice': Buffer.concat([good, good]),
    'zeros alone': zeros,
    'ones alone': Buffer.alloc(good.length, 0xff),
    'one bit flipped': Buffer.from(good.map((byte, at) => (at === 5 ? byte ^ 1 : byte))),
    'megabytes of it': Buffer.alloc(60_000, 1),
  }
  if (pair.alg === 'ES256') {
    const [r, s] = [good.subarray(0, 32), good.subarray(32)]
    const numbers = { 0: 0n, 1: 1n, n: order, 'n-1': order - 1n, 'n+1': order + 1n }
    for (const [one, first] of Object.entries(numbers))
      for (const [two, second] of Object.entries(numbers))
        bad[`r = ${one}, s = ${two}`] = Buffer.concat([bytes32(first), bytes32(second)])
    bad['r and s swapped'] = Buffer.concat([s, r])
    bad['r twice'] = Buffer.concat([r, r])
    bad['r and s with a zero in front of each'] = Buffer.concat([
      Buffer.alloc(1),
      r,
      Buffer.alloc(1),
      s,
    ])
  } else {
    const modulus = BigInt(
      `0x${Buffer.from(String(pair.publicKey.export({ format: 'jwk' }).n), 'base64url').toString('hex')}`,
    )
    const more = (BigInt(`0x${good.toString('hex')}`) + modulus).toString(16)
    bad['the modulus added'] = Buffer.from(more.length % 2 === 0 ? more : `0${more}`, 'hex')
    bad['the modulus'] = Buffer.from(modulus.toString(16), 'hex')
  }
  return Object.entries(bad).map(([what, signature]) => ({
    what,
    jws: `${input}.${encode(signature)}`,
  }))
}

/** Times that are none, and times that forbid it. `now` in seconds. */
export function times({ pair, header, claims }: Parts, now: number): readonly Broken[] {
  const values: readonly (readonly [name: string, json: string])[] = [
    ['exp', `"${now + 60}"`],
    ['exp', `${now - 1}`],
    ['exp', '0'],
    ['exp', '-1'],
    ['exp', '-1e999'],
    ['exp', 'true'],
    ['exp', '[4102444800]'],
    ['exp', '{}'],
    ['exp', 'NaN'],
    ['exp', '"2030-01-01T01:00:00Z"'],
    ['nbf', `${now + 60}`],
    ['nbf', `"${now - 60}"`],
    ['nbf', '1e999'],
    ['nbf', '[]'],
    ['nbf', 'true'],
    ['iat', `"${now}"`],
    ['iat', 'false'],
    ['iat', '[]'],
    ['iat', '"now"'],
  ]
  return values.map(([name, json]) => {
    const rest = Object.entries(claims).filter(([each]) => each !== name)
    const payload = `${JSON.stringify(Object.fromEntries(rest)).slice(0, -1)},"${name}":${json}}`
    return { what: `${name} ${json}`, jws: signParts(pair, encode(header), encode(payload)) }
  })
}

/** Claims that are text, as something else that a loose reader would take for it. */
export function mistyped(
  { pair, header, claims }: Parts,
  names: readonly string[],
): readonly Broken[] {
  return names.flatMap((name) => {
    const text = String(claims[name])
    const others: readonly unknown[] = [
      0,
      1,
      true,
      false,
      null,
      [],
      [text],
      [text, text],
      [[text]],
      {},
      { [text]: true },
      { toString: text },
      { 0: text, length: 1 },
    ]
    return others.map((value) => ({
      what: `${name} ${JSON.stringify(value)}`,
      jws: signParts(pair, encode(header), encode(JSON.stringify({ ...claims, [name]: value }))),
    }))
  })
}

/** Audiences that do not name this server. */
export function audiences({ pair, header, claims }: Parts): readonly Broken[] {
  const { aud } = claims
  const own = String(Array.isArray(aud) ? aud[0] : aud)
  const others: readonly unknown[] = [
    [],
    '',
    null,
    undefined,
    0,
    true,
    {},
    [null],
    [''],
    [0],
    [[own]],
    { 0: own },
    ['https://other.example'],
    'https://other.example',
    `${own}.evil.example`,
    `${own}/`,
    `${own} `,
    own.toUpperCase(),
    own.replace('http', 'https'),
    [own, 0],
  ]
  const foreign = others.filter((other) => other !== own)
  return foreign.map((other) => ({
    what: `aud ${JSON.stringify(other)}`,
    jws: mint({ pair, header, claims: { ...claims, aud: other } }),
  }))
}
