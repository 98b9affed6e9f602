import { ACCESS, type Action } from '../access/table.ts'
import type { Actor } from '../people/roles.ts'

/** Does the access table give the actor's role this action? Cedar decides at the edge; this only shows what it would say. */
export const may = (actor: Actor, action: Action): boolean =>
  actor.role === 'system' || (ACCESS[action].roles as readonly string[]).includes(actor.role)
