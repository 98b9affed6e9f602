import type { JsonObject } from './event.ts'
import { member } from './event.ts'
import type { Assumed, KeyFacts, TrailCheck } from './facts.ts'
import type { ImpliedFile, PassRoleRule, TagRule } from './tables.ts'
import { taggedTypes, tagKeys, tagsOf } from './tags.ts'
import { accountOf, firstValues, type Place } from './template.ts'

interface ImpliedQuestion {
  readonly prefix: string
  readonly event: string
  readonly place: Place
  readonly parameters: JsonObject
  /** The request may set more tags than its parameters show. */
  readonly moreTags?: boolean
  readonly direct: readonly (TrailCheck & { readonly type: string | null })[]
}

/** Checks that AWS makes with the call and that CloudTrail does not show. */
export function impliedChecks(file: ImpliedFile, question: ImpliedQuestion): readonly TrailCheck[] {
  const { passing, tagged } = appliedOf(file, question)
  if (passing.length === 0 && tagged.length === 0 && question.prefix !== 'sts') return []
  return [
    ...passing.flatMap((rule) => passRole(rule, question)),
    ...tagged.flatMap((rule) => tagging(rule.action, question)),
    ...sessionChecks(file, question),
  ]
}

interface Applied {
  readonly passing: readonly PassRoleRule[]
  readonly tagged: readonly TagRule[]
}

/** The rules of an event, found once for each name, by prefix and event. */
const applied = new WeakMap<ImpliedFile, Map<string, Map<string, Applied>>>()

function appliedOf(file: ImpliedFile, question: ImpliedQuestion): Applied {
  const { prefix, event } = question
  const known = applied.get(file)?.get(prefix)?.get(event)
  if (known !== undefined) return known
  const ofFile = applied.get(file) ?? new Map<string, Map<string, Applied>>()
  const ofPrefix = ofFile.get(prefix) ?? new Map<string, Applied>()
  const made = { passing: rulesOf(file.passRole, question), tagged: rulesOf(file.tagsOnCreate, question) }
  applied.set(file, ofFile.set(prefix, ofPrefix.set(event, made)))
  return made
}

const rulesOf = <Rule extends { readonly events: readonly string[] }>(
  file: Readonly<Record<string, readonly Rule[]>>,
  { prefix, event }: ImpliedQuestion,
): readonly Rule[] =>
  (Object.hasOwn(file, prefix) ? (file[prefix] ?? []) : []).filter((rule) =>
    rule.events.some((name) => (name.endsWith('*') ? event.startsWith(name.slice(0, -1)) : name === event)),
  )

function passRole(rule: PassRoleRule, { place, parameters }: ImpliedQuestion): readonly TrailCheck[] {
  const values = firstValues(parameters, rule.from)
  return [...new Set(values)].map((value): TrailCheck => {
    const { arn, assumed } = passed(rule, value, place)
    return {
      action: 'iam:PassRole',
      kind: 'implied',
      resource: arn,
      account: arn === null ? null : accountOf(arn),
      assumed,
      keys: passedTo(rule.service),
    }
  })
}

/** The role in an instance profile is not in the record, but of the profile's account; a name without path is not the whole ARN. */
function passed(
  { profile }: PassRoleRule,
  value: string,
  { partition, account }: Place,
): { readonly arn: string | null; readonly assumed: Assumed | null } {
  const owner = profile && value.startsWith('arn:') ? accountOf(value) : account
  const roles = `arn:${partition}:iam::${owner}:role/`
  if (profile) return owner ? { arn: roles, assumed: 'beginning' } : { arn: null, assumed: null }
  return value.startsWith('arn:')
    ? { arn: value, assumed: null }
    : { arn: `${roles}${value}`, assumed: 'iam_path' }
}

const passedTo = (service: string | null): KeyFacts =>
  service === null ? {} : { 'iam:passedtoservice': [service] }

function tagging(action: string, question: ImpliedQuestion): readonly TrailCheck[] {
  const { parameters, event, direct, prefix, moreTags = false } = question
  const create = prefix === 'ec2' || prefix === 'ecs' ? { [`${prefix}:createaction`]: [event] } : {}
  if (prefix === 'ec2')
    return taggedTypes(parameters).flatMap((type) => {
      const made = direct.find((check) => check.type === type)
      const tags = tagsOf(parameters, type)
      return made === undefined || tags === null
        ? []
        : [{ ...impliedOn(made, action), keys: { ...create, ...tagKeys(tags, moreTags) } }]
    })
  const tags = tagsOf(parameters, null)
  const on = direct[0]
  return tags === null || on === undefined
    ? []
    : [{ ...impliedOn(on, action), keys: { ...create, ...tagKeys(tags, moreTags) } }]
}

const impliedOn = (check: TrailCheck, action: string): TrailCheck => ({
  action,
  kind: 'implied',
  resource: check.resource,
  account: check.account,
  assumed: check.assumed,
  keys: {},
})

function sessionChecks(
  file: ImpliedFile,
  { prefix, parameters, direct }: ImpliedQuestion,
): readonly TrailCheck[] {
  const on = direct[0]
  if (prefix !== 'sts' || on === undefined) return []
  return file.session.flatMap(({ parameter, action }) => {
    const value = member(parameters, parameter)
    return typeof value === 'string' && value !== ''
      ? [{ ...impliedOn(on, action), keys: { 'sts:sourceidentity': [value] } }]
      : []
  })
}
