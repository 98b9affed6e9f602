import { chosenForms } from '../../catalog/plan/choose.ts'
import { digestOf } from '../../catalog/plan/digest.ts'
import { isHookRule } from '../../catalog/plan/hooks.ts'
import { isPackRule } from '../../catalog/plan/packs.ts'
import { planControls } from '../../catalog/plan/plan.ts'
import { isDocument } from '../../catalog/plan/repairs.ts'
import { isSecurityHub } from '../../catalog/plan/security-hub.ts'
import type { PlanError } from '../../domain/controls/plans.ts'
import { RankanError } from '../../kernel/errors.ts'
import { ORGANIZATION_KINDS } from '../../policy/guardrails.ts'
import type { PlanJob, PlanOutcome, Standing } from '../../ports/controls.ts'
import type { ControlDeps } from './deps.ts'
import { readWorld } from './world.ts'

/** Makes one plan: reads AWS, changes nothing. What cannot be planned is told to the person who asked. */
export async function makePlan(deps: ControlDeps, job: PlanJob): Promise<void> {
  let outcome: PlanOutcome
  try {
    outcome = await planOf(deps, job)
  } catch (error) {
    return deps.store.planFailed(job, wordsOf(error))
  }
  await deps.store.planned(job, outcome)
}

async function planOf(deps: ControlDeps, job: PlanJob): Promise<PlanOutcome> {
  const estate = deps.estate(job.awsOrganizationId)
  const target = job.target === 'root' ? (await estate.organization.describe()).rootId : job.target
  const standing = await deps.store.standing(job.awsOrganizationId, target)
  const sets = setsAfter(standing, job)
  const forms = chosenForms(sets, deps.library, {})
  const had = (part: string) => standing.carriers.some((one) => one.part === part)
  const world = await readWorld(estate, {
    packs: forms.some(isPackRule) || had('packs'),
    documents: forms.some(isDocument) || had('documents'),
    securityHub: forms.some(isSecurityHub) || had('securityHub'),
    hooks: forms.some(isHookRule) || had('hooks'),
  })
  const { library, hash } = deps
  const plan = planControls({
    world,
    target,
    sets,
    library,
    kept: standing,
    hash,
    limits: ORGANIZATION_KINDS,
    ownLimits: standing.ownLimits,
    hookMode: job.hookMode,
  })
  return { plan, digest: digestOf(world, plan, hash) }
}

function setsAfter({ sets }: Standing, { set, action }: PlanJob): Standing['sets'] {
  const others = sets.filter(({ name }) => name !== set.name)
  return action === 'remove' ? others : [...others, set]
}

/** What a person reads: every fault that the error knows, a bounded number of them. */
function wordsOf(error: unknown): PlanError {
  if (!(error instanceof RankanError))
    return { code: 'bug', message: error instanceof Error ? error.message : String(error), issues: [] }
  const issues = error.issues
    .slice(0, 50)
    .map(({ path, code, message }) => ({ path: [...path], code, message: message.slice(0, 500) }))
  return { code: error.code, message: error.message, issues }
}
