/** OP Basic, and the metadata of OP Config. */

import { plans } from './list.ts'
import { runPlan } from './run-plan.ts'

runPlan(plans.basic)
runPlan(plans.config)
