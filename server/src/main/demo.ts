import type { Actor } from '../domain/people/roles.ts'
import type { Changes } from '../storage/transact.ts'

/** People of the demo register who can be chosen at sign-in. */
export async function demoPersonas(_on: Changes): Promise<readonly Actor[]> {
  return []
}
