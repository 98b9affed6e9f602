import type { OperandType } from '../condition/operators.ts'
import { OPERATORS, operatorText } from '../condition/operators.ts'
import type { ActionFacts, Facts } from '../facts.ts'
import type { PolicyProblem } from '../parse/problem.ts'
import type { ConditionElement, Policy, Statement } from '../policies.ts'
import { serviceOf } from '../request.ts'
import inUse from './keys-in-use.json' with { type: 'json' }
import { fewOf, isKey, type KnownAction, reachOf } from './reach.ts'
import { warning } from './warn.ts'

/** Conditions that do not fit: keys that no action of the statement knows, operators of another type than the key. */
export const lintKeyFit = (policy: Policy, facts: Facts): readonly PolicyProblem[] =>
  policy.statements.flatMap((statement) => [
    ...strangeKeys(statement, facts),
    ...statement.conditions.flatMap((condition) => wrongOperator(condition, facts)),
  ])

function strangeKeys({ action, conditions }: Statement, facts: Facts): readonly PolicyProblem[] {
  const own = conditions.filter(({ key }) => isServiceKey(key.toLowerCase(), facts))
  const actions = own.length === 0 ? null : reachOf(action, facts)
  if (actions === null) return []
  return own
    .filter(({ key }) => !actions.some((action) => takes(action, key.toLowerCase())))
    .filter(({ key }) => !isResourceTag(key) || !actions.some(({ text }) => hasTagsOf(key, text)))
    .map((condition) => strange(condition, actions, facts))
}

const takes = ({ keys, keysOfTypes }: ActionFacts, key: string): boolean =>
  [...keys, ...keysOfTypes].some((listed) => isKey(key, listed))

const OF_MORE_ACTIONS: ReadonlySet<string> = new Set(inUse.ofMoreActions.map((key) => key.toLowerCase()))

/** Tags of resources are listed too incompletely to be judged by actions of the key's own service. */
const isResourceTag = (key: string): boolean => key.toLowerCase().includes(':resourcetag/')

const TAGS_IN_USE: Readonly<Record<string, readonly string[] | undefined>> = inUse.resourceTagsOf

const hasTagsOf = (key: string, action: string): boolean =>
  serviceOf(action) === serviceOf(key) || TAGS_IN_USE[serviceOf(key)]?.includes(serviceOf(action)) === true

/**
 * A key of one service that AWS's reference gives to some of its actions. Global keys (some of them named after a service)
 * come with every request; keys that no action has are listed too incompletely to be judged.
 */
function isServiceKey(key: string, facts: Facts): boolean {
  if (OF_MORE_ACTIONS.has(key)) return false
  if ([...facts.globalKeyTypes.keys()].some((listed) => isKey(key, listed))) return false
  const service = facts.service(serviceOf(key))
  if (service !== undefined && isResourceTag(key))
    return [...service.keyTypes.keys()].some((listed) => isKey(key, listed))
  return [...(service?.actions.values() ?? [])].some(({ keys }) => keys.some((listed) => isKey(key, listed)))
}

function strange(condition: ConditionElement, actions: readonly KnownAction[], facts: Facts): PolicyProblem {
  const { key, place } = condition
  const service = facts.service(serviceOf(key))
  const knowing = [...(service?.actions.values() ?? [])]
    .filter((action) => takes(action, key.toLowerCase()))
    .map(({ name }) => `${service?.service}:${name}`)
  return warning(
    place,
    'key_not_of_actions',
    `\`${key}\` is in no request of ${fewOf(actions.map(({ text }) => text))}: the condition ${withoutKey(condition)}.`,
    `Requests of ${fewOf(knowing)} have it.`,
  )
}

/** What a condition says of a key that is not there. */
function withoutKey({ operator: { name, set, ifExists }, values }: ConditionElement): string {
  const absent = values.some((value) => value.toLowerCase() === 'true')
  const holds =
    name === 'Null' ? absent : ifExists || set === 'ForAllValues' || (set === null && OPERATORS[name].negated)
  return holds ? 'always holds' : 'never holds'
}

