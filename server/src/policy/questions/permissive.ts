import type { Facts } from '../facts.ts'
import type { Policy, PolicyKind, Statement } from '../policies.ts'
import type { Request } from '../request.ts'
import { RCP_ACTIONS_WITHOUT_RESOURCE, RCP_SERVICES } from '../rules/rules.ts'
import { globs, literals, type PatternSet } from '../sets/pattern-set.ts'
import { type Budget, budgetOf } from '../sets/smallest.ts'
import { type Box, type Fragment, fragmentOf } from './fragment.ts'
import { joinedBoxes } from './join.ts'
import { permits } from './permits.ts'
import { isWithinBySameWords } from './same.ts'
import { withoutKeys, withRealAction } from './simplest.ts'
import { find, type Model, searchOf } from './solve.ts'
import { requestOf, type Spelling, weightOf } from './witness.ts'

export interface StatementAt {
  readonly policy: string
  readonly index: number
  readonly sid: string | null
}

/** Whether one set of policies lets pass at most what another lets pass. */
export type Inclusion =
  | { readonly holds: 'yes' }
  /** `witness` is let pass by the first and not by the second; the naive engine has confirmed it. */
  | { readonly holds: 'no'; readonly witness: Request }
  | {
      readonly holds: 'unknown'
      /** `outside_fragment`: it depends on policy variables or the like; `too_large`: the search was given up. */
      readonly because: 'outside_fragment' | 'too_large'
      /** The statements whose elements sets cannot express. */
      readonly statements: readonly StatementAt[]
    }

export interface QuestionOptions {
  /** For the spelling of actions in witnesses. */
  readonly facts?: Facts
  /** Steps of the search; the default is some seconds at most. */
  readonly steps?: number
}

const STEPS = 3_000_000

/**
 * Is `a` at most as permissive as `b`? Both are policies of one kind that stand side by side (one level, one identity, one
 * resource), seen alone. Exact over all requests where a key has one value unless it is multivalued (`manyKeys`).
 */
export function atMostAsPermissive(
  a: readonly Policy[],
  b: readonly Policy[],
  options: QuestionOptions = {},
): Inclusion {
  if (isWithinBySameWords(a, b)) return { holds: 'yes' }
  const isRcp = [...a, ...b].some(({ kind }) => kind === 'rcp')
  const [first, ...more] = isRcp ? RCP_DOMAINS : [[]]
  let answer = included(a, b, first ?? [], options)
  for (const domain of more)
    if (answer.action !== null && RCP_ACTIONS_WITHOUT_RESOURCE.has(answer.action))
      answer = included(a, b, domain, options)
  return answer.inclusion
}

/**
 * RCPs have an effect in some services alone, and there in actions that have a resource. The list of the actions that have
 * none is long, so it is taken along only when the answer depends on one of them.
 */
const RCP_SERVICE_ACTIONS = globs([...RCP_SERVICES].map((service) => `${service}:*`))
const RCP_DOMAINS: readonly (readonly PatternSet[])[] = [
  [RCP_SERVICE_ACTIONS],
  [RCP_SERVICE_ACTIONS, literals([...RCP_ACTIONS_WITHOUT_RESOURCE], true)],
]

interface Answered {
  readonly inclusion: Inclusion
  /** The action of the request that was found, in lower case. */
  readonly action: string | null
}

function included(
  a: readonly Policy[],
  b: readonly Policy[],
  domain: readonly PatternSet[],
  options: QuestionOptions,
): Answered {
  const fragment = fragmentOf([...a, ...b])
  const budget = budgetOf(options.steps ?? STEPS)
  const queries = queriesOf(a, b, fragment)
  const certain = queries.filter(({ within }) => within.every(({ opaque }) => opaque.length === 0))
  const models = [...run(certain, fragment, budget, false, domain)]
  const witness = smallestWitness(a, b, models, fragment, options.facts)
  if (witness !== null) return { inclusion: { holds: 'no', witness }, action: witness.action.toLowerCase() }
  const [guessed] = anyOpaque(queries) ? run(queries, fragment, budget, true, domain) : []
  if (guessed !== undefined) {
    const statements = opaqueStatements(guessed, queries)
    return {
      inclusion: { holds: 'unknown', because: 'outside_fragment', statements },
      action: guessed.action,
    }
  }
  // What the search found and the engine does not confirm is no proof of anything, least of all of `yes`.
  if (models.length > 0) return UNCONFIRMED
  const inclusion: Inclusion = budget.exceeded
    ? { holds: 'unknown', because: 'too_large', statements: [] }
    : { holds: 'yes' }
  return { inclusion, action: null }
}

