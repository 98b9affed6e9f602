import type { ActionFacts, ActionType, IamFacts } from './facts.ts'

/** What the catalogue is made of: the Service Authorization Reference, by prefix. */
export interface CatalogueSource {
  readonly [prefix: string]: {
    readonly actions: Readonly<
      Record<
        string,
        {
          readonly keys: readonly string[]
          readonly types: readonly {
            readonly name: string
            readonly required: boolean
            readonly keys: readonly string[]
          }[]
        }
      >
    >
    readonly arns: Readonly<Record<string, readonly string[]>>
  }
}

/** Looks up actions and ARN templates; actions are found in any case and read when they are first asked. */
export function catalogue(source: CatalogueSource): IamFacts {
  const services = new Map<string, ReadonlyMap<string, string>>()
  const found = new Map<string, ActionFacts>()

  const namesOf = (prefix: string) => {
    const known = services.get(prefix)
    if (known !== undefined) return known
    const actions = Object.hasOwn(source, prefix) ? (source[prefix]?.actions ?? {}) : {}
    const names = new Map(Object.keys(actions).map((name) => [name.toLowerCase(), name]))
    services.set(prefix, names)
    return names
  }

  const action = (prefix: string, name: string): ActionFacts | undefined => {
    const service = prefix.toLowerCase()
    const spelled = namesOf(service).get(name.toLowerCase())
    if (spelled === undefined) return undefined
    const key = `${service}:${spelled}`
    const known = found.get(key)
    if (known !== undefined) return known
    const facts = source[service]?.actions[spelled]
    const made: ActionFacts = {
      action: key,
      keys: lower(facts?.keys ?? []),
      types: (facts?.types ?? []).map(
        (type): ActionType => ({ name: type.name, required: type.required, keys: lower(type.keys) }),
      ),
    }
    found.set(key, made)
    return made
  }

  const arns = (prefix: string, type: string) => {
    const templates = Object.hasOwn(source, prefix) ? source[prefix]?.arns : undefined
    return templates !== undefined && Object.hasOwn(templates, type) ? (templates[type] ?? []) : []
  }

  return { action, arns }
}

const lower = (keys: readonly string[]): ReadonlySet<string> => new Set(keys.map((key) => key.toLowerCase()))

/** The compact form in which `server/data/cloudtrail/catalogue.generated.json` holds the source. */
export interface CatalogueFile {
  readonly asOf: string
  readonly source: string
  readonly keys: readonly (readonly string[])[]
  readonly services: Readonly<
    Record<
      string,
      {
        /** Number of the keys of the action, then `[type, required, number of its keys]` for each resource type. */
        readonly actions: Readonly<Record<string, readonly (number | readonly [string, number, number])[]>>
        readonly arns: Readonly<Record<string, readonly string[]>>
      }
    >
  >
}

export function catalogueSource({ keys, services }: CatalogueFile): CatalogueSource {
  const keysAt = (number: number) => keys[number] ?? []
  const actionOf = (entry: readonly (number | readonly [string, number, number])[]) => ({
    keys: keysAt(typeof entry[0] === 'number' ? entry[0] : -1),
    types: entry.flatMap((type) =>
      typeof type === 'number' ? [] : [{ name: type[0], required: type[1] === 1, keys: keysAt(type[2]) }],
    ),
  })
  return Object.fromEntries(
    Object.entries(services).map(([name, { actions, arns }]) => [
      name,
      {
        arns,
        actions: Object.fromEntries(
          Object.entries(actions).map(([action, entry]) => [action, actionOf(entry)]),
        ),
      },
    ]),
  )
}
