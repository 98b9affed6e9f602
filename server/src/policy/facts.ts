/** What AWS's Service Authorization Reference says of one service. Files: server/data/iam, see its README. */
export interface ServiceFacts {
  readonly service: string
  /** By lower-case name. */
  readonly actions: ReadonlyMap<string, ActionFacts>
  /** Condition keys of the service's actions and resources, lower case; `aws:resourcetag/` for families. */
  readonly keys: ReadonlySet<string>
  /** By the same names; `null` where AWS does not say. */
  readonly keyTypes: ReadonlyMap<string, KeyType | null>
}

/** How AWS's reference writes the types of condition keys; lists begin with `ArrayOf`. */
export type KeyType = string

export interface ActionFacts {
  readonly name: string
  readonly level: 'read' | 'list' | 'write' | 'tagging' | 'permissions'
  readonly resources: readonly { readonly type: string; readonly arn: string; readonly required: boolean }[]
  /** Of the action's own row, and of its rows by resource type. */
  readonly keys: readonly string[]
  /**
   * Of its resource types. "You can specify condition keys for a resource type in a statement together with it": AWS's own
   * example compares `rds:DatabaseEngine` in `rds:CreateDBInstance`, which has it by its type `db` alone (RDS User Guide,
   * 'Example policies: Using condition keys').
   */
  readonly keysOfTypes: readonly string[]
  readonly dependent: readonly string[]
}

export interface Facts {
  readonly asOf: string
  /** Prefix → name. */
  readonly services: ReadonlyMap<string, string>
  /** Global keys in their usual spelling. */
  readonly globalKeys: readonly string[]
  /** Of the global keys, by lower-case name; families end in `/`. */
  readonly globalKeyTypes: ReadonlyMap<string, KeyType>
  /** Prefixes of condition keys that are no services: identity providers. */
  readonly otherKeyPrefixes: readonly string[]
  /** `undefined`: there is no such service. */
  readonly service: (prefix: string) => ServiceFacts | undefined
}

/** `generated/index.json`. */
export interface FactsIndex {
  readonly asOf: string
  /** Of all files of services: what was made with others is made anew. */
  readonly digest?: string
  readonly services: Readonly<Record<string, string>>
  readonly globalKeys: Readonly<Record<string, readonly unknown[]>>
  readonly otherKeyPrefixes: Readonly<Record<string, unknown>>
}

/** `generated/services/<prefix>.json`; `lists` are lists of positions in `keys`, the first of them empty. */
export interface ServiceFile {
  readonly service: string
  readonly resourceTypes: readonly (readonly [name: string, arn: string, keys: readonly number[]])[]
  readonly actions: Readonly<Record<string, ActionRow>>
  readonly keys: readonly (readonly [key: string, type: string | null])[]
  readonly lists?: readonly (readonly number[])[]
}
type ActionRow = readonly [
  level: string,
  types?: readonly (readonly [type: number, required: number, list?: number])[],
  list?: number,
  dependent?: readonly string[],
]

/** The keys of the list of that number. */
export const keysOfList = ({ keys, lists = [] }: ServiceFile, list = 0): readonly string[] =>
  (lists[list] ?? []).map((position) => keys[position]?.[0] ?? '')

/** The keys of the resource type at that place. */
export const keysOfType = ({ keys, resourceTypes }: ServiceFile, position: number): readonly string[] =>
  (resourceTypes[position]?.[2] ?? []).map((key) => keys[key]?.[0] ?? '')

/** Facts out of the index and a way to load a service's file; each is read once. */
export function factsOf(index: FactsIndex, load: (prefix: string) => ServiceFile): Facts {
  const services = new Map(Object.entries(index.services))
  const read = new Map<string, ServiceFacts>()
  return {
    asOf: index.asOf,
    services,
    globalKeys: Object.keys(index.globalKeys),
    globalKeyTypes: new Map(
      Object.entries(index.globalKeys).map(([key, [type]]) => [familyOf(key), String(type)]),
    ),
    otherKeyPrefixes: Object.keys(index.otherKeyPrefixes),
    service(prefix) {
      if (!services.has(prefix)) return undefined
      const known = read.get(prefix) ?? serviceFacts(load(prefix))
      read.set(prefix, known)
      return known
    },
  }
}

const LEVELS: Readonly<Record<string, ActionFacts['level']>> = {
  R: 'read',
  L: 'list',
  W: 'write',
  T: 'tagging',
  P: 'permissions',
}

export function serviceFacts(file: ServiceFile): ServiceFacts {
  const action = (name: string, [level, types = [], own = 0, dependent = []]: ActionRow): ActionFacts => ({
    name,
    level: LEVELS[level] ?? 'write',
    resources: types.flatMap(([position, required]) => {
      const type = file.resourceTypes[position]
      return type === undefined ? [] : [{ type: type[0], arn: type[1], required: required === 1 }]
    }),
    keys: [...new Set([own, ...types.map(([, , list]) => list)].flatMap((list) => keysOfList(file, list)))],
    keysOfTypes: [...new Set(types.flatMap(([position]) => keysOfType(file, position)))],
    dependent,
  })
  return {
    service: file.service,
    actions: new Map(
      Object.entries(file.actions).map(([name, row]) => [name.toLowerCase(), action(name, row)]),
    ),
    keys: new Set(file.keys.map(([name]) => familyOf(name))),
    keyTypes: new Map(file.keys.map(([name, type]) => [familyOf(name), type])),
  }
}

/** Lower case; a family of keys (`aws:ResourceTag/${TagKey}`, `aws:PrincipalTag/tag-key`) by its beginning. */
export const familyOf = (key: string): string =>
  key
    .toLowerCase()
    .replace(/\$\{.*$/, '')
    .replace(/\/tag-key$/, '/')