const UNCONFIRMED: Answered = {
  inclusion: { holds: 'unknown', because: 'outside_fragment', statements: [] },
  action: null,
}

/** A request in all of `within` and in none of `without` separates the two. */
interface Query {
  readonly within: readonly Box[]
  readonly without: readonly Box[]
}

/** What `a` lets pass and `b` does not: a Deny of `b` takes it, or no Allow of `b` does. */
function queriesOf(a: readonly Policy[], b: readonly Policy[], fragment: Fragment): readonly Query[] {
  const [ours, theirs] = [sortedBoxes(a, fragment), sortedBoxes(b, fragment)]
  return ours.allows.flatMap((allow) => [
    { within: [allow], without: [...ours.denies, ...theirs.allows] },
    ...theirs.denies.map((deny) => ({ within: [allow, deny], without: ours.denies })),
  ])
}

function sortedBoxes(policies: readonly Policy[], fragment: Fragment) {
  const boxes = policies.flatMap(fragment.boxes)
  const allows = joinedBoxes(boxes.filter(({ statement }) => statement.effect === 'Allow'))
  const denies = joinedBoxes(boxes.filter(({ statement }) => statement.effect === 'Deny'))
  const isRcp = policies.some(({ kind }) => kind === 'rcp')
  return { allows: isRcp ? fragment.boxes(EVERYTHING) : allows, denies }
}

/** RCPFullAWSAccess, which cannot be detached; and FullAWSAccess, where an SCP stands alone. */
export const fullAccess = (kind: PolicyKind): Policy => ({ ...EVERYTHING, kind, name: 'FullAWSAccess' })

const PLACE = { path: '$', line: 0, column: 0 }
const ALLOW_ALL: Statement = {
  index: 0,
  sid: null,
  effect: 'Allow',
  principal: null,
  action: { negated: false, patterns: ['*'], place: PLACE },
  resource: { negated: false, patterns: ['*'], place: PLACE },
  conditions: [],
  place: PLACE,
}
const EVERYTHING: Policy = {
  kind: 'rcp',
  name: 'RCPFullAWSAccess',
  version: '2012-10-17',
  id: null,
  statements: [ALLOW_ALL],
}

const anyOpaque = (queries: readonly Query[]): boolean =>
  queries.some(({ within, without }) => [...within, ...without].some(({ opaque }) => opaque.length > 0))

function* run(
  queries: readonly Query[],
  fragment: Fragment,
  budget: Budget,
  guess: boolean,
  domain: readonly PatternSet[],
): Generator<Model> {
  const search = searchOf(fragment, budget, guess)
  for (const { within, without } of queries) {
    const model = find(within, without, search, domain)
    if (model !== null) yield model
  }
}

function smallestWitness(
  a: readonly Policy[],
  b: readonly Policy[],
  models: Iterable<Model>,
  fragment: Fragment,
  facts: Facts | undefined,
): Request | null {
  const separates = (one: Request) => permits(a, one) === 'yes' && permits(b, one) === 'no'
  const requests = [...models].map((model) => requestOf(model, fragment, spelling(facts)))
  const confirmed = requests.filter(separates).map((one) => withoutKeys(one, separates))
  const [smallest] = confirmed.sort((one, other) => weightOf(one) - weightOf(other))
  if (smallest === undefined) return null
  const isRcp = a.some(({ kind }) => kind === 'rcp')
  const hasEffect = ({ action }: Request) => !isRcp || !RCP_ACTIONS_WITHOUT_RESOURCE.has(action.toLowerCase())
  return withRealAction(smallest, facts, (one) => hasEffect(one) && separates(one))
}

function opaqueStatements({ opaque }: Model, queries: readonly Query[]): readonly StatementAt[] {
  const boxes = new Set(queries.flatMap(({ within, without }) => [...within, ...without]))
  return [...boxes]
    .filter((box) => box.opaque.some((id) => opaque.has(id)))
    .flatMap((box) => [box, ...box.joined])
    .map(({ policy, statement: { index, sid } }) => ({ policy: policy.name, index, sid }))
}

export const spelling =
  (facts: Facts | undefined): Spelling =>
  (action) => {
    const [service = '', name = ''] = action.split(':')
    const known = facts?.service(service)?.actions.get(name)
    return known === undefined ? action : `${service}:${known.name}`
  }
