import { type GuardMap, type GuardValue, isList, isMap, memberOf } from '../../guard/document/value.ts'

/** A resource as the configuration declares it, without instances: the modules it is in, and its address there. */
export interface Declared {
  /** Names of module calls from the root inwards. */
  readonly modules: readonly string[]
  /** `aws_s3_bucket.logs` */
  readonly address: string
}

/** What an expression of a resource refers to. */
export interface Reference extends Declared {
  /** `0` or `"a"` when the reference names one instance. */
  readonly index: string | null
  /** It follows the loop of the referring resource (`each.key`, `count.index`): instances with the same index match. */
  readonly same: boolean
}

const mapAt = (value: GuardValue | undefined): GuardMap => (value !== undefined && isMap(value) ? value : {})
const listAt = (value: GuardValue | undefined): readonly GuardValue[] =>
  value !== undefined && isList(value) ? value : []
const textAt = (value: GuardValue | undefined): string => (typeof value === 'string' ? value : '')

/** A module of the configuration, and how its variables are given by the module that calls it. */
interface Module {
  readonly path: readonly string[]
  readonly config: GuardMap
  readonly parent: Module | null
  readonly call: GuardMap
}

/** How deep references go through variables and outputs of modules. */
const MAX_HOPS = 20

export interface DeclaredResource {
  readonly references: readonly Reference[]
  readonly expressions: GuardValue
}

/** What each declared resource refers to, variables and outputs of modules followed to the resources behind them. */
export function declaredResources(
  configuration: GuardValue | undefined,
): ReadonlyMap<string, DeclaredResource> {
  const found = new Map<string, DeclaredResource>()
  const root: Module = {
    path: [],
    config: mapAt(memberOf(mapAt(configuration), 'root_module')),
    parent: null,
    call: {},
  }
  const visit = (module: Module): void => {
    for (const resource of listAt(memberOf(module.config, 'resources')).map(mapAt))
      found.set(declaredKey(module.path, textAt(memberOf(resource, 'address'))), {
        references: referencesOfResource(module, resource),
        expressions: memberOf(resource, 'expressions') ?? {},
      })
    for (const [name, call] of Object.entries(mapAt(memberOf(module.config, 'module_calls'))))
      visit(inner(module, name, mapAt(call)))
  }
  visit(root)
  return found
}

const inner = (module: Module, name: string, call: GuardMap): Module => ({
  path: [...module.path, name],
  config: mapAt(memberOf(call, 'module')),
  parent: module,
  call,
})

export const declaredKey = (modules: readonly string[], address: string): string =>
  [...modules.map((name) => `module.${name}`), address].join('.')

function referencesOfResource(module: Module, resource: GuardMap): readonly Reference[] {
  const loop = [
    ...namesIn(memberOf(resource, 'for_each_expression')),
    ...namesIn(memberOf(resource, 'count_expression')),
  ]
  const references = expressionsIn(memberOf(resource, 'expressions')).flatMap((names) => {
    const follows = names.some((name) => /^(?:each|count)\./.test(name))
    const chained = names.some((name) => name.startsWith('each.')) ? loop : []
    return [...mostExact(names), ...chained].flatMap((name) => followed(module, name, follows, MAX_HOPS))
  })
  return [...new Map(references.map((one) => [JSON.stringify(one), one])).values()]
}

/** The lists of names of every expression, however deep in blocks it is. */
function expressionsIn(value: GuardValue | undefined): readonly (readonly string[])[] {
  if (value === undefined) return []
  if (isList(value)) return value.flatMap(expressionsIn)
  if (!isMap(value)) return []
  const names = memberOf(value, 'references')
  if (names !== undefined && isList(names)) return [names.map(textAt)]
  return Object.values(value).flatMap(expressionsIn)
}

/** Terraform lists `b[0].id`, `b[0]` and `b` for one reference; the bare name would mean every instance. */
const mostExact = (names: readonly string[]): readonly string[] =>
  names.filter((name) => !names.some((other) => other.startsWith(`${name}[`)))

const ATTRIBUTE = /^([a-z][\w-]*\.[\w-]+)(?:\[[^\]]*\])?\.(?:\w+_)?(?:arn|id|name|url|endpoint)$/i

/** The attribute, when the expression is made of one attribute of one managed resource that always is a text. */
export function textOfOneResource(expression: GuardValue): string | null {
  const names = namesIn(expression)
  const [attribute] = names.filter((name) => ATTRIBUTE.test(name))
  const resource = attribute === undefined ? undefined : ATTRIBUTE.exec(attribute)?.[1]
  if (attribute === undefined || resource === undefined || NOT_RESOURCES.has(attribute.split('.')[0] ?? ''))
    return null
  return names.every((name) => attribute.startsWith(name)) ? attribute : null
}

const namesIn = (expression: GuardValue | undefined): readonly string[] => expressionsIn(expression).flat()

const RESOURCE = /^([a-z][\w-]*)\.([\w-]+)(?:\[("?)([^\]"]*)\3\])?(?:\.|$)/i
const NOT_RESOURCES = new Set([
  'var',
  'local',
  'module',
  'each',
  'count',
  'self',
  'path',
  'terraform',
  'data',
])

function followed(module: Module, name: string, same: boolean, hops: number): readonly Reference[] {
  if (hops === 0) return []
  const [head = '', second = '', third = ''] = name.split('.')
  if (head === 'var') return throughVariable(module, bare(second), same, hops)
  if (head === 'module') return throughOutput(module, bare(second), bare(third), same, hops)
  const match = RESOURCE.exec(name)
  if (match === null || NOT_RESOURCES.has(head)) return []
  const [, type = '', label = '', , index] = match
  return [{ modules: module.path, address: `${type}.${label}`, index: index ?? null, same }]
}

const bare = (name: string): string => name.replace(/\[.*/s, '')

function throughVariable(module: Module, name: string, same: boolean, hops: number): readonly Reference[] {
  const { parent } = module
  if (parent === null) return []
  const expression = memberOf(mapAt(memberOf(module.call, 'expressions')), name)
  return namesIn(expression).flatMap((one) => followed(parent, one, same, hops - 1))
}

function throughOutput(
  module: Module,
  called: string,
  output: string,
  same: boolean,
  hops: number,
): readonly Reference[] {
  const call = memberOf(mapAt(memberOf(module.config, 'module_calls')), called)
  if (call === undefined || output === '') return []
  const target = inner(module, called, mapAt(call))
  const declared = mapAt(memberOf(mapAt(memberOf(target.config, 'outputs')), output))
  return namesIn(memberOf(declared, 'expression')).flatMap((one) => followed(target, one, same, hops - 1))
}
