import { type Codes, ONE, patternCodes, STAR, STAR_IN_PART } from '../compile/glob.ts'
import type { Facts } from '../facts.ts'
import type { PolicyProblem } from '../parse/problem.ts'
import { type PatternElement, type Policy, placeOfPattern, type Statement } from '../policies.ts'
import inUse from './arns-in-use.json' with { type: 'json' }
import { actionsOf, fewOf, type KnownAction, reachOf } from './reach.ts'
import { warning } from './warn.ts'

/**
 * Resources that no action of their statement can have, and actions that can have none of the resources. Only where every
 * resource is written out: `*` and `NotResource` leave something for every action. An action for which AWS's reference names
 * no resource is taken to have any of its own service: AWS's own policies name log groups for `logs:DescribeLogGroups` and
 * buckets for `s3:ListAllMyBuckets`, and mean it. In services whose reference is complete in this it has none but `*`.
 */
export const lintResourceFit = (policy: Policy, facts: Facts): readonly PolicyProblem[] =>
  policy.statements.flatMap((statement) => {
    const { resource, action } = statement
    if (resource === null || resource.negated || resource.patterns.some(isEverything)) return []
    const actions = reachOf(action, facts)
    if (actions === null) return []
    const strange = resource.patterns.filter((pattern) => !actions.some((one) => takes(one, pattern)))
    if (strange.length === resource.patterns.length) return [noneFits(resource, actions)]
    return [
      ...strange.map((pattern) => strangeResource(resource, pattern, actions)),
      ...idle(statement, facts),
    ]
  })

const isEverything = (pattern: string) => /^(\*|arn:\*)$/.test(pattern)

const noneFits = (resource: PatternElement, actions: readonly KnownAction[]): PolicyProblem =>
  warning(
    resource.patterns.length === 1 ? placeOfPattern(resource, resource.patterns[0] ?? '') : resource.place,
    'resource_not_of_actions',
    `${fewOf(resource.patterns)} is no resource of ${fewOf(actions.map(({ text }) => text))}: the statement never matches.`,
    formsOf(actions),
  )

const strangeResource = (
  resource: PatternElement,
  pattern: string,
  actions: readonly KnownAction[],
): PolicyProblem =>
  warning(
    placeOfPattern(resource, pattern),
    'resource_not_of_actions',
    `\`${pattern}\` is no resource of ${fewOf(actions.map(({ text }) => text))}.`,
    formsOf(actions),
  )

/** Actions, written out, that can have none of the resources. */
const idle = ({ action, resource }: Statement, facts: Facts): readonly PolicyProblem[] =>
  action.patterns.flatMap((pattern) => {
    const [only] = /[*?]/.test(pattern) ? [] : (actionsOf(pattern, facts) ?? [])
    if (only === undefined || resource?.patterns.some((one) => takes(only, one)) === true) return []
    return [
      warning(
        placeOfPattern(action, pattern),
        'action_without_its_resource',
        `\`${pattern}\` has none of the resources of the statement.`,
        formsOf([only]),
      ),
    ]
  })

/** The forms of the resources that the actions take. */
function formsOf(actions: readonly KnownAction[]): string {
  const forms = [...new Set(actions.flatMap(({ resources }) => resources.map(({ arn }) => arn)))]
  if (forms.length === 0) return 'AWS names no resource for it: write `*`, in a statement of its own.'
  return `It takes ${fewOf(forms.map((form) => form.replaceAll(/\$\{(\w+)\}/g, '<$1>')))}.`
}

/** Whether some resource of the action can be meant by the pattern. */
function takes({ resources, text }: KnownAction, pattern: string): boolean {
  const [service, given] = [text.slice(0, text.indexOf(':')), serviceIn(pattern)]
  if (IN_USE[service]?.some((one) => one === given || one === '*') === true) return true
  if (resources.length > 0) return resources.some(({ arn }) => canBe(arn, pattern))
  return /[*?$]/.test(given) || (given === service && !inUse.onlyEverything.services.includes(service))
}

const IN_USE: Readonly<Record<string, readonly string[] | undefined>> = inUse.services

const serviceIn = (arn: string): string => arn.split(':')[2] ?? ''

/** Cheap refusal first: most templates are of another service, or of another type of it. */
function canBe(template: string, pattern: string): boolean {
  const [service, given] = [serviceIn(template), serviceIn(pattern)]
  if (!/[*?$]/.test(service + given) && service !== given) return false
  // The best-known slip: the name of a bucket has no `/`, so `bucket/*` is never the bucket.
  if (template.endsWith(':::$'.concat('{BucketName}')) && open(pattern).includes('/')) return false
  return meet(partsOf(template), patternCodes(open(pattern)))
}

/** What stands for the partition, the region and the account has no colon. */
function partsOf(template: string): Codes {
  let colons = 0
  return patternCodes(open(template)).map((code) => {
    if (code === COLON) colons++
    return code === STAR && colons < 5 ? STAR_IN_PART : code
  })
}

const COLON = 58

/** Variables of policies and of templates may be anything; so may what stands in a template for a part. */
const open = (text: string): string => text.replaceAll(/\$\{[^}]*\}/g, '*')

const isStar = (code: number | undefined): boolean => code === STAR || code === STAR_IN_PART

/** Whether one text matches both (only the first has wildcards that stop at colons): a table over the positions of the two patterns. */
export function meet(a: Codes, b: Codes): boolean {
  let row = new Array<boolean>(b.length + 1).fill(false)
  for (let i = a.length; i >= 0; i--) {
    const next = new Array<boolean>(b.length + 1).fill(false)
    for (let j = b.length; j >= 0; j--) next[j] = meetsAt(a[i], b[j], i, j, next, row, a.length, b.length)
    row = next
  }
  return row[0] === true
}

function meetsAt(
  x: number | undefined,
  y: number | undefined,
  i: number,
  j: number,
  next: readonly boolean[],
  below: readonly boolean[],
  endA: number,
  endB: number,
): boolean {
  if (i === endA && j === endB) return true
  // A star takes nothing, or one more character of the other pattern.
  if (isStar(x) && (below[j] === true || (j < endB && (x === STAR || y !== COLON) && next[j + 1] === true)))
    return true
  if (y === STAR && (next[j + 1] === true || (i < endA && below[j] === true))) return true
  if (x === undefined || y === undefined || isStar(x) || y === STAR) return false
  return (x === y || x === ONE || y === ONE) && below[j + 1] === true
}
