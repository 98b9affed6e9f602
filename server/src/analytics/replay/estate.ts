import { bug, invalid } from '../../kernel/errors.ts'
import { counted } from '../../kernel/text.ts'
import { parsePolicy } from '../../policy/parse/policy.ts'
import { NO_POLICIES, type Policy, type PolicyLevel, type PolicySet } from '../../policy/policies.ts'
import type { OrganizationFacts } from '../../policy/request.ts'
import type { TrailView } from '../../policy/trail/requests.ts'
import type { Node, Tree } from './tree.ts'

/** Where policies bear: what the engine is given for a check, by the accounts of caller and owner. */
export interface Estate {
  readonly tree: Tree | null
  readonly policies: readonly Policy[]
  readonly setOf: (caller: string | null, owner: string | null, seen: TrailView) => Ask
  /** Two accounts with the same text are under the same policies. */
  readonly profileOf: (account: string | null) => string
  /** What was taken for granted, for the reader of a result. */
  readonly assumed: readonly Assumption[]
}

export interface Ask {
  readonly set: PolicySet
  readonly organization: OrganizationFacts
}

export type Assumption =
  /** No SCP there allows anything, so AWS's `FullAWSAccess` is taken to be attached as well. */
  | { readonly what: 'full_access'; readonly target: string }
  /** No tree was given: all policies at the root, every account a member. */
  | { readonly what: 'all_at_root' }

const document = (kind: 'scp' | 'identity' | 'resource', principal: boolean): Policy => {
  const { policy } = parsePolicy(
    {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', ...(principal ? { Principal: '*' } : {}) }],
    },
    kind,
    { name: 'FullAWSAccess' },
  )
  if (policy === null) throw bug('FullAWSAccess cannot be parsed.')
  return policy
}
const FULL_ACCESS = document('scp', false)

/** A caller with all permissions of its own: replay asks the organisation's policies alone. */
export const ALL_GRANTED: PolicySet = {
  ...NO_POLICIES,
  identity: [document('identity', false)],
  session: [document('identity', false)],
  resource: document('resource', true),
}

interface Levels {
  readonly scps: readonly PolicyLevel[]
  readonly rcps: readonly PolicyLevel[]
}

const BUILT_IN = new Set(['FullAWSAccess', 'p-FullAWSAccess', 'RCPFullAWSAccess', 'p-RCPFullAWSAccess'])
/** Stands for "we do not know who owns it": RCPs may or may not bind. No account has this number. */
const NOBODY = '000000000000'

/** Puts policies where the tree says; without a tree all are at the root. */
export function estateOf(policies: readonly Policy[], tree: Tree | null): Estate {
  const at = attachments(policies, tree)
  const everything = levelsOf([{ id: 'root', policies: policies.map(({ name }) => name) }], at)
  const profiles = new Map<string | null, { readonly key: string; readonly levels: Levels | null }>()
  const profile = (account: string | null) => {
    const known = profiles.get(account)
    if (known !== undefined) return known
    const path = tree === null ? null : account === null ? null : tree.pathOf(account)
    const levels = tree === null ? everything : path === null ? null : levelsOf(path, at)
    const key = tree === null ? 'all' : keyOf(account, path)
    const made = { key, levels }
    profiles.set(account, made)
    return made
  }
  const management = tree?.managementAccount ?? null
  const allRcps: readonly PolicyLevel[] = [
    { target: 'unknown', policies: policies.filter(({ kind }) => kind === 'rcp') },
  ]
  const setOf: Estate['setOf'] = (caller, owner, seen) => ({
    set: {
      ...ALL_GRANTED,
      scps: seen === 'owner' ? [] : scpsOf(caller, tree, profile(caller).levels),
      rcps: seen === 'principal' ? [] : owner === null ? allRcps : (profile(owner).levels?.rcps ?? []),
    },
    organization: { managementAccount: management ?? (owner === null ? NOBODY : null) },
  })
  const used = tree === null ? [{ id: 'root', policies: policies.map(({ name }) => name) }] : tree.nodes
  return {
    tree,
    policies: [...policies, FULL_ACCESS],
    setOf,
    profileOf: (account) =>
      `${account === null ? 'unknown' : account === management ? 'management' : 'other'} ${profile(account).key}`,
    assumed: [
      ...(tree === null ? [{ what: 'all_at_root' as const }] : []),
      ...used.flatMap((node) =>
        lacksAllow(node, at) ? [{ what: 'full_access' as const, target: node.id }] : [],
      ),
    ],
  }
}

function keyOf(account: string | null, path: readonly Node[] | null): string {
  if (account === null) return 'unknown'
  return path === null
    ? 'outside'
    : path
        .filter((node, index) => index < path.length - 1 || node.policies.length > 0)
        .map(({ id }) => id)
        .join('/')
}

function scpsOf(caller: string | null, tree: Tree | null, levels: Levels | null): PolicySet['scps'] {
  if (caller === null && tree !== null) return 'unknown'
  return levels?.scps ?? []
}

/** Policies by the names under which the tree may attach them; an unknown name is an error. */
function attachments(policies: readonly Policy[], tree: Tree | null): ReadonlyMap<string, Policy> {
  const named = new Map(policies.map((policy) => [policy.name, policy]))
  const faults = (tree?.nodes ?? []).flatMap(({ id, policies: names }) =>
    names.filter((name) => !named.has(name) && !BUILT_IN.has(name)).map((name) => ({ id, name })),
  )
  if (faults.length > 0)
    throw invalid(
      'unknown_attachment',
      `The tree attaches ${counted(faults.length, 'policy', 'policies')} that the folder does not have. There are: ${[...named.keys()].map((name) => `\`${name}\``).join(', ')}.`,
      faults.map(({ id, name }) => ({
        path: [id],
        code: 'unknown_attachment',
        message: `\`${name}\` is attached, but no file has this name.`,
      })),
    )
  return named
}

const scpsAt = (node: Node, at: ReadonlyMap<string, Policy>) =>
  node.policies.flatMap((name) => {
    const policy = at.get(name)
    if (policy?.kind === 'scp') return [policy]
    return policy === undefined && BUILT_IN.has(name) && !name.includes('RCP') ? [FULL_ACCESS] : []
  })

const allows = (policies: readonly Policy[]) =>
  policies.some(({ statements }) => statements.some(({ effect }) => effect === 'Allow'))

/** Denials alone would deny every call; AWS attaches `FullAWSAccess` to each new target. */
const lacksAllow = (node: Node, at: ReadonlyMap<string, Policy>) => {
  const scps = scpsAt(node, at)
  return scps.length > 0 && !allows(scps)
}

function levelsOf(path: readonly Node[], at: ReadonlyMap<string, Policy>): Levels {
  const scps = path.flatMap((node) => {
    const found = scpsAt(node, at)
    if (found.length === 0) return []
    return [{ target: node.id, policies: allows(found) ? found : [FULL_ACCESS, ...found] }]
  })
  const rcps = path.flatMap((node) => {
    const found = node.policies.flatMap((name) => at.get(name) ?? []).filter(({ kind }) => kind === 'rcp')
    return found.length === 0 ? [] : [{ target: node.id, policies: found }]
  })
  return { scps, rcps }
}
