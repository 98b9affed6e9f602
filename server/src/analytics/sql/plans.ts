import type { ActionFacts, IamFacts } from '../../policy/trail/facts.ts'
import { resourcePlan, type TypePlan } from '../../policy/trail/resources.ts'
import type { ResourcesFile, TrailTables } from '../../policy/trail/tables.ts'
import { placeholders } from '../../policy/trail/template.ts'

/**
 * The tables of `server/data/cloudtrail` as data that SQL walks through: where in the parameters of a call its resources
 * are named. Members are lower case and flat, because Athena's reader of JSON takes no others.
 */
export interface PathPlan {
  /** `one`: a member; `items`: of each item of a list; `nested`: of each item of lists in a list; `names`: names of members. */
  readonly kind: 'one' | 'items' | 'nested' | 'names'
  /** Path of the member or of the (outer) list: `instancesSet.items`. */
  readonly a: string
  /** `nested`: path of the inner list in an item. */
  readonly b: string
  /** Path of the value in an item; empty: the item itself. */
  readonly c: string
  /** Name of the filter of `policy/trail/template.ts`; empty: none. */
  readonly filter: string
}

export interface TemplateRow {
  /** Text before, between and after the placeholders; `${Partition}`, `${Region}`, `${Account}` are still in it. */
  readonly literals: readonly string[]
  /** Paths of each placeholder but the last, the first that has a value wins. */
  readonly heads: readonly (readonly PathPlan[])[]
  readonly tail: readonly PathPlan[]
  /** The last placeholder is a name without its path. */
  readonly short: 0 | 1
}

export interface TypeRow {
  readonly name: string
  /** An ARN of the type, as a regular expression; empty: any text. */
  readonly fits: string
  /** The type is there although no parameter names it. */
  readonly always: 0 | 1
  /** ARN of what the action makes, or empty. */
  readonly made: string
  readonly bucket: 0 | 1
  readonly templates: readonly TemplateRow[]
}

/** `requestItems{}`, `a.items[].b.items[].c`, `keyId|key`. Throws on what is neither: the tables have none. */
export function pathPlan(path: string): PathPlan {
  const [steps = '', filter = ''] = path.split('|')
  const parts = steps.split('[]').map((part) => part.replace(/^\./, ''))
  const [a = '', b = '', c = ''] = parts
  if (steps.includes('{}') && (parts.length > 1 || !a.endsWith('{}') || a.slice(0, -2).includes('{}')))
    throw new Error(`\`${path}\` has names of members in its middle, which SQL does not walk through`)
  if (a.endsWith('{}')) return { kind: 'names', a: a.slice(0, -2), b: '', c: '', filter }
  if (parts.length === 1) return { kind: 'one', a, b: '', c: '', filter }
  if (parts.length === 2) return { kind: 'items', a, b: '', c: b, filter }
  if (parts.length === 3) return { kind: 'nested', a, b, c, filter }
  throw new Error(`\`${path}\` goes through more than two lists, which SQL does not`)
}

/** The types of resources that an action is checked on; empty where it names them by ids of any type. */
export function typeRows(file: ResourcesFile, iam: IamFacts, action: ActionFacts): readonly TypeRow[] {
  const plan = resourcePlan(file, iam, action)
  return plan.byId === undefined ? plan.types.map(typeRow) : []
}

const typeRow = (type: TypePlan): TypeRow => ({
  name: type.type,
  fits: type.matchers.length === 0 ? '' : `\\A(?:${type.matchers.map(portable).join('|')})\\z`,
  always: type.always ? 1 : 0,
  made: (type.made ?? '').replace(/\$\{(?!Partition\}|Region\}|Account\})[^}]+\}/g, '*'),
  bucket: type.bucket ? 1 : 0,
  templates: type.templates.map(({ template, short, paths }): TemplateRow => {
    const [tail = '', ...heads] = placeholders(template).toReversed()
    const pathsOf = (name: string) => (paths.get(name) ?? []).map(pathPlan)
    return {
      literals: literalsOf(template),
      heads: heads.toReversed().map(pathsOf),
      tail: pathsOf(tail),
      short: short ? 1 : 0,
    }
  }),
})

/** Ends and line ends as JavaScript means them, in words that RE2 and Joni share. */
const portable = ({ source }: RegExp) =>
  source
    .replace(/^\^|\$$/g, '')
    .replaceAll('\\/', '/')
    .replaceAll('.+', '[^\n\r\u2028\u2029]+')

const literalsOf = (template: string) => template.split(/\$\{(?!Partition\}|Region\}|Account\})[^}]+\}/)

/** One resource out of templates of its own, as `CopyObject` names its source; the first one that is filled counts. */
export const splitRow = (arns: readonly string[], type: string): TypeRow => ({
  name: type,
  fits: '',
  always: 0,
  made: '',
  bucket: 0,
  templates: arns.map((arn): TemplateRow => {
    const paths = placeholders(arn).map(pathPlan)
    return {
      literals: literalsOf(arn),
      heads: paths.slice(0, -1).map((path) => [path]),
      tail: paths.slice(-1),
      short: 0,
    }
  }),
})

/** The role of a rule of `iam:PassRole`: an ARN, or a name. */
export const roleRow = (paths: readonly string[]): TypeRow => ({
  ...splitRow([ROLE], 'role'),
  templates: [{ literals: literalsOf(ROLE), heads: [], tail: paths.map(pathPlan), short: 0 }],
})

// biome-ignore lint/suspicious/noTemplateCurlyInString: a template of ARNs
const ROLE = 'arn:${Partition}:iam::${Account}:role/${RoleName}'

/** Names of members that any rule of keys or implied checks looks for, with the paths read: used to see that all are understood. */
export const allPaths = ({ actions, resources, keys, implied }: TrailTables): readonly string[] => [
  ...actions.chosen.flatMap(({ from }) => from),
  ...Object.values(resources.placeholders).flatMap((names) => Object.values(names).flat()),
  ...Object.values(keys.services).flatMap((rules) =>
    rules.flatMap(({ from, unless = [] }) => [...from, ...unless]),
  ),
  ...Object.values(implied.passRole).flatMap((rules) => rules.flatMap(({ from }) => from)),
]
