import type { ClientRequest } from '../../client-auth/authenticate.ts'
import type { EndpointRequest } from '../endpoint.ts'
import type { Form } from '../form.ts'

/** What client authentication looks at in a request (RFC 6749 §2.3). The response tells what is left of the client's allowance. */
export function clientRequest(input: EndpointRequest, form: Form): ClientRequest {
  return {
    authorization: input.request.headers.get('authorization'),
    form,
    address: input.peerAddress,
    note: (allowance) => input.note(allowance),
  }
}
