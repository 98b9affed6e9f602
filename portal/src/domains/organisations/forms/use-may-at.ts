import type { Action } from '@rankan/server/domain/access/table.ts'
import { CENTRAL_ROLES } from '@rankan/server/domain/people/roles.ts'
import { may, useActor } from '../../../app/session.tsx'

/** May the reader do this there? What belongs to another organisation would be refused. */
export function useMayAt(action: Action): (organisationId: string) => boolean {
  const actor = useActor()
  const everywhere = CENTRAL_ROLES.includes(actor.role)
  return (organisationId) =>
    may(actor, action) && (everywhere || actor.organisationIds.includes(organisationId))
}
