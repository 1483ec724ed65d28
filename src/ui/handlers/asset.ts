/** `/ui/assets/{name}`: files that never change under their address. */

import type { Endpoint } from '../../http/endpoint.ts'
import { plainResponse } from '../../http/plain-response.ts'
import { assets } from '../assets.ts'
import { frameFor } from '../frame.ts'
import { renderNotFound } from '../pages/fallback.ts'
import { respondPage } from '../respond-page.ts'

/** Serves the static files of the pages. */
export const showAsset: Endpoint = {
  method: 'GET',
  path: '/ui/assets/{name}',
  summary: 'A file of the pages',
  responses: { 200: { description: 'The file.' }, 404: { description: 'No such file.' } },
  async handle(input) {
    const { stylesheet, mark } = assets()
    const path = `/ui/assets/${input.params['name'] ?? ''}`
    const asset = [stylesheet, mark].find((each) => each.path === path)
    if (asset === undefined) return respondPage(404, renderNotFound(frameFor(input)))
    return plainResponse(200, asset.body, {
      'content-type': asset.contentType,
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    })
  },
}
