/** Form Post OP for the hybrid flows. */

import { plans } from './list.ts'
import { runPlan } from './run-plan.ts'

runPlan(plans.formPostHybrid)
