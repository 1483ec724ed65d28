/** Session Management. */

import { plans } from './list.ts'
import { runPlan } from './run-plan.ts'

runPlan(plans.sessionManagement)
