import type { PolicyKind } from '../policies.ts'
import type { ResourceFacts } from '../request.ts'
import { type Truth, truthOf } from '../truth.ts'
import withoutResource from './rcp-no-resource.json' with { type: 'json' }
import data from './rules.json' with { type: 'json' }

/** Service prefixes in which RCPs have an effect. */
export const RCP_SERVICES: ReadonlySet<string> = new Set(data.rcpServices.prefixes)
export const RCP_SERVICES_AS_OF: string = data.rcpServices.asOf

/** Characters that a document of the kind may have. IAM does not count white space in some kinds. */
export const MAX_CHARACTERS: Readonly<Record<PolicyKind, number>> = data.sizes.maxCharacters
/** The most that AWS takes of the kind in any place, or with a raised quota. AWS's own managed policies know no limit. */
export const MOST_CHARACTERS: Readonly<Record<PolicyKind, number>> = data.sizes.mostAnywhere
export const WHITE_SPACE_COUNTS: Readonly<Record<PolicyKind, boolean>> = data.sizes.whiteSpaceCounts

/** Documents of a kind that one target may have; RCPFullAWSAccess takes one of the places of RCPs. */
export const MAX_PER_TARGET: Readonly<Partial<Record<PolicyKind, number>>> = {
  ...data.attachments.perTarget,
  rcp: data.attachments.perTarget.rcp - 1,
}

/** Actions (lower case) that AWS carries out without asking any policy. */
export const NO_PERMISSION_NEEDED: ReadonlySet<string> = new Set(data.noPermissionNeeded.actions)

export const RCP_UNAFFECTED_ACTIONS: ReadonlySet<string> = new Set(data.rcpUnaffectedActions.actions)

/** Context keys (lower case) that every request to AWS has: not told, they are not known, and never absent. */
export const ALWAYS_PRESENT_KEYS: readonly string[] = data.alwaysPresentKeys.keys
/** Context keys (lower case) that every signed request has. */
export const SIGNED_REQUEST_KEYS: readonly string[] = data.signedRequestKeys.keys

/** Context keys (lower case) that may have several values in one request. */
export const MULTIVALUED_KEYS: ReadonlySet<string> = new Set(data.multivaluedKeys.keys)

const DECIDING_SERVICES = new Set(data.resourcePolicyDecides.services)
const DECIDING_ACTIONS = new Set(data.resourcePolicyDecides.actions)
const DECIDING_ON_ROLES = new Set(data.resourcePolicyDecides.onRoles)
const IS_ROLE = /^arn:[^:]*:iam:[^:]*:[^:]*:role\//
/** Actions (lower case) of KMS that name no key, so that no key policy has a say. */
export const KMS_ACTIONS_WITHOUT_KEY: ReadonlySet<string> = new Set(data.resourcePolicyDecides.withoutKey)

/**
 * Whether an identity policy alone cannot grant this, not even within one account: KMS keys and role trust. An alias of KMS
 * has no policy: there the identity policies decide; so they do for tags and context of a session that is no role's.
 */
export function resourcePolicyDecides(action: string, { arn }: Pick<ResourceFacts, 'arn'>): Truth {
  const lower = action.toLowerCase()
  if (DECIDING_ACTIONS.has(lower)) return 'yes'
  if (DECIDING_ON_ROLES.has(lower)) return arn === null ? 'unknown' : truthOf(IS_ROLE.test(arn))
  if (!DECIDING_SERVICES.has(lower.slice(0, lower.indexOf(':'))) || KMS_ACTIONS_WITHOUT_KEY.has(lower))
    return 'no'
  if (arn === null) return mayNameAlias(lower) ? 'unknown' : 'yes'
  return truthOf(!/^arn:[^:]*:kms:[^:]*:[^:]*:alias\//.test(arn))
}

const mayNameAlias = (lowerAction: string): boolean => lowerAction.endsWith('alias')

/** Actions (lower case) of services that support RCPs for which AWS names no resource: there RCPs have no effect. */
export const RCP_ACTIONS_WITHOUT_RESOURCE: ReadonlySet<string> = new Set(
  Object.entries(withoutResource.actions).flatMap(([service, names]) =>
    names.map((name) => `${service}:${name}`),
  ),
)

/** Prefixes of actions (lower case) that SCPs do not restrict, and for whom: `any` principal, or the `root` user. */
const UNRESTRICTED = data.scpUnrestricted.tasks.flatMap(({ principal, actions }: UnrestrictedTask) =>
  actions.map((action) => ({ principal, prefix: action.replace(/\*$/, '') })),
)
interface UnrestrictedTask {
  readonly principal: string
  readonly actions: readonly string[]
}

/** Whether SCPs have nothing to say about this action of this type of principal. */
export const isUnrestrictedByScps = (action: string, principalType: string): boolean =>
  UNRESTRICTED.some(
    ({ principal, prefix }) =>
      (principal === 'any' || principal === principalType) && action.toLowerCase().startsWith(prefix),
  )
