/** OP Hybrid. */

import { plans } from './list.ts'
import { runPlan } from './run-plan.ts'

runPlan(plans.hybrid)
