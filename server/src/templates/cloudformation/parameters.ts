import {
  ABSENT,
  asFloat,
  type GuardMap,
  type GuardValue,
  intOf,
  isList,
  isMap,
  memberOf,
  Unknown,
} from '../../guard/document/value.ts'
import type { Maybe } from '../choices.ts'
import { mapAt, sectionOf } from './scope.ts'

/** Values for parameters and pseudo parameters (`AWS::Region`), by name. */
export type GivenValues = Readonly<Record<string, GuardValue>>

/**
 * The pseudo parameters. Their values depend on where a stack is deployed, so they are unknown unless given.
 * Source: AWS CloudFormation user guide, «Get AWS values using pseudo parameters» (asOf 2026-11-22).
 */
const PSEUDO: readonly (readonly [name: string, options: readonly string[] | null])[] = [
  ['AWS::AccountId', null],
  ['AWS::Partition', ['aws', 'aws-cn', 'aws-us-gov']],
  ['AWS::Region', null],
  ['AWS::StackId', null],
  ['AWS::StackName', null],
  ['AWS::URLSuffix', ['amazonaws.com', 'amazonaws.com.cn']],
]

export function parameterValues(template: GuardMap, given: GivenValues): ReadonlyMap<string, Maybe> {
  const own = Object.entries(sectionOf(template, 'Parameters')).map(
    ([name, declared]) => [name, parameterValue(name, mapAt(declared), given[name])] as const,
  )
  return new Map<string, Maybe>([
    ['AWS::NoValue', ABSENT],
    [
      'AWS::NotificationARNs',
      given['AWS::NotificationARNs'] ?? new Unknown({ reason: of('AWS::NotificationARNs'), exists: true }),
    ],
    ...PSEUDO.map(([name, options]) => [name, given[name] ?? pseudo(name, options)] as const),
    ...own,
  ])
}

const of = (name: string): string => `\`${name}\` depends on where the stack is deployed`

const pseudo = (name: string, options: readonly string[] | null): GuardValue =>
  new Unknown({ reason: of(name), text: true, written: { Ref: name }, ...(options && { options }) })

function parameterValue(name: string, declared: GuardMap, given: GuardValue | undefined): GuardValue {
  const type = memberOf(declared, 'Type')
  const kind = typeof type === 'string' ? type : 'String'
  const written = { Ref: name }
  if (kind.startsWith('AWS::SSM::Parameter::Value<'))
    return new Unknown({
      reason: `the parameter \`${name}\` is read from Parameter Store`,
      exists: true,
      text: !isListType(kind),
      written,
    })
  const value = given ?? memberOf(declared, 'Default')
  if (value !== undefined) return typed(kind, value)
  const allowed = memberOf(declared, 'AllowedValues')
  const reason = `the parameter \`${name}\` has no value yet`
  if (allowed !== undefined && isList(allowed) && allowed.length > 0)
    return new Unknown({ reason, options: allowed.map((one) => typed(kind, one)), written })
  return new Unknown({ reason, exists: true, text: kind.startsWith('AWS::') && !isListType(kind), written })
}

const isListType = (kind: string): boolean => kind.includes('List<') || kind.includes('CommaDelimitedList')

function typed(kind: string, value: GuardValue): GuardValue {
  if (isList(value) || isMap(value)) return value
  if (isListType(kind)) {
    const items = String(value)
      .split(',')
      .map((item) => item.trim())
    return kind === 'List<Number>' ? items.map(numberOf) : items
  }
  if (kind === 'Number' && typeof value === 'string') return numberOf(value)
  return kind === 'String' && typeof value === 'number' ? String(value) : value
}

function numberOf(text: string): GuardValue {
  if (/^[-+]?\d+$/.test(text)) return intOf(text) ?? text
  const number = Number(text)
  return text.trim() === '' || Number.isNaN(number) ? text : asFloat(number)
}

/** Parameters whose values must not be shown. */
export const secretParameters = (template: GuardMap): ReadonlySet<string> =>
  new Set(
    Object.entries(sectionOf(template, 'Parameters')).flatMap(([name, declared]) =>
      String(memberOf(mapAt(declared), 'NoEcho')) === 'true' ? [name] : [],
    ),
  )
