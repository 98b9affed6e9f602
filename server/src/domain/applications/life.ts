import { err, ok, type Result } from '../../kernel/result.ts'
import type { Actor } from '../people/roles.ts'
import { activeDelegation, type Delegation } from './delegation.ts'
import type { ApplicationKind, ApplicationState } from './kinds.ts'
import type { Stage, Who } from './who.ts'

export type { Stage, Who }

/** One approval as it happened. `automatic` names the version of the policy that gave it. */
export interface Approval {
  readonly stage: Stage
  readonly by: Who
  readonly at: string
  /** The absent person for whom a delegate acted. */
  readonly onBehalfOf: Who | null
  readonly automatic: { readonly policyVersion: string } | null
  readonly comment: string
}

interface Common {
  readonly id: string
  readonly kind: ApplicationKind
  readonly organisationId: string
  readonly applicant: Who
  /** Counts every change; a writer names the version it saw. */
  readonly version: number
  /** When it came into this state; ISO 8601. */
  readonly since: string
}

export interface Draft extends Common {
  readonly state: 'draft'
}
/** Waits for the organisation. */
export interface Submitted extends Common {
  readonly state: 'submitted'
  readonly submittedAt: string
}
/** The organisation agreed; waits for the centre. */
export interface Accepted extends Common {
  readonly state: 'accepted'
  readonly submittedAt: string
  readonly organisation: Approval
}
/** Back with the applicant, who may correct and submit again. */
export interface Returned extends Common {
  readonly state: 'returned'
  readonly comment: string
  readonly by: Who
}
export interface Rejected extends Common {
  readonly state: 'rejected'
  readonly comment: string
  readonly by: Who
}
export interface Withdrawn extends Common {
  readonly state: 'withdrawn'
}
interface Approved extends Common {
  readonly submittedAt: string
  readonly organisation: Approval
  readonly centre: Approval
}
export interface Queued extends Approved {
  readonly state: 'queued'
}
export interface Running extends Approved {
  readonly state: 'running'
}
export interface NeedsRepair extends Approved {
  readonly state: 'needs_repair'
}
export interface Ready extends Approved {
  readonly state: 'ready'
}
export interface Abandoned extends Approved {
  readonly state: 'abandoned'
}

export type Waiting = Submitted | Accepted
export type Editable = Draft | Returned
export type InWork = Queued | Running | NeedsRepair | Ready | Abandoned
export type Application = Editable | Waiting | Rejected | Withdrawn | InWork

export type Refusal =
  | 'wrong_state'
  | 'not_the_applicant'
  | 'applicant_cannot_approve'
  | 'same_person_twice'
  | 'not_your_stage'
  | 'other_organisation'
  | 'comment_needed'

export const REFUSAL_TEXTS: Readonly<Record<Refusal, string>> = {
  wrong_state: 'The application is not in a state in which this can be done; look at it again.',
  not_the_applicant: 'Only the applicant can do this.',
  applicant_cannot_approve:
    'The applicant never approves, not even for somebody who is absent; another person must.',
  same_person_twice: 'The person who approved for the organisation cannot approve for the centre as well.',
  not_your_stage: 'It is not your turn: your role does not approve at this stage.',
  other_organisation: 'The application belongs to another organisation.',
  comment_needed: 'Write a comment, so that the applicant knows what to do.',
}

const who = (actor: Actor): Who => ({ id: actor.id, name: actor.name, role: actor.role })
const EDITABLE: readonly ApplicationState[] = ['draft', 'returned']

export const isEditable = (a: Application): a is Editable => EDITABLE.includes(a.state)
export const isWaiting = (a: Application): a is Waiting => a.state === 'submitted' || a.state === 'accepted'
export const stageOf = (a: Waiting): Stage => (a.state === 'submitted' ? 'organisation' : 'centre')

const common = (a: Application, now: Date): Common => ({
  id: a.id,
  kind: a.kind,
  organisationId: a.organisationId,
  applicant: a.applicant,
  version: a.version + 1,
  since: now.toISOString(),
})

export function submit(a: Application, actor: Actor, now: Date): Result<Submitted, Refusal> {
  if (!isEditable(a)) return err('wrong_state')
  if (a.applicant.id !== actor.id) return err('not_the_applicant')
  return ok({ ...common(a, now), state: 'submitted', submittedAt: now.toISOString() })
}

export function withdraw(a: Application, actor: Actor, now: Date): Result<Withdrawn, Refusal> {
  if (!isEditable(a) && !isWaiting(a)) return err('wrong_state')
  if (a.applicant.id !== actor.id) return err('not_the_applicant')
  return ok({ ...common(a, now), state: 'withdrawn' })
}

interface Authority {
  readonly onBehalfOf: Who | null
}

