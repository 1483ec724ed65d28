/** The API document next to what the official SDK knows, operation by operation and component by component. */

import { describe, expect, it } from 'vitest'
import {
  apiDocument,
  operations,
  resolve,
  schemas,
  type Operation,
} from '../../scripts/api/operations.ts'
import { typeName } from '../../scripts/api/typescript.ts'
import { officialModels, officialOperations, sdkName } from '../support/official-api.ts'

const document = apiDocument()
const ours = new Map(operations(document).map((each) => [each.name, each]))
const official = officialOperations()

/** Operations that one side lacks, and why. */
const operationsOfOneSide: Readonly<Record<string, string>> = {
  rotateOAuth2ClientSecret: 'newer than the SDK',
  deleteRotatedOAuth2ClientSecrets: 'newer than the SDK',
}

/** Differences in what an operation takes and answers, and why. */
const differences: Readonly<Record<string, string>> = {
  'isAlive statuses': 'a process that answers is alive; no 500 is ever written',
  'oAuth2DeviceFlow form': 'the SDK forgets the parameters of RFC 8628 §3.1',
  'oAuth2DeviceFlow required': 'the SDK forgets the parameters of RFC 8628 §3.1',
}

/** Components that one side lacks, and why. */
const form = 'names the members of a form; the SDK takes them one by one'
const list = 'names a list; the SDK writes it as an array'
const unused = 'the SDK declares it, and no operation of the five groups uses it'
const componentsOfOneSide: Readonly<Record<string, string>> = {
  DeviceUserAuthRequest: unused,
  GenericError: 'errors have the OAuth form everywhere, as they are sent',
  GetVersion200Response: 'named `version` here',
  IntrospectOAuth2TokenRequest: form,
  IsReady200Response: 'named `healthStatus` here',
  IsReady503Response: 'named `healthNotReadyStatus` here',
  JsonPatchDocument: list,
  KeysetPaginationRequestParameters: unused,
  KeysetPaginationResponseHeaders: unused,
  ListOAuth2Clients: list,
  OAuth2ConsentSessions: list,
  OAuth2DeviceFlowRequest: form,
  Oauth2TokenExchangeRequest: form,
  RFC6749ErrorJson: unused,
  RevokeOAuth2TokenRequest: form,
  TokenPagination: unused,
  TokenPaginationHeaders: unused,
  TokenPaginationRequestParameters: unused,
  TokenPaginationResponseHeaders: unused,
  TrustedOAuth2JwtGrantIssuers: list,
  VerifyUserCodeRequest: unused,
}

/** Members that differ, and why. */
const memberDifferences: Readonly<Record<string, string>> = {
  'AcceptOAuth2ConsentRequest.handled_at is new': 'SDKs of former versions send it',
  'IntrospectedOAuth2Token.acr is new': 'RFC 9470 §6.2; sent where the operator asks for it',
  'IntrospectedOAuth2Token.auth_time is new': 'RFC 9470 §6.2; sent where the operator asks for it',
  'OAuth2Client.default_acr_values is new': 'OpenID Connect Registration §2; sent if it was set',
  'OAuth2Client.default_max_age is new': 'OpenID Connect Registration §2; sent if it was set',
  'OAuth2Client.initiate_login_uri is new': 'OpenID Connect Registration §2; sent if it was set',
  'OAuth2Client.require_auth_time is new': 'OpenID Connect Registration §2; sent if it was set',
  'OAuth2Client.id_token_encrypted_response_alg is new':
    'OpenID Connect Registration §2; sent if it was set',
  'OAuth2Client.id_token_encrypted_response_enc is new':
    'OpenID Connect Registration §2; sent if it was set',
  'OAuth2Client.id_token_signed_response_alg is new':
    'OpenID Connect Registration §2; sent if it was set',
  'OAuth2Client.request_object_encryption_alg is new':
    'OpenID Connect Registration §2; sent if it was set',
  'OAuth2Client.request_object_encryption_enc is new':
    'OpenID Connect Registration §2; sent if it was set',
  'OAuth2Client.userinfo_encrypted_response_alg is new':
    'OpenID Connect Registration §2; sent if it was set',
  'OAuth2Client.userinfo_encrypted_response_enc is new':
    'OpenID Connect Registration §2; sent if it was set',
  'OidcConfiguration.id_token_encryption_alg_values_supported is new':
    'OpenID Connect Discovery §3',
  'OidcConfiguration.id_token_encryption_enc_values_supported is new':
    'OpenID Connect Discovery §3',
  'OidcConfiguration.userinfo_encryption_alg_values_supported is new':
    'OpenID Connect Discovery §3',
  'OidcConfiguration.userinfo_encryption_enc_values_supported is new':
    'OpenID Connect Discovery §3',
  'OidcConfiguration.request_object_encryption_alg_values_supported is new':
    'OpenID Connect Discovery §3',
  'OidcConfiguration.request_object_encryption_enc_values_supported is new':
    'OpenID Connect Discovery §3',
  'OidcConfiguration.check_session_iframe is new': 'OpenID Connect Session Management §3.3',
  'OidcConfiguration.acr_values_supported is new': 'OpenID Connect Discovery §3',
  'OidcConfiguration.claim_types_supported is new': 'OpenID Connect Discovery §3',
  'OidcConfiguration.display_values_supported is new': 'OpenID Connect Discovery §3',
  'OidcConfiguration.ui_locales_supported is new': 'OpenID Connect Discovery §3',
  'OidcConfiguration.authorization_response_iss_parameter_supported is new': 'RFC 9207 §3',
}

