import { CENTRAL_ROLES, ROLES } from '@rankan/server/domain/people/roles.ts'
import type { Persona } from '../../api/session.ts'

const rank = ({ role }: Persona) => (ROLES as readonly string[]).indexOf(role)

/** Empty for the centre, which thereby comes first. */
const group = ({ role, organisationIds }: Persona) =>
  (CENTRAL_ROLES as readonly string[]).includes(role) ? '' : (organisationIds[0] ?? '')

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/**
 * The centre first, then the people of one organisation together, because an application needs two of them; among
 * these by the order of the roles, so that the central operator, who can try most, stands at the top.
 */
export const inOrder = (personas: readonly Persona[]): readonly Persona[] =>
  [...personas].sort((a, b) => compare(group(a), group(b)) || rank(a) - rank(b) || compare(a.id, b.id))
