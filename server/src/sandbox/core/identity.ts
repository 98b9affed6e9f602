/** The policies that bind a caller, gathered from the estate for `authorise.ts`. */
import type { Authenticated } from './authenticate.ts'
import { type PolicyLayers, type Statement, statementsOf } from './authorise.ts'
import type { World } from './contract.ts'
import { AWS_MANAGED } from './managed-policies.ts'
import { holderKey, managedPolicies, type PolicyHolder, roles, users } from './principals.ts'

/** SCP documents of each level from the root to the account; null where none binds (management account, stand-alone). */
export type ScpsOf = (world: World, accountId: string) => readonly (readonly string[])[] | null

export function layersOf(world: World, who: Authenticated, scpsOf: ScpsOf): PolicyLayers {
  const holder = holderOf(world, who)
  return {
    identity: isRoot(who) ? null : holder ? documentsOf(world, holder).flatMap(cached) : [],
    boundary: holder?.boundary === undefined ? null : cached(documentOf(world, holder.boundary)),
    session: who.sessionPolicies
      ? [
          ...who.sessionPolicies.documents,
          ...who.sessionPolicies.arns.map((arn) => documentOf(world, arn)),
        ].flatMap(cached)
      : null,
    scps: scpsOf(world, who.caller.accountId)?.map((level) => level.flatMap(cached)) ?? null,
  }
}

const isRoot = ({ caller }: Authenticated) => caller.arn.endsWith(':root')

function holderOf(world: World, { caller }: Authenticated): PolicyHolder | undefined {
  const name = (arn: string) => holderKey(caller.accountId, arn.slice(arn.lastIndexOf('/') + 1))
  return caller.roleArn === null ? users(world).get(name(caller.arn)) : roles(world).get(name(caller.roleArn))
}

export const documentsOf = (world: World, holder: PolicyHolder): string[] => [
  ...Object.values(holder.inline),
  ...holder.attached.map((arn) => documentOf(world, arn)),
]

export function documentOf(world: World, arn: string): string {
  const policy = managedPolicies(world).get(arn)
  return policy?.versions.find((v) => v.id === policy.defaultVersion)?.document ?? AWS_MANAGED[arn] ?? '{}'
}

const parsed = new Map<string, readonly Statement[]>()
const PARSED_KEPT = 1_000

function cached(document: string): readonly Statement[] {
  const known = parsed.get(document)
  if (known) return known
  if (parsed.size >= PARSED_KEPT) parsed.clear()
  const found = statementsOf(document)
  parsed.set(document, found)
  return found
}
