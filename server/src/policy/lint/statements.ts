import { OPERATORS, operatorText } from '../condition/operators.ts'
import type { PolicyProblem } from '../parse/problem.ts'
import type { ConditionElement, PatternElement, Policy, Statement } from '../policies.ts'
import { coveringIn } from './covers.ts'
import { warning } from './warn.ts'

/** What can be seen in the document alone. */
export function lintStatements(policy: Policy): readonly PolicyProblem[] {
  const wide = wideOf(policy)
  return [
    ...policy.statements.flatMap((statement) => [
      ...neverMatches(policy, statement),
      ...shadowed(wide, statement),
      ...traps(statement),
    ]),
    ...noAllow(policy),
  ]
}

function neverMatches({ version }: Policy, statement: Statement): readonly PolicyProblem[] {
  const { action, resource, conditions } = statement
  const found: PolicyProblem[] = []
  if (action.negated && action.patterns.includes('*'))
    found.push(
      warning(
        action.place,
        'never_matches',
        '`NotAction` with `*` leaves no action: the statement never matches.',
        'Remove the statement.',
      ),
    )
  if (resource?.negated === true && resource.patterns.includes('*'))
    found.push(
      warning(
        resource.place,
        'never_matches',
        '`NotResource` with `*` leaves no resource: the statement never matches.',
        'Remove the statement.',
      ),
    )
  for (const condition of contradictions(conditions))
    found.push(
      warning(
        condition.place,
        'never_matches',
        `The conditions on \`${condition.key}\` exclude each other.`,
        'Conditions are joined by AND; put alternatives into one list or into two statements.',
      ),
    )
  for (const { operator, key, place } of conditions.filter(comparesNoArn))
    found.push(
      warning(
        place,
        'never_matches',
        `No value of \`${key}\` is an ARN: \`${operatorText(operator)}\` never holds.`,
        'An ARN has six parts, each of which may be `*`: `arn:aws:iam::*:role/Name`.',
      ),
    )
  const variables =
    version === '2008-10-17' &&
    JSON.stringify([resource?.patterns, conditions.map(({ values }) => values)]).includes('${')
  if (variables)
    found.push(
      warning(
        statement.place,
        'variables_are_text',
        'In version `2008-10-17` policy variables are plain text.',
        'Write `"Version": "2012-10-17"`.',
      ),
    )
  return found
}

function comparesNoArn({ operator: { name, set, ifExists }, key, values }: ConditionElement): boolean {
  if (set === 'ForAllValues' || ifExists || values.length === 0) return false
  if (name === 'ArnLike' || name === 'ArnEquals')
    return values.every((value) => value.split(':').length < 6 && !value.includes('${'))
  return (
    ['StringEquals', 'StringEqualsIgnoreCase', 'StringLike'].includes(name) &&
    ALWAYS_ARNS.has(key.toLowerCase()) &&
    !values.some((value) => mayBeginArn(value, name === 'StringLike'))
  )
}

/** Global keys whose values are ARNs wherever they are there (IAM User Guide, "AWS global condition context keys"). */
const ALWAYS_ARNS: ReadonlySet<string> = new Set(['aws:principalarn', 'aws:sourcearn'])

