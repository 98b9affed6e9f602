import { readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { type EntityJson, preparsePolicySet, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs'
import { ACCESS, type Action } from '../domain/access/table.ts'
import { type Actor, isCentral } from '../domain/people/roles.ts'
import { bug } from '../kernel/errors.ts'

/** What the action is about, as far as the caller knows it. */
export interface Resource {
  readonly organisationId?: string | null
  /** `per_…` of the applicant of an application. */
  readonly applicantId?: string | null
}

export interface Decision {
  readonly allowed: boolean
  /** Ids of the policies that decided (`tenants_never_cross`, `application.approve` …). */
  readonly because: readonly string[]
}

export type Authorise = (actor: Actor, action: Action, resource?: Resource) => Decision

const POLICY_SET = 'rankan'

/**
 * Cedar over the policies in `server/policies`. The system itself is not asked: only people and their requests are.
 *
 * The V8 of Node 20 and 22 ends the whole process ("Fatal error, unreachable code" in `DoComputeBuiltinContinuation`) when an
 * optimised function that has a WebAssembly call inlined is deoptimised during that call and the call returns an object, as
 * Cedar's do. Without the inlining it cannot happen; Node 24 has it mended. `test/walls/cedar-calls.test.ts` brings it about.
 */
export function cedarAuthoriser(): Authorise {
  setFlagsFromString('--no-turbo-inline-js-wasm-calls')
  const text = ['permits.cedar', 'forbids.cedar']
    .map((name) => readFileSync(new URL(`../../policies/${name}`, import.meta.url), 'utf8'))
    .join('\n')
  const parsed = preparsePolicySet(POLICY_SET, { staticPolicies: byId(text) })
  if (parsed.type === 'failure')
    throw bug(`The Cedar policies do not parse: ${parsed.errors.map((e) => e.message).join('; ')}`)
  return decide
}

/** Splits the text at its `@id("…")` annotations, so that answers name policies as the file does. */
function byId(text: string): Record<string, string> {
  const policies: Record<string, string> = {}
  for (const part of text.split(/(?=^@id\(")/m)) {
    const id = /^@id\("([^"]+)"\)/.exec(part)?.[1]
    if (id !== undefined) policies[id] = part
  }
  return policies
}

function decide(actor: Actor, action: Action, resource: Resource = {}): Decision {
  if (actor.kind === 'system') return { allowed: true, because: ['system'] }
  const answer = statefulIsAuthorized({
    principal: { type: 'Actor', id: actor.id },
    action: { type: 'Action', id: action },
    resource: { type: 'Resource', id: 'this' },
    context: {},
    preparsedPolicySetId: POLICY_SET,
    entities: entities(actor, action, resource),
  })
  if (answer.type === 'failure') throw bug(`Cedar: ${answer.errors.map((e) => e.message).join('; ')}`)
  const { decision, diagnostics } = answer.response
  if (diagnostics.errors.length > 0)
    throw bug(`Cedar: ${diagnostics.errors.map((e) => e.error.message).join('; ')}`)
  return { allowed: decision === 'allow', because: diagnostics.reason }
}

function entities(actor: Actor, action: Action, resource: Resource): EntityJson[] {
  const attributes: Record<string, string> = {}
  if (resource.organisationId) attributes.organisation = resource.organisationId
  if (resource.applicantId) attributes.applicant = resource.applicantId
  return [
    {
      uid: { type: 'Actor', id: actor.id },
      attrs: { central: isCentral(actor), organisations: [...actor.organisationIds], person: actor.id },
      parents: [{ type: 'Role', id: actor.role }],
    },
    {
      uid: { type: 'Action', id: action },
      attrs: {},
      parents: [{ type: 'Action', id: ACCESS[action].effect }],
    },
    { uid: { type: 'Resource', id: 'this' }, attrs: attributes, parents: [] },
  ]
}
