import { evaluate } from '@rankan/server/src/policy/compile/evaluate.ts'
import type { Decision } from '@rankan/server/src/policy/decision.ts'
import { createReader } from '@rankan/server/src/policy/exchange/reader.ts'
import { readRequest } from '@rankan/server/src/policy/exchange/request.ts'
import { parsePolicy } from '@rankan/server/src/policy/parse/policy.ts'
import {
  NO_POLICIES,
  type Policy,
  type PolicyKind,
  type PolicyLevel,
  type PolicySet,
} from '@rankan/server/src/policy/policies.ts'
import { centreOnly } from './centre.ts'

/** What the form says of a request. Empty texts are not known. */
export interface WhatIf {
  readonly principal: string
  readonly action: string
  readonly resource: string
  readonly keys: readonly WhatIfKey[]
  /** Keys that the form does not name: not in the request, or not known. */
  readonly unlisted: 'absent' | 'unknown'
  /** What the person's own permissions are taken to be. */
  readonly own: 'allow' | 'unknown'
}
export interface WhatIfKey {
  readonly key: string
  readonly state: 'known' | 'absent' | 'unknown'
  /** Several values stand on several lines, or between commas. */
  readonly values: string
}

/** The policies in force on the account, beside the draft. */
export interface InForce {
  readonly scps: readonly PolicyLevel[]
  readonly rcps: readonly PolicyLevel[]
  readonly managementAccount: string | null
}
export const NOTHING_IN_FORCE: InForce = { scps: [], rcps: [], managementAccount: null }

export interface WhatIfFault {
  readonly field: 'principal' | 'action' | 'resource' | 'keys'
  readonly message: string
}
/** `centre`: the controls alone were asked, as in a replay. */
export type WhatIfAnswer =
  | { readonly decision: Decision; readonly centre: boolean }
  | { readonly faults: readonly WhatIfFault[] }

const ALLOW_ALL = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }

function allowAll(kind: PolicyKind, name: string): Policy {
  const { policy } = parsePolicy(ALLOW_ALL, kind, { name })
  if (policy === null) throw new Error('`Allow *` is a policy of every kind.')
  return policy
}
const OWN = allowAll('identity', 'assumed')
const FULL = allowAll('scp', 'FullAWSAccess')

/** The request as the evaluator reads it from JSON, so that the form and the command line mean the same. */
export const requestJson = (form: WhatIf, managementAccount: string | null): object => ({
  action: form.action.trim(),
  ...(form.resource.trim() === '' ? {} : { resource: form.resource.trim() }),
  ...(form.principal.trim() === '' ? {} : { principal: form.principal.trim() }),
  context: Object.fromEntries(
    form.keys.filter(({ key }) => key.trim() !== '').map((one) => [one.key.trim(), contextValue(one)]),
  ),
  unlisted: form.unlisted,
  ...(managementAccount === null ? {} : { managementAccount }),
})

function contextValue({ state, values }: WhatIfKey): unknown {
  if (state === 'absent') return null
  if (state === 'unknown') return { unknown: true }
  const found = values
    .split(/[\n,]/)
    .map((value) => value.trim())
    .filter((value) => value !== '')
  return found.length === 1 ? found[0] : found
}

/**
 * The policies that bear on the request: those in force, and the draft at the root of the organisation (or in the place
 * that its kind has). A policy in force with the draft's name is replaced by it: that is a change of that policy.
 */
export function policySet(draft: Policy | null, inForce: InForce, own: WhatIf['own']): PolicySet {
  const base: PolicySet = {
    ...NO_POLICIES,
    identity: own === 'allow' ? [OWN] : 'unknown',
    scps: withAllow(replaced(inForce.scps, draft, 'scp')),
    rcps: replaced(inForce.rcps, draft, 'rcp'),
  }
  if (draft?.kind === 'identity') return { ...base, identity: [draft] }
  if (draft?.kind === 'boundary') return { ...base, boundary: draft }
  if (draft?.kind === 'session') return { ...base, session: [draft] }
  if (draft?.kind === 'resource' || draft?.kind === 'trust') return { ...base, resource: draft }
  return base
}

/** In every place where a policy of the draft's name is attached, or else at the root. */
function replaced(
  levels: readonly PolicyLevel[],
  draft: Policy | null,
  kind: 'scp' | 'rcp',
): readonly PolicyLevel[] {
  if (draft?.kind !== kind) return levels
  if (levels.some(({ policies }) => policies.some(({ name }) => name === draft.name)))
    return levels.map((level) => ({
      ...level,
      policies: level.policies.map((policy) => (policy.name === draft.name ? draft : policy)),
    }))
  const [root, ...rest] = levels
  if (root === undefined) return [{ target: 'Root', policies: [draft] }]
  return [{ ...root, policies: [...root.policies, draft] }, ...rest]
}

/** A level whose SCPs only deny would deny everything; there `FullAWSAccess` is taken to stay attached, as in a replay. */
const withAllow = (levels: readonly PolicyLevel[]): readonly PolicyLevel[] =>
  levels.map((level) =>
    level.policies.some(({ statements }) => statements.some(({ effect }) => effect === 'Allow'))
      ? level
      : { ...level, policies: [FULL, ...level.policies] },
  )

export function whatIf(form: WhatIf, draft: Policy | null, inForce: InForce): WhatIfAnswer {
  const reader = createReader()
  const request = readRequest(requestJson(form, inForce.managementAccount), [], reader)
  if (request === null || reader.issues.length > 0)
    return {
      faults: reader.issues.map(({ path, message }) => ({ field: fieldOf(String(path[0] ?? '')), message })),
    }
  const decision = evaluate(request, policySet(draft, inForce, form.own))
  const centre = form.own === 'allow' && (draft === null || draft.kind === 'scp' || draft.kind === 'rcp')
  return { decision: centre ? centreOnly(decision) : decision, centre }
}

function fieldOf(member: string): WhatIfFault['field'] {
  if (member === 'context') return 'keys'
  return member === 'principal' || member === 'resource' ? member : 'action'
}
