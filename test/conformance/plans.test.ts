/** The lists themselves: nothing is lost on the way from the suite. */

import { expect, it } from 'vitest'
import { plans, type Plan } from './list.ts'
import { modules } from './modules/all.ts'

/** How many modules the suite runs in each plan, by response type. */
const published: Readonly<Record<keyof typeof plans, readonly number[]>> = {
  basic: [38],
  implicit: [27, 31],
  hybrid: [36, 33, 33],
  config: [1],
  // Of 23; the others need a token endpoint, an access token, or a flow without a front-channel ID Token.
  dynamic: [23, 17, 18, 22, 23, 22],
  formPostBasic: [38],
  formPostImplicit: [27, 31],
  formPostHybrid: [36, 33, 33],
  initLogin: [2, 2, 2, 2, 2, 2],
  rpLogout: [11, 11, 11, 11, 11, 11],
  sessionManagement: [2, 2, 2, 2, 2, 2],
  frontChannel: [2, 2, 2, 2, 2, 2],
  backChannel: [2, 2, 2, 2, 2, 2],
}

it('OA22 runs the plans of the OpenID Foundation with as many modules as the suite', () => {
  const counts = Object.entries<Plan>(plans).map(([key, { parts }]) => [
    key,
    parts.map((part) => part.modules.length),
  ])
  expect(Object.fromEntries(counts)).toEqual(published)
})

it('has a test for every module of every plan, and every module in a plan', () => {
  const named = Object.values<Plan>(plans).flatMap(({ parts }) =>
    parts.flatMap((part) => part.modules),
  )
  expect([...new Set(named)].sort()).toEqual(Object.keys(modules).sort())
})