/** Types of operators that can compare a key of the type; `ArrayOf…` is left out before. Others are not judged. */
const FITTING: Readonly<Record<string, readonly OperandType[]>> = {
  String: ['string', 'pattern', 'arn', 'binary'],
  ARN: ['string', 'pattern', 'arn'],
  Bool: ['bool'],
  Numeric: ['number'],
  Date: ['date', 'number'],
  IPAddress: ['ip'],
}
const USUAL: Readonly<Record<string, string>> = {
  String: 'StringEquals',
  ARN: 'ArnLike',
  Bool: 'Bool',
  Numeric: 'NumericEquals',
  Date: 'DateGreaterThan',
  IPAddress: 'IpAddress',
}

function wrongOperator(condition: ConditionElement, facts: Facts): readonly PolicyProblem[] {
  const listed = typeOf(condition.key.toLowerCase(), facts)
  return listed === null ? [] : [...wrongType(condition, listed), ...wrongSet(condition, listed)]
}

/**
 * "Multivalued context keys require a condition set operator" (IAM User Guide, "Single-valued vs. multivalued context
 * keys"); which value is compared without one is not documented.
 */
function wrongSet({ operator, key, place }: ConditionElement, listed: string): readonly PolicyProblem[] {
  if (!listed.startsWith('ArrayOf') || operator.set !== null || operator.name === 'Null') return []
  if (inUse.oneValue.includes(key.toLowerCase())) return []
  return [
    warning(
      place,
      'no_set_operator',
      `\`${key}\` has several values in one request, and \`${operatorText(operator)}\` compares one.`,
      `Use \`ForAnyValue:${operatorText(operator)}\` or \`ForAllValues:${operatorText(operator)}\`.`,
    ),
  ]
}

function wrongType(condition: ConditionElement, listed: string): readonly PolicyProblem[] {
  const { operator, key, place } = condition
  const type = listed.replace(/^ArrayOf/, '')
  const given = OPERATORS[operator.name].type
  const fitting = FITTING[type]
  if (fitting === undefined || given === 'null' || fitting.includes(given)) return []
  if (type === 'IPAddress' && comparesAddresses(condition)) return []
  return [
    warning(
      place,
      'operator_type',
      `\`${operatorText(operator)}\` compares ${NAMES[given]}, and \`${key}\` is ${KEY_NAMES[type]}.`,
      `Use \`${USUAL[type]}\`.`,
    ),
  ]
}

/**
 * Two addresses of one request can be compared as text alone, because `IpAddress` takes no variables: AWS compares
 * `aws:Ec2InstanceSourcePrivateIPv4` with `aws:VpcSourceIp` so (IAM User Guide, "AWS global condition context keys").
 */
const comparesAddresses = ({ operator, values }: ConditionElement): boolean =>
  OPERATORS[operator.name].type === 'string' && values.every((value) => /^\$\{[^}]+\}$/.test(value))

const NAMES: Readonly<Record<OperandType, string>> = {
  string: 'text',
  pattern: 'text',
  number: 'numbers',
  date: 'dates',
  bool: 'true and false',
  binary: 'bytes',
  ip: 'addresses',
  arn: 'ARNs',
  null: 'nothing',
}
const KEY_NAMES: Readonly<Record<string, string>> = {
  String: 'text',
  ARN: 'an ARN',
  Bool: '`true` or `false`',
  Numeric: 'a number',
  Date: 'a date',
  IPAddress: 'an address',
}

/** The type that AWS's reference gives the key, or `null`. */
function typeOf(key: string, facts: Facts): string | null {
  const find = (types: ReadonlyMap<string, string | null>) =>
    [...types].find(([listed]) => isKey(key, listed))?.[1] ?? null
  return (
    find(facts.globalKeyTypes) ?? find(facts.service(key.slice(0, key.indexOf(':')))?.keyTypes ?? new Map())
  )
}