/**
 * May this person decide at this stage? Duties that may not be combined: the applicant never decides, nor does
 * somebody on the applicant's behalf; one person never decides at both stages, not even through a delegation.
 */
export function authority(
  a: Waiting,
  actor: Actor,
  delegations: readonly Delegation[],
  now: Date,
): Result<Authority, Refusal> {
  if (actor.kind !== 'person') return err('not_your_stage')
  if (actor.id === a.applicant.id) return err('applicant_cannot_approve')
  if (a.state === 'accepted' && involved(a.organisation).has(actor.id)) return err('same_person_twice')
  const own = ownAuthority(a, actor)
  if (own.ok) return own
  const delegation = activeDelegation(
    delegations,
    { stage: stageOf(a), organisationId: a.organisationId },
    actor.id,
    now,
  )
  if (!delegation) return own
  if (delegation.from.id === a.applicant.id) return err('applicant_cannot_approve')
  if (a.state === 'accepted' && involved(a.organisation).has(delegation.from.id))
    return err('same_person_twice')
  return ok({ onBehalfOf: delegation.from })
}

const involved = (approval: Approval): ReadonlySet<string> =>
  new Set([approval.by.id, ...(approval.onBehalfOf ? [approval.onBehalfOf.id] : [])])

function ownAuthority(a: Waiting, actor: Actor): Result<Authority, Refusal> {
  if (stageOf(a) === 'centre')
    return actor.role === 'central_operator' ? ok({ onBehalfOf: null }) : err('not_your_stage')
  if (actor.role !== 'organisation_owner') return err('not_your_stage')
  return actor.organisationIds.includes(a.organisationId)
    ? ok({ onBehalfOf: null })
    : err('other_organisation')
}

export function approve(
  a: Application,
  actor: Actor,
  delegations: readonly Delegation[],
  comment: string,
  now: Date,
): Result<Accepted | Queued, Refusal> {
  if (!isWaiting(a)) return err('wrong_state')
  const may = authority(a, actor, delegations, now)
  if (!may.ok) return may
  const approval = { by: who(actor), at: now.toISOString(), automatic: null, comment, ...may.value }
  return ok(advance(a, approval, now))
}

/** The policy approves in place of a person; it is not a person, so it may act at both stages. */
export const approveByPolicy = (a: Waiting, policyVersion: string, now: Date): Accepted | Queued =>
  advance(
    a,
    {
      by: { id: 'policy', name: `Approval policy ${policyVersion}`, role: 'system' },
      at: now.toISOString(),
      onBehalfOf: null,
      automatic: { policyVersion },
      comment: '',
    },
    now,
  )

function advance(a: Waiting, approval: Omit<Approval, 'stage'>, now: Date): Accepted | Queued {
  const kept = { ...common(a, now), submittedAt: a.submittedAt }
  if (a.state === 'submitted')
    return { ...kept, state: 'accepted', organisation: { ...approval, stage: 'organisation' } }
  return { ...kept, state: 'queued', organisation: a.organisation, centre: { ...approval, stage: 'centre' } }
}

function decideAgainst<S extends 'returned' | 'rejected'>(
  state: S,
  a: Application,
  actor: Actor,
  delegations: readonly Delegation[],
  comment: string,
  now: Date,
): Result<Common & { state: S; comment: string; by: Who }, Refusal> {
  if (!isWaiting(a)) return err('wrong_state')
  const may = authority(a, actor, delegations, now)
  if (!may.ok) return may
  if (comment.trim() === '') return err('comment_needed')
  return ok({ ...common(a, now), state, comment, by: who(actor) })
}

export const sendBack = (
  a: Application,
  actor: Actor,
  delegations: readonly Delegation[],
  comment: string,
  now: Date,
): Result<Returned, Refusal> => decideAgainst('returned', a, actor, delegations, comment, now)

export const reject = (
  a: Application,
  actor: Actor,
  delegations: readonly Delegation[],
  comment: string,
  now: Date,
): Result<Rejected, Refusal> => decideAgainst('rejected', a, actor, delegations, comment, now)

export type OrderState = 'queued' | 'running' | 'needs_repair' | 'finished' | 'abandoned'

/**
 * The state of an approved application out of the states of its orders: what needs a person shows first, `ready`
 * only when every order that was not given up is finished, `abandoned` when nothing came of it.
 */
export function stateOfOrders(orders: readonly OrderState[]): InWork['state'] {
  const some = (state: OrderState) => orders.includes(state)
  if (some('needs_repair')) return 'needs_repair'
  if (orders.every((o) => o === 'abandoned')) return 'abandoned'
  if (orders.every((o) => o === 'finished' || o === 'abandoned')) return 'ready'
  return some('running') || some('finished') ? 'running' : 'queued'
}
