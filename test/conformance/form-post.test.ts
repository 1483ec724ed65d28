/** Form Post OP for the code flow and the implicit flows. */

import { plans } from './list.ts'
import { runPlan } from './run-plan.ts'

runPlan(plans.formPostBasic)
runPlan(plans.formPostImplicit)
