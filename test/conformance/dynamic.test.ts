/** OP Dynamic, and logins that a third party starts. */

import { plans } from './list.ts'
import { runPlan } from './run-plan.ts'

runPlan(plans.dynamic)
runPlan(plans.initLogin)
