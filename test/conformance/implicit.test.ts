/** OP Implicit. */

import { plans } from './list.ts'
import { runPlan } from './run-plan.ts'

runPlan(plans.implicit)
