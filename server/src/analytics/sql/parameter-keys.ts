import type { IamFacts } from '../../policy/trail/facts.ts'
import { keysTaken, takes } from '../../policy/trail/keys.ts'
import type { KeyRule, TrailTables } from '../../policy/trail/tables.ts'
import { TAG_MEMBERS } from '../../policy/trail/tags.ts'
import { actionSet } from './actions.ts'
import { type Dialect, literal } from './dialect.ts'
import type { Source } from './keys.ts'
import { firstOf, UNSURE } from './parameters.ts'
import { pathPlan } from './plans.ts'
import { and, not, or, TRUE } from './truth.ts'

export interface ParameterKeys {
  readonly dialect: Dialect
  readonly tables: TrailTables
  readonly iam: IamFacts
  /** Actions for which the key is asked. */
  readonly actions: readonly string[]
}

/**
 * What the parameters of a record tell of a key: `policy/trail/keys.ts` in SQL. Reads `params`, `rtype` (type of the
 * resource) and `readable`: whether the check is the call's own and its parameters can be read.
 */
export function parameterSources(key: string, asked: ParameterKeys): readonly Source[] {
  const { dialect } = asked
  if (key === 'iam:passedtoservice')
    return [{ tells: "(passed_to <> '')", values: dialect.one('passed_to'), known: TRUE }]
  if (key === 'aws:tagkeys' || key.startsWith('aws:requesttag/')) return [withoutTags(asked)]
  return Object.entries(asked.tables.keys.services).flatMap(([service, rules]) =>
    rules
      .filter((rule) => rule.key.toLowerCase() === key)
      .flatMap((rule) => ruleSources(key, rule, service, asked)),
  )
}

/** A request without any of these members sets no tags. Of tags that are set, SQL does not tell. */
function withoutTags(asked: ParameterKeys): Source {
  const taken = takenBy(asked, (keys) => keys.has('aws:tagkeys') || takes(keys, 'aws:requesttag/x'))
  return {
    tells: and(['readable', taken, not(hasTags(asked.dialect)), not(tagsElsewhere(asked))]),
    values: asked.dialect.noTexts,
    known: 'false',
  }
}

/** Launch templates set tags that the request does not show. */
const tagsElsewhere = ({ dialect, tables }: ParameterKeys): string =>
  or(
    Object.entries(tables.keys.tagsElsewhere.parameters).map(([service, names]) =>
      and([
        `action like ${literal(`${service}:%`)}`,
        or(names.map((name) => dialect.jsonThere('params', dialect.path(literal(name))))),
      ]),
    ),
  )

export const hasTags = (dialect: Dialect): string =>
  or(TAG_MEMBERS.map((name) => dialect.jsonThere('params', dialect.path(literal(name)))))

function ruleSources(key: string, rule: KeyRule, service: string, asked: ParameterKeys): readonly Source[] {
  const { dialect } = asked
  const isOf = (action: string) => {
    const [prefix = '', name = ''] = action.split(':')
    return prefix === service && (rule.actions === undefined || rule.actions.includes(name))
  }
  const taken = takenBy(asked, (keys) => takes(keys, key), isOf)
  if (taken === 'false') return []
  const values = firstOf(dialect, 'params', rule.from.map(pathPlan))
  const isThere = `coalesce(${dialect.length(values)}, 0) > 0`
  const known: Source = {
    tells: and(['readable', taken, isThere, `not ${dialect.has(values, UNSURE)}`]),
    values,
    known: TRUE,
  }
  if (rule.else === 'unknown') return [known]
  // What is there and cannot be read, or may be in a launch template, is not absent.
  const roots = [...rule.from.map((path) => path.split(/[.[|{]/)[0] ?? path), ...(rule.unless ?? [])]
  const open = [...new Set(roots)].map((path) => dialect.jsonThere('params', dialect.path(literal(path))))
  const fixed = typeof rule.else === 'string' || rule.else === undefined ? null : rule.else
  return [
    known,
    {
      tells: and(['readable', taken, not(or(open))]),
      values: fixed === null ? dialect.noTexts : dialect.list(fixed.map(literal)),
      known: fixed === null ? 'false' : TRUE,
    },
  ]
}

/** Of which actions, on which types of resources, the key is one: the action's own keys, and those of the type. */
function takenBy(
  { actions, iam }: ParameterKeys,
  isTaken: (keys: ReadonlySet<string>) => boolean,
  isOf: (action: string) => boolean = () => true,
): string {
  const always = new Set<string>()
  const byTypes = new Map<string, Set<string>>()
  for (const action of actions.filter(isOf)) {
    const [prefix = '', name = ''] = action.split(':')
    const facts = iam.action(prefix, name)
    if (facts === undefined) continue
    if (isTaken(facts.keys)) {
      always.add(action)
      continue
    }
    const types = facts.types.filter((type) => isTaken(keysTaken(facts, type.name))).map((type) => type.name)
    if (types.length === 0) continue
    const names = types.map(literal).join(', ')
    const known = byTypes.get(names)
    if (known === undefined) byTypes.set(names, new Set([action]))
    else known.add(action)
  }
  return or([
    actionSet(actions, (action) => always.has(action)),
    ...[...byTypes].map(([names, taking]) =>
      and([`rtype in (${names})`, actionSet(actions, (action) => taking.has(action))]),
    ),
  ])
}
