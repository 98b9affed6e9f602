import { type JsonObject, member } from './event.ts'
import type { ActionFacts, IamFacts, SkipReason } from './facts.ts'
import type { ActionsFile, ChosenRule, SplitRule } from './tables.ts'

/** How an event is named in IAM's words. */
export type Naming =
  | (Named & {
      readonly kind: 'actions'
      readonly actions: readonly ActionFacts[]
      /** The action of another service that logs under the same source, if the request has this parameter. */
      readonly elsewhere: Elsewhere | null
    })
  | (Named & { readonly kind: 'split'; readonly rule: SplitRule })
  /** Which actions it is, parameters say. */
  | (Named & { readonly kind: 'chosen'; readonly rule: ChosenRule })
  | { readonly kind: 'skipped'; readonly reason: SkipReason }

interface Elsewhere {
  readonly parameter: string
  readonly action: ActionFacts
}

interface Named {
  readonly prefix: string
  /** Name of the operation without a version: `GetFunction20150331v2` is `GetFunction`. */
  readonly operation: string
}

/** Builds the naming of events out of the tables; keep the result, it holds the compiled lookups. */
export function namer(file: ActionsFile, iam: IamFacts) {
  const prefixes = new Map(file.prefixes.map((rule) => [rule.eventSource, rule.prefix]))
  const alsoTry = new Map(file.alsoTry.map((rule) => [rule.prefix, rule.then]))
  const renames = new Map(file.renames.map((rule) => [rule.prefix, rule.events]))
  const suffix = new RegExp(file.versionSuffix.pattern)
  const find = (prefix: string, name: string) =>
    [prefix, ...(alsoTry.get(prefix) ?? [])]
      .map((one) => iam.action(one, name))
      .find((one) => one !== undefined)

  const targets = (prefix: string, name: string): readonly string[] => {
    const events = renames.get(prefix)
    const renamed = events !== undefined && Object.hasOwn(events, name) ? events[name] : undefined
    return renamed ?? [name]
  }

  const elsewhereOf = (prefix: string, name: string): Elsewhere | null => {
    const rule = file.elsewhere.find((one) => one.prefix === prefix)
    const action = rule === undefined ? undefined : iam.action(rule.then, name)
    return rule === undefined || action === undefined ? null : { parameter: rule.parameter, action }
  }

  return (eventSource: string, eventName: string): Naming => {
    const source = eventSource.replace(/\.amazonaws\.com(\.cn)?$/, '')
    if (source === '' || eventName === '') return { kind: 'skipped', reason: 'not_an_api_call' }
    if (isNotAuthorized(file, source, eventName)) return NOT_AUTHORIZED
    const prefix = prefixes.get(source) ?? source.split('.')[0] ?? source
    const plain = eventName.replace(suffix, '')
    const split =
      file.split.find((rule) => rule.prefix === prefix && rule.event === plain) ??
      pathRule(file, prefix, plain)
    if (split !== undefined) return { kind: 'split', prefix, operation: plain, rule: split }
    const chosen = file.chosen.find((rule) => rule.prefix === prefix && rule.event === plain)
    if (chosen !== undefined) return { kind: 'chosen', prefix, operation: plain, rule: chosen }
    const named = prefix === file.verbs.prefix ? [verbOf(file, plain)] : targets(prefix, plain)
    const actions = named.flatMap((target) => {
      const [service, name] = target.includes(':') ? target.split(':', 2) : [prefix, target]
      return find(service ?? prefix, name ?? target) ?? []
    })
    if (actions.length === 0)
      return isNotAuthorized(file, source, '*') ? NOT_AUTHORIZED : { kind: 'skipped', reason: 'unmapped' }
    return { kind: 'actions', prefix, operation: plain, actions, elsewhere: elsewhereOf(prefix, plain) }
  }
}

const NOT_AUTHORIZED: Naming = { kind: 'skipped', reason: 'not_authorized_by_iam' }

const isNotAuthorized = (file: ActionsFile, source: string, name: string) =>
  file.notAuthorized.some((rule) => rule.eventSource === source && rule.events.includes(name))

/** An event whose resource is a path is one check, on the first path that its parameters fill. */
function pathRule({ paths }: ActionsFile, prefix: string, event: string): SplitRule | undefined {
  if (prefix !== paths.prefix || !Object.hasOwn(paths.events, event)) return undefined
  const [verb = '', ...all] = paths.events[event] ?? []
  return {
    prefix,
    event,
    checks: [{ action: `${prefix}:${verb}`, arns: all.map((path) => paths.arn + path) }],
  }
}

function verbOf(file: ActionsFile, name: string): string {
  if (Object.hasOwn(file.verbs.exceptions, name)) return file.verbs.exceptions[name] ?? name
  const beginning = Object.keys(file.verbs.byPrefix).find((verb) => name.startsWith(verb))
  return (beginning && file.verbs.byPrefix[beginning]) ?? name
}

/** S3 checks another action when the request names a version of the object. */
export function versionedName(file: ActionsFile, prefix: string, name: string, parameters: JsonObject) {
  const rule = file.versionedObject
  if (prefix !== 's3' || !Object.hasOwn(rule.events, name)) return undefined
  const version = member(parameters, rule.parameter)
  return typeof version === 'string' && version !== '' && version !== 'null' ? rule.events[name] : undefined
}
