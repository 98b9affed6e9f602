import type { Json } from '../../kernel/json.ts'
import { type JsonObject, member, members, text } from './event.ts'
import type { ActionFacts, IamFacts } from './facts.ts'
import type { ResourcesFile } from './tables.ts'
import { accountOf, arnMatcher, fill, firstValues, inPlace, type Place, placeholders } from './template.ts'

/** One resource of a call. `type` is the name in the Service Authorization Reference. */
export interface FoundResource {
  readonly type: string | null
  readonly arn: string | null
  readonly account: string | null
  readonly assumed: 'iam_path' | null
}

export interface ResourceQuestion {
  readonly action: ActionFacts
  readonly place: Place
  readonly parameters: JsonObject
  readonly resources: Json
}

const ANY: FoundResource = { type: null, arn: '*', account: null, assumed: null }
const NOT_KNOWN: FoundResource = { type: null, arn: null, account: null, assumed: null }

/** Builds the search for the resources that AWS checks an action on; keep the result, it caches patterns. */
export function resourceFinder(file: ResourcesFile, iam: IamFacts) {
  const matchers = new Map<string, readonly RegExp[]>()
  const general = new Set(file.tooGeneral)

  const matchersOf = (prefix: string, type: string) => {
    const key = `${prefix} ${type}`
    const known = matchers.get(key)
    if (known !== undefined) return known
    const made = iam.arns(prefix, type).map(arnMatcher)
    matchers.set(key, made)
    return made
  }

  /** Named in the record's own `resources`: these are what AWS says. */
  const named = ({ action, resources }: ResourceQuestion, prefix: string, type: string) =>
    (Array.isArray(resources) ? resources : []).flatMap((entry): readonly FoundResource[] => {
      const arn = text(member(members(entry), 'ARN')) || text(member(members(entry), 'arn'))
      if (!arn.startsWith('arn:') || !matchersOf(prefix, type).some((matcher) => matcher.test(arn))) return []
      if (type === 'bucket' && action.action.startsWith('s3:') && arn.includes('/')) return []
      const account = text(member(members(entry), 'accountId'))
      return [
        { type, arn, account: accountOf(arn) ?? (/^\d{12}$/.test(account) ? account : null), assumed: null },
      ]
    })

  const valuesOf = (question: ResourceQuestion, prefix: string) => (placeholder: string) => {
    const paths = own(own(file.placeholders, prefix), placeholder)
    if (paths !== undefined) return firstValues(question.parameters, paths)
    if (general.has(placeholder)) return []
    return firstValues(question.parameters, [placeholder.charAt(0).toLowerCase() + placeholder.slice(1)])
  }

  /** Built out of parameters and the ARN template of the type. */
  const built = (question: ResourceQuestion, prefix: string, type: string): readonly FoundResource[] => {
    for (const template of iam.arns(prefix, type)) {
      const arns = fill(template, question.place, valuesOf(question, prefix))
      const fitting = arns.filter((arn) => matchersOf(prefix, type).some((matcher) => matcher.test(arn)))
      if (fitting.length > 0) return fitting.map((arn) => foundArn(question, type, template, arn))
    }
    return []
  }

  const foundArn = (
    question: ResourceQuestion,
    type: string,
    template: string,
    arn: string,
  ): FoundResource => {
    const short = file.withoutPath.includes(placeholders(template).at(-1) ?? '')
    const path = text(member(question.parameters, 'path'))
    const whole = short && /^\/.+\/$/.test(path) ? withPath(arn, path) : arn
    const assumed = short && path === '' && whole.split('/').length === 2 && !isGiven(question, arn)
    return { type, arn: whole, account: accountOf(whole), assumed: assumed ? 'iam_path' : null }
  }

  const created = (question: ResourceQuestion, prefix: string, type: string): readonly FoundResource[] => {
    const name = question.action.action.split(':')[1] ?? ''
    const makes =
      file.creates.prefixes.includes(prefix) && file.creates.verbs.some((verb) => name.startsWith(verb))
    const template = iam.arns(prefix, type)[0]
    if (!makes || template === undefined || file.creates.not.includes(`${name} ${type}`)) return []
    const base = inPlace(template, question.place)
    if (base === null) return []
    const arn = base.replace(/\$\{[^}]+\}/g, '*')
    return [{ type, arn, account: accountOf(arn), assumed: null }]
  }

  return (question: ResourceQuestion): readonly FoundResource[] => {
    const { action } = question
    if (action.types.length === 0) return [ANY]
    const paths = own(file.byId.actions, action.action)
    if (paths !== undefined) {
      const named = byId(file, iam, question, paths)
      return named.length > 0 ? distinct(named) : [NOT_KNOWN]
    }
    const prefix = action.action.split(':')[0] ?? ''
    const several = file.severalTypes.includes(prefix)
    const found = action.types.flatMap(({ name, required }) => {
      const there = [named, built].map((way) => way(question, prefix, name)).find((list) => list.length > 0)
      const also = file.alsoCreated.includes(`${action.action.split(':')[1]} ${name}`)
      if (there !== undefined || !(required || also)) return there ?? []
      const made = created(question, prefix, name)
      return made.length > 0 || !several ? made : [{ ...NOT_KNOWN, type: name }]
    })
    if (found.length === 0) return [NOT_KNOWN]
    return several ? distinct(found) : mostSpecific(distinct(found))
  }
}

const own = <T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined

const withPath = (arn: string, path: string) => arn.replace('/', () => path)

const isGiven = (question: ResourceQuestion, arn: string) =>
  Object.values(question.parameters).some((value) => value === arn)

function distinct(found: readonly FoundResource[]): readonly FoundResource[] {
  const seen = new Set<string>()
  return found.filter(({ type, arn }) => {
    const key = arn ?? `? ${type}`
    return seen.has(key) ? false : seen.add(key)
  })
}

/** A check on an index or stream is not also one on its table: what lies within another found ARN wins. */
const mostSpecific = (found: readonly FoundResource[]) =>
  found.filter(({ arn }) => !found.some((other) => other.arn !== arn && isWithin(other.arn, arn)))

const isWithin = (inner: string | null, outer: string | null) =>
  inner !== null && outer !== null && (inner.startsWith(`${outer}/`) || inner.startsWith(`${outer}:`))

/** `vol-1` is a volume: ids tell their type where an action takes any. */
function byId(
  file: ResourcesFile,
  iam: IamFacts,
  { action, parameters, place }: ResourceQuestion,
  paths: readonly string[],
): readonly FoundResource[] {
  return firstValues(parameters, paths).map((id) => {
    const type = own(file.byId.types, id.slice(0, id.lastIndexOf('-')))
    const template = type === undefined ? undefined : iam.arns(action.action.split(':')[0] ?? '', type)[0]
    const arn = template === undefined ? null : (fill(template, place, () => [id])[0] ?? null)
    return { type: type ?? null, arn, account: arn === null ? null : accountOf(arn), assumed: null }
  })
}
