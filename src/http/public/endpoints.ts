/** Every endpoint of the public API. To add one, write its file and add a line here. */

import type { Endpoint } from '../endpoint.ts'

export const publicEndpoints: readonly Endpoint[] = []
