/** RP-initiated, front-channel and back-channel logout. */

import { plans } from './list.ts'
import { runPlan } from './run-plan.ts'

runPlan(plans.rpLogout)
runPlan(plans.frontChannel)
runPlan(plans.backChannel)
