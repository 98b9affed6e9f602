import { APPLICATION_KINDS, type ApplicationKind } from '../domain/applications/kinds.ts'
import type { WorkflowFunction } from '../ports/queue.ts'
import type { WorkflowContext } from '../ports/workflow.ts'
import { abandonClose, abandonOther, abandonVend } from './abandon.ts'
import { changeContacts } from './change-contacts.ts'
import { changeOwner } from './change-owner.ts'
import { close } from './close.ts'
import type { WorkflowDeps } from './deps.ts'
import { move } from './move.ts'
import { resume, suspend } from './suspend.ts'
import { vend } from './vend.ts'

type Workflow = (deps: WorkflowDeps, ctx: WorkflowContext, workId: string) => Promise<void>

const WORKFLOWS: Readonly<Record<ApplicationKind, Workflow>> = {
  vend,
  change_contacts: changeContacts,
  change_owner: changeOwner,
  move,
  suspend,
  resume,
  close,
}

const GIVE_UP: Readonly<Partial<Record<ApplicationKind, Workflow>>> = {
  vend: abandonVend,
  close: abandonClose,
}

export interface BoundWorkflow {
  readonly kind: ApplicationKind
  readonly do: WorkflowFunction
  /** Runs when a person gives the work up. */
  readonly giveUp: WorkflowFunction
}

/** For the engine: what runs for each kind of work. */
export function bindWorkflows(deps: WorkflowDeps): readonly BoundWorkflow[] {
  const bind =
    (workflow: Workflow): WorkflowFunction =>
    (ctx, workId) =>
      workflow(deps, ctx, workId)
  return APPLICATION_KINDS.map((kind) => ({
    kind,
    do: bind(WORKFLOWS[kind]),
    giveUp: bind(GIVE_UP[kind] ?? abandonOther),
  }))
}
