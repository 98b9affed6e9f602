import { z } from 'zod'
import { REPLAY_KINDS, TARGET_KINDS } from './kinds.ts'
import type { ReplayPolicy } from './replays.ts'

/** An AWS organisation as a replay sees it: its tree, and the SCPs and RCPs in force. Kept with the replay, so that it can be run again. */
export const replayWorld = z.object({
  version: z.literal(1),
  organizationId: z.string(),
  managementAccountId: z.string(),
  places: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(TARGET_KINDS),
      name: z.string(),
      parentId: z.string().nullable(),
      /** Names of `policies`, and AWS's `FullAWSAccess`. */
      policies: z.array(z.string()),
    }),
  ),
  policies: z.array(z.object({ name: z.string(), kind: z.enum(REPLAY_KINDS), document: z.string() })),
})
export type ReplayWorld = z.infer<typeof replayWorld>

/** What `analytics/replay` takes: policies, and the tree file of docs/guide/replay.md. */
export interface WorldInput {
  readonly policies: readonly Pick<ReplayPolicy, 'name' | 'kind' | 'document'>[]
  readonly tree: {
    readonly organizationId: string
    readonly managementAccount: string
    readonly root: { readonly id: string; readonly policies: readonly string[] }
    readonly ous: readonly TreePlace[]
    readonly accounts: readonly TreePlace[]
  }
}

interface TreePlace {
  readonly id: string
  readonly parent: string
  readonly name: string
  readonly policies: readonly string[]
}

/**
 * Attaches policies where they say: alone, or on top of what is in force. On top, a policy replaces the one in force of
 * its kind and name, and without targets it takes that one's places. Otherwise no targets mean the root.
 */
export function attach(
  world: ReplayWorld,
  policies: readonly ReplayPolicy[],
  withInForce: boolean,
): WorldInput {
  const replaced = new Set(policies.map(({ name }) => name))
  const kept = withInForce ? world.policies.filter(({ name }) => !replaced.has(name)) : []
  const rootId = world.places.find(({ kind }) => kind === 'root')?.id ?? ''
  const placesOf = ({ name, targets }: ReplayPolicy): readonly string[] => {
    if (targets.length > 0) return targets
    const before = withInForce ? world.places.filter((one) => one.policies.includes(name)) : []
    return before.length > 0 ? before.map(({ id }) => id) : [rootId]
  }
  const targets = new Map(policies.map((policy) => [policy.name, new Set(placesOf(policy))]))
  const at = ({ id, policies: names }: ReplayWorld['places'][number]): readonly string[] => [
    ...(withInForce ? names.filter((name) => !replaced.has(name)) : []),
    ...policies.flatMap(({ name }) => (targets.get(name)?.has(id) ? [name] : [])),
  ]
  const below = (wanted: 'ou' | 'account'): readonly TreePlace[] =>
    world.places.flatMap((place) =>
      place.kind === wanted && place.parentId !== null
        ? [{ id: place.id, parent: place.parentId, name: place.name, policies: at(place) }]
        : [],
    )
  return {
    policies: [...kept, ...policies.map(({ name, kind, document }) => ({ name, kind, document }))],
    tree: {
      organizationId: world.organizationId,
      managementAccount: world.managementAccountId,
      root: { id: rootId, policies: world.places.filter(({ kind }) => kind === 'root').flatMap(at) },
      ous: below('ou'),
      accounts: below('account'),
    },
  }
}

/** All policies of a replay, those in force included when it asks them too, with their places. */
export function everyPolicy(
  world: ReplayWorld,
  policies: readonly ReplayPolicy[],
  withInForce: boolean,
): readonly ReplayPolicy[] {
  if (!withInForce) return policies
  const replaced = new Set(policies.map(({ name }) => name))
  const inForce = world.policies
    .filter(({ name }) => !replaced.has(name))
    .map((policy) => ({
      ...policy,
      targets: world.places.filter((place) => place.policies.includes(policy.name)).map(({ id }) => id),
    }))
  return [...policies, ...inForce]
}