function described({ method, path, tag, parameters, body, responses }: Operation) {
  const isForm = body?.contentType === 'application/x-www-form-urlencoded'
  const names = (place: string) =>
    parameters
      .filter((each) => each.in === place)
      .map(({ name }) => name)
      .sort()
  const form = isForm ? Object.keys(resolve(document, body.schema).properties ?? {}).sort() : []
  return {
    place: `${method} ${path}`,
    group: tag.toLowerCase(),
    query: names('query'),
    form,
    hasBody: body !== undefined && !isForm,
    required: [
      ...parameters.filter(({ required }) => required === true).map(({ name }) => sdkName(name)),
      ...(isForm ? (resolve(document, body.schema).required ?? []).map(sdkName) : []),
    ].sort(),
    statuses: Object.keys(responses).map(Number),
  }
}

describe('the operations', () => {
  it('are those of the official SDK', () => {
    const names = new Set([...ours.keys(), ...official.keys()])
    const alone = [...names].filter((name) => !(ours.has(name) && official.has(name)))
    expect(alone.sort()).toEqual(Object.keys(operationsOfOneSide).sort())
  })

  const shared = [...official.values()].filter(({ name }) => ours.has(name))
  it.each(shared.map((each) => [each.name, each] as const))(
    '%s takes and answers the same',
    (name, theirs) => {
      const operation = ours.get(name)
      if (operation === undefined) throw new Error(name)
      const mine = described(operation)
      const found = {
        place: mine.place === `${theirs.method} ${theirs.path}`,
        group: `${mine.group}api` === theirs.api.toLowerCase(),
        query: String(mine.query) === String(theirs.query),
        form: String(mine.form) === String(theirs.form),
        body: mine.hasBody === (theirs.body !== undefined),
        required:
          String(mine.required) === String(theirs.required.filter((each) => each !== theirs.body)),
        statuses: theirs.statuses.every((status) => mine.statuses.includes(status)),
      }
      const wrong = Object.entries(found).filter(
        ([what, same]) => !same && !(`${name} ${what}` in differences),
      )
      expect(wrong.map(([what]) => [what, mine, theirs])).toEqual([])
    },
  )
})

describe('the components', () => {
  const models = officialModels()
  const components = new Map(
    Object.entries(schemas(document)).map(([name, schema]) => [typeName(name), schema]),
  )
  it('have the names of the official ones', () => {
    const lacking = [...models.keys()].filter((name) => !components.has(name))
    const own = [...components.keys()].filter((name) => !models.has(name))
    expect([...lacking, ...own].sort()).toEqual(Object.keys(componentsOfOneSide).sort())
  })

  it('have their members, and require what they require', () => {
    const wrong: string[] = []
    for (const [name, members] of models) {
      const schema = components.get(name)
      if (schema === undefined) continue
      const mine = Object.keys(schema.properties ?? {})
      for (const member of members) {
        if (!mine.includes(member.name)) wrong.push(`${name}.${member.name} is missing`)
        else if (member.required && schema.required?.includes(member.name) !== true)
          wrong.push(`${name}.${member.name} is not required`)
      }
      const known = new Set(members.map((each) => each.name))
      wrong.push(...mine.filter((each) => !known.has(each)).map((each) => `${name}.${each} is new`))
    }
    expect(wrong.sort()).toEqual(Object.keys(memberDifferences).sort())
  })
})
