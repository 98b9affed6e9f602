import { evaluateFast } from '../compile/evaluate.ts'
import type { Facts } from '../facts.ts'
import type { Policy, PolicyKind, Statement } from '../policies.ts'
import type { Request } from '../request.ts'
import { RCP_ACTIONS_WITHOUT_RESOURCE, RCP_SERVICES } from '../rules/rules.ts'
import { type Budget, budgetOf, spend } from '../sets/budget.ts'
import { globs, literals, type PatternSet } from '../sets/pattern-set.ts'
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

const STEPS = 40_000_000

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
  const budget = budgetOf(options.steps ?? STEPS)
  const fragment = fragmentOf([...a, ...b], budget)
  const queries = queriesOf(a, b, fragment)
  const models = firstOf(run(queries, fragment, budget, false, domain))
  const witness = smallestWitness(a, b, models, fragment, options.facts)
  if (witness !== null) return { inclusion: { holds: 'no', witness }, action: witness.action.toLowerCase() }
  const anyOpaque = queries.boxes.some(({ opaque }) => opaque.length > 0)
  const [guessed] = anyOpaque ? run(queries, fragment, budget, true, domain) : []
  if (guessed !== undefined) {
    const statements = opaqueStatements(guessed, queries.boxes)
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

interface Queries {
  /** One after the other: thousands of Allows and as many Denies make millions. */
  readonly each: () => Iterable<Query>
  readonly boxes: readonly Box[]
}

/** What `a` lets pass and `b` does not: a Deny of `b` takes it, or no Allow of `b` does. */
function queriesOf(a: readonly Policy[], b: readonly Policy[], fragment: Fragment): Queries {
  const [ours, theirs] = [sortedBoxes(a, fragment), sortedBoxes(b, fragment)]
  const unlessAllowed = [...ours.denies, ...theirs.allows]
  return {
    *each() {
      for (const allow of ours.allows) {
        yield { within: [allow], without: unlessAllowed }
        for (const deny of theirs.denies) yield { within: [allow, deny], without: ours.denies }
      }
    },
    boxes: ours.allows.length === 0 ? [] : [...ours.allows, ...unlessAllowed, ...theirs.denies],
  }
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

function* run(
  queries: Queries,
  fragment: Fragment,
  budget: Budget,
  guess: boolean,
  domain: readonly PatternSet[],
): Generator<Model> {
  const search = searchOf(fragment, budget, guess)
  for (const { within, without } of queries.each()) {
    if (!guess && within.some(({ opaque }) => opaque.length > 0)) continue
    if (!spend(budget, 1 + within.length)) return
    const model = find(within, without, search, domain)
    if (model !== null) yield model
  }
}

/** So many witnesses are compared for the smallest one: each is asked of all policies. */
const MAX_WITNESSES = 50

function firstOf(models: Generator<Model>): readonly Model[] {
  const found: Model[] = []
  for (const model of models) if (found.push(model) >= MAX_WITNESSES) break
  return found
}

function smallestWitness(
  a: readonly Policy[],
  b: readonly Policy[],
  models: Iterable<Model>,
  fragment: Fragment,
  facts: Facts | undefined,
): Request | null {
  const separates = (one: Request) => permits(a, one) === 'yes' && permits(b, one) === 'no'
  // The compiled engine looks for the simplest, the naive one confirms what was found.
  const seems = (one: Request) =>
    permits(a, one, evaluateFast) === 'yes' && permits(b, one, evaluateFast) === 'no'
  const requests = [...models].map((model) => requestOf(model, fragment, spelling(facts)))
  const lightest = requests.filter(seems).sort(byWeight).slice(0, MAX_SIMPLIFIED)
  const smallest = lightest
    .map((one) => withoutKeys(one, seems))
    .sort(byWeight)
    .find(separates)
  if (smallest === undefined) return null
  const isRcp = a.some(({ kind }) => kind === 'rcp')
  const hasEffect = ({ action }: Request) => !isRcp || !RCP_ACTIONS_WITHOUT_RESOURCE.has(action.toLowerCase())
  const real = withRealAction(smallest, facts, (one) => hasEffect(one) && seems(one))
  return separates(real) ? real : smallest
}

/** Witnesses whose keys are tried one by one. */
const MAX_SIMPLIFIED = 10
const byWeight = (one: Request, other: Request): number => weightOf(one) - weightOf(other)

function opaqueStatements({ opaque }: Model, boxes: readonly Box[]): readonly StatementAt[] {
  return [...new Set(boxes)]
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
