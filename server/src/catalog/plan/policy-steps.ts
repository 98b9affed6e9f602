import type { ControlEffect } from '../../domain/controls/effects.ts'
import type { PlannedPolicy, PlanQuota } from '../../domain/controls/plans.ts'
import type { PolicySight, SeenPolicy } from '../../domain/controls/world.ts'
import { invalid } from '../../kernel/errors.ts'
import { canonicalJson } from '../../kernel/json.ts'
import type { Bilingual } from '../../kernel/text.ts'
import type { OrganizationKind } from '../../policy/guardrails.ts'
import { type Hash, OUR_POLICY, sizeIssues, type WantedPolicies } from './documents.ts'

/** A change without its number and words. */
export interface Change {
  readonly effect: ControlEffect
  readonly undo: ControlEffect | null
  readonly controls: readonly string[]
}

export interface PolicyChanges {
  readonly changes: readonly Change[]
  readonly policies: readonly PlannedPolicy[]
  readonly quotas: readonly PlanQuota[]
  readonly notes: readonly Bilingual[]
}

export const isOurs = ({ name, awsManaged }: Pick<SeenPolicy, 'name' | 'awsManaged'>): boolean =>
  !awsManaged && OUR_POLICY.test(name)

/**
 * From what hangs on the target to what is wanted, for one kind. New policies come before old ones go, so that nothing
 * is unprotected in between; where the slots do not allow it, they change places one by one and a note says so.
 */
export function policyChanges(
  wanted: WantedPolicies,
  sight: PolicySight,
  limits: OrganizationKind,
  target: string,
): PolicyChanges {
  const { kind } = wanted
  const seen = sight.policies.filter((one) => one.kind === kind)
  const here = seen.filter(({ targets }) => targets.includes(target))
  const names = new Set(wanted.policies.map(({ name }) => name))
  const outgoing = here.filter((one) => isOurs(one) && !names.has(one.name))
  const incoming = wanted.policies.filter(({ name }) => !here.some((one) => one.name === name))
  const after = here.length - outgoing.length + incoming.length
  // A quota of the centre's own may be lower than what hangs there: that is no reason to refuse what adds nothing.
  if (after > limits.perTarget && after > here.length)
    throw doesNotFit(wanted, limits, here.length - outgoing.length, after)
  const attaches = incoming.map((one) => attach(kind, one, target))
  const detaches = outgoing.map((one) => detach(kind, one, target))
  const room = limits.perTarget - here.length
  return {
    changes: [
      ...enabling(wanted, sight),
      ...wanted.policies.flatMap((policy) => putting(policy, seen)),
      ...inTurn(attaches, detaches, room),
      ...outgoing.flatMap((one) => deleting(one, target)),
    ],
    policies: wanted.policies.map((policy) => ({ ...policy, there: isThere(policy, here) })),
    quotas: quotasOf(wanted, limits, here.length, after),
    notes: attaches.length > room && detaches.length > 0 ? [gapNote(kind)] : [],
  }
}

const isThere = (policy: Pick<PlannedPolicy, 'name' | 'document'>, seen: readonly SeenPolicy[]): boolean =>
  seen.some((one) => one.name === policy.name && sameText(one.document, policy.document))

/** AWS's console writes white space and order anew: what counts is what the JSON says. */
export function sameText(a: string, b: string): boolean {
  if (a === b) return true
  try {
    return canonicalJson(JSON.parse(a)) === canonicalJson(JSON.parse(b))
  } catch {
    return false
  }
}

/** What tells one text from another, whatever its white space. */
export function textHash(text: string, hash: Hash): string {
  try {
    return hash(canonicalJson(JSON.parse(text))).slice(0, 12)
  } catch {
    return hash(text).slice(0, 12)
  }
}

function enabling({ kind, policies }: WantedPolicies, { kinds }: PolicySight): readonly Change[] {
  if (policies.length === 0 || kinds.includes(kind)) return []
  const controls = [...new Set(policies.flatMap((one) => one.controls))].sort()
  return [{ effect: { do: 'enable_policy_type', kind }, undo: null, controls }]
}

