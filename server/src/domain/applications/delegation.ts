import { type Day, dayInJapan } from '../../kernel/days.ts'
import { err, ok, type Result } from '../../kernel/result.ts'
import type { Actor } from '../people/roles.ts'
import type { Stage, Who } from './who.ts'

/** One person decides for another one who is absent, for a time. Days are in Japan, both included. */
export interface Delegation {
  readonly id: string
  readonly from: Who
  readonly to: Who
  readonly stage: Stage
  /** Organisations for which the absent person decides; empty at the centre. */
  readonly organisationIds: readonly string[]
  readonly firstDay: Day
  readonly lastDay: Day
  readonly reason: string
  readonly revokedAt: string | null
}

/** The delegation under which this person may decide on this application now, if there is one. */
export function activeDelegation(
  delegations: readonly Delegation[],
  turn: { readonly stage: Stage; readonly organisationId: string },
  personId: string,
  now: Date,
): Delegation | null {
  const today = dayInJapan(now)
  const { stage, organisationId } = turn
  const fits = (d: Delegation) =>
    d.to.id === personId &&
    d.stage === stage &&
    d.revokedAt === null &&
    d.firstDay <= today &&
    today <= d.lastDay &&
    (stage === 'centre' || d.organisationIds.includes(organisationId))
  return delegations.find(fits) ?? null
}

export type DelegationRefusal =
  | 'role_cannot_delegate'
  | 'delegate_is_self'
  | 'delegation_days_reversed'
  | 'delegation_too_long'

/** An approver hands over to another person; rights that were themselves delegated cannot be handed on. */
export function makeDelegation(
  actor: Actor,
  wish: {
    readonly id: string
    readonly to: Who
    readonly firstDay: Day
    readonly lastDay: Day
    readonly reason: string
  },
  maxDays: number,
): Result<Delegation, DelegationRefusal> {
  if (actor.role !== 'organisation_owner' && actor.role !== 'central_operator')
    return err('role_cannot_delegate')
  if (wish.to.id === actor.id) return err('delegate_is_self')
  if (wish.lastDay < wish.firstDay) return err('delegation_days_reversed')
  if ((Date.parse(wish.lastDay) - Date.parse(wish.firstDay)) / 86_400_000 >= maxDays)
    return err('delegation_too_long')
  return ok({
    ...wish,
    from: { id: actor.id, name: actor.name, role: actor.role },
    stage: actor.role === 'central_operator' ? 'centre' : 'organisation',
    organisationIds: actor.role === 'central_operator' ? [] : actor.organisationIds,
    revokedAt: null,
  })
}
