import type { PolicyKind } from '../policies.ts'
import data from './rules.json' with { type: 'json' }

/** Service prefixes in which RCPs have an effect. */
export const RCP_SERVICES: ReadonlySet<string> = new Set(data.rcpServices.prefixes)
export const RCP_SERVICES_AS_OF: string = data.rcpServices.asOf

/** Characters that a document of the kind may have. IAM does not count white space in some kinds. */
export const MAX_CHARACTERS: Readonly<Record<PolicyKind, number>> = data.sizes.maxCharacters
export const WHITE_SPACE_COUNTS: Readonly<Record<PolicyKind, boolean>> = data.sizes.whiteSpaceCounts

/** Actions (lower case) that AWS carries out without asking any policy. */
export const NO_PERMISSION_NEEDED: ReadonlySet<string> = new Set(data.noPermissionNeeded.actions)

export const RCP_UNAFFECTED_ACTIONS: ReadonlySet<string> = new Set(data.rcpUnaffectedActions.actions)

const DECIDING_SERVICES = new Set(data.resourcePolicyDecides.services)
const DECIDING_ACTIONS = new Set(data.resourcePolicyDecides.actions)

/** Whether an identity policy alone cannot grant this, not even within one account: KMS keys and role trust. */
export function resourcePolicyDecides(action: string): boolean {
  const lower = action.toLowerCase()
  return DECIDING_SERVICES.has(lower.slice(0, lower.indexOf(':'))) || DECIDING_ACTIONS.has(lower)
}