type Wanted = WantedPolicies['policies'][number]

const describe = ({ controls }: Wanted): string =>
  `Rankan: ${controls.join(', ')}`.length <= 512
    ? `Rankan: ${controls.join(', ')}`
    : `Rankan: ${controls.length} controls`

function putting(policy: Wanted, seen: readonly SeenPolicy[]): readonly Change[] {
  const { kind, name, document: content, controls } = policy
  const found = seen.find((one) => one.name === name)
  if (found !== undefined && sameText(found.document, content)) return []
  const undo: ControlEffect =
    found === undefined
      ? { do: 'delete_policy', kind, name }
      : { do: 'put_policy', kind, name, description: found.description, content: found.document }
  const effect = { do: 'put_policy' as const, kind, name, description: describe(policy), content }
  return [{ effect, undo, controls }]
}

const attach = (kind: Wanted['kind'], { name, controls }: Wanted, target: string): Change => ({
  effect: { do: 'attach_policy', kind, name, target },
  undo: { do: 'detach_policy', kind, name, target },
  controls,
})

const detach = (kind: Wanted['kind'], { name }: SeenPolicy, target: string): Change => ({
  effect: { do: 'detach_policy', kind, name, target },
  undo: { do: 'attach_policy', kind, name, target },
  controls: [],
})

/** As many attached as there is room for, then one goes before each that comes, then the rest goes. */
function inTurn(attaches: readonly Change[], detaches: readonly Change[], room: number): readonly Change[] {
  const first = Math.max(0, Math.min(room, attaches.length))
  const rest = attaches.slice(first)
  return [
    ...attaches.slice(0, first),
    ...rest.flatMap((one, i) => [...detaches.slice(i, i + 1), one]),
    ...detaches.slice(rest.length),
  ]
}

/** Policies of ours that hang nowhere else go; one that somebody attached elsewhere stays. */
function deleting(
  { kind, name, description, document, targets }: SeenPolicy,
  target: string,
): readonly Change[] {
  if (targets.some((one) => one !== target)) return []
  const undo = { do: 'put_policy' as const, kind, name, description, content: document }
  return [{ effect: { do: 'delete_policy', kind, name }, undo, controls: [] }]
}

function doesNotFit(wanted: WantedPolicies, limits: OrganizationKind, others: number, after: number) {
  const { kind, sizes } = wanted
  return invalid(
    'does_not_fit',
    `The target takes ${limits.perTarget} policies of the kind \`${kind}\`; ${others} are there that are not ours, and the controls need ${after - others}. Leave controls out, or put them on another level.`,
    sizeIssues(
      [...sizes.keys()],
      sizes,
      kind,
      `${after - others} policies of ${limits.maxCharacters} characters`,
    ),
  )
}

function quotasOf(
  { kind, policies }: WantedPolicies,
  { perTarget, maxCharacters, source, asOf }: OrganizationKind,
  used: number,
  after: number,
): readonly PlanQuota[] {
  const slots: PlanQuota = {
    what: 'policies_per_target',
    of: kind,
    used,
    after,
    limit: perTarget,
    left: Math.max(0, perTarget - after),
    source,
    asOf,
  }
  const texts = policies.map(
    ({ name, characters }): PlanQuota => ({
      what: 'policy_characters',
      of: name,
      used: 0,
      after: characters,
      limit: maxCharacters,
      left: maxCharacters - characters,
      source,
      asOf,
    }),
  )
  return [slots, ...texts]
}

const gapNote = (kind: string): Bilingual => ({
  ja: `\`${kind}\` の枠が足りないため、古いポリシーを外してから新しいポリシーを付けます。その間、外したポリシーの統制は効きません。`,
  en: `There is no free slot for \`${kind}\`: an old policy goes before a new one comes, and in between its controls are not in force.`,
})