/** By what stands before the first wildcard or variable. */
function mayBeginArn(value: string, isPattern: boolean): boolean {
  const told = value.split(isPattern ? /[*?]|\$\{/ : '${')[0] ?? ''
  const lower = told.toLowerCase()
  return lower.startsWith('arn:') || (told !== value && 'arn:'.startsWith(lower))
}

/** Two plain equalities on one single-valued key without a common value. */
function contradictions(conditions: readonly ConditionElement[]): readonly ConditionElement[] {
  const plain = conditions.filter(
    ({ operator, values }) =>
      operator.name === 'StringEquals' &&
      operator.set === null &&
      !operator.ifExists &&
      !values.some((v) => v.includes('${')),
  )
  const before = new Map<string, Set<string>[]>()
  return plain.filter(({ key, values }) => {
    const others = before.get(key.toLowerCase()) ?? []
    before.set(key.toLowerCase(), [...others, new Set(values)])
    return others.some((other) => !values.some((value) => other.has(value)))
  })
}

/** Statements without conditions, by effect and principal. */
type Wide = ReadonlyMap<string, readonly Statement[]>

/** Each statement is compared with so many: no document that AWS takes has more. */
const MAX_COMPARED = 500

function wideOf({ statements }: Policy): Wide {
  const groups = new Map<string, Statement[]>()
  for (const one of statements.filter(({ conditions }) => conditions.length === 0)) {
    const group = groups.get(whoseOf(one)) ?? []
    groups.set(whoseOf(one), group)
    if (group.length < MAX_COMPARED) group.push(one)
  }
  return groups
}

const whoseOf = ({ effect, principal }: Statement): string =>
  JSON.stringify([effect, principal?.negated ?? null, principal?.entries ?? null])

/** Another statement of the same effect without conditions takes all that this one takes. */
function shadowed(wide: Wide, statement: Statement): readonly PolicyProblem[] {
  const by = wide.get(whoseOf(statement))?.find(
    (other) =>
      other !== statement &&
      covers(other.action, statement.action, true) &&
      (other.resource === null
        ? statement.resource === null
        : statement.resource !== null && covers(other.resource, statement.resource, false)) &&
      // Of two equal statements the later one is the one too many.
      (other.index < statement.index || !sameReach(other, statement)),
  )
  if (by === undefined) return []
  return [
    warning(
      statement.place,
      'shadowed',
      `Statement ${statement.index}${named(statement)} adds nothing: statement ${by.index}${named(by)} already ${by.effect === 'Allow' ? 'allows' : 'denies'} all of it.`,
      'Remove it, or narrow the other one.',
    ),
  ]
}

const named = ({ sid }: Statement) => (sid === null || sid === '' ? '' : ` (\`${sid}\`)`)

const sameReach = (a: Statement, b: Statement): boolean =>
  b.conditions.length === 0 &&
  covers(b.action, a.action, true) &&
  (a.resource === null || b.resource === null || covers(b.resource, a.resource, false))

/** Whether every word that `inner` can match is matched by `outer`: certain for plain patterns, else only when equal. */
function covers(outer: PatternElement, inner: PatternElement, ignoreCase: boolean): boolean {
  if (!outer.negated && outer.patterns.includes('*')) return true
  if (outer.negated || inner.negated)
    return outer.negated === inner.negated && textOf(outer, ignoreCase) === textOf(inner, ignoreCase)
  const covering = remembered(outer, COVERING, () => coveringIn(outer.patterns, ignoreCase))
  return inner.patterns.every((pattern) => covering(pattern).length > 0)
}

const textOf = (element: PatternElement, ignoreCase: boolean): string =>
  remembered(element, TEXTS, () => {
    const text = JSON.stringify(element.patterns)
    return ignoreCase ? text.toLowerCase() : text
  })

/** Each element is compared with hundreds of others; actions are always compared without regard to case, resources never. */
const COVERING = new WeakMap<PatternElement, ReturnType<typeof coveringIn>>()
const TEXTS = new WeakMap<PatternElement, string>()

function remembered<T>(element: PatternElement, of: WeakMap<PatternElement, T>, make: () => T): T {
  const value = of.get(element) ?? make()
  of.set(element, value)
  return value
}

/** Statements that do what their authors rarely expect. */
function traps({ effect, conditions, principal }: Statement): readonly PolicyProblem[] {
  const found: PolicyProblem[] = []
  for (const condition of conditions) {
    const { operator, key, place } = condition
    const cut = condition.values.find((value) => /[/:._-]$/.test(value))
    if (
      cut !== undefined &&
      !hasWildcard(condition) &&
      (operator.name === 'StringLike' || operator.name === 'StringNotLike')
    )
      found.push(
        warning(
          place,
          'like_without_wildcard',
          `\`${operator.name}\` on \`${key}\` compares whole texts, and \`${cut}\` looks like the beginning of one.`,
          `Write \`${cut}*\`, or use \`StringEquals\`.`,
        ),
      )
    if (
      OPERATORS[operator.name].type === 'string' &&
      condition.values.some((value) => /[*?]/.test(value.replaceAll(/\$\{[^}]*\}/g, '')))
    )
      found.push(
        warning(
          place,
          'wildcard_without_like',
          `\`${operator.name}\` on \`${key}\` takes \`*\` and \`?\` for characters.`,
          'Use `StringLike` for patterns.',
        ),
      )
  }
  if (principal?.negated === true && effect === 'Allow')
    found.push(
      warning(
        principal.place,
        'not_principal_allow',
        '`NotPrincipal` with Allow lets in everybody else in the world, also without credentials. AWS does not support it.',
        'Name those who may with `Principal`.',
      ),
    )
  if (principal?.negated === true && effect === 'Deny')
    found.push(
      warning(
        principal.place,
        'not_principal',
        '`NotPrincipal` also denies everybody with a permissions boundary, and sessions that it does not name.',
        'Use `"Principal": "*"` with `ArnNotLike` on `aws:PrincipalArn`.',
      ),
    )
  return found
}

const hasWildcard = ({ values }: ConditionElement) =>
  values.length === 0 || values.some((value) => /[*?$]/.test(value))

/** An SCP that allows nothing denies everything where no other SCP of its level allows. */
function noAllow({ kind, statements }: Policy): readonly PolicyProblem[] {
  const first = statements[0]
  if (first === undefined || statements.some(({ effect }) => effect === 'Allow')) return []
  if (kind === 'boundary' || kind === 'session')
    return [
      warning(
        first.place,
        'no_allow',
        'The policy allows nothing, so whoever has it can do nothing.',
        'Add an Allow statement; a boundary and a session policy only limit.',
      ),
    ]
  return []
}
