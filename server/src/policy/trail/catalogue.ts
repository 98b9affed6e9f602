import { keysOfList, keysOfType, type ServiceFile } from '../facts.ts'
import type { ActionFacts, ActionType, IamFacts } from './facts.ts'

/** What the catalogue is made of: the Service Authorization Reference, by prefix. */
export interface CatalogueSource {
  readonly [prefix: string]: Service
}

interface Service {
  readonly actions: Readonly<
    Record<
      string,
      {
        readonly keys: readonly string[]
        readonly types: readonly {
          readonly name: string
          readonly required: boolean
          readonly keys: readonly string[]
          readonly keysOfType: readonly string[]
        }[]
      }
    >
  >
  readonly arns: Readonly<Record<string, readonly string[]>>
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
        (type): ActionType => ({
          name: type.name,
          required: type.required,
          keys: lower(type.keys),
          keysOfType: lower(type.keysOfType),
        }),
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

/**
 * The source out of the generated files of `server/data/iam`; `prefixes` are the services there are. A service's file is
 * loaded when it is first asked for.
 */
export function catalogueSource(
  prefixes: Iterable<string>,
  load: (prefix: string) => ServiceFile,
): CatalogueSource {
  const source: Record<string, Service> = {}
  for (const prefix of prefixes) {
    let known: Service | undefined
    Object.defineProperty(source, prefix, {
      enumerable: true,
      get: () => {
        known ??= serviceOf(load(prefix))
        return known
      },
    })
  }
  return source
}

function serviceOf(file: ServiceFile): Service {
  const typeOf = ([position, required, list]: readonly [number, number, number?]) => ({
    name: file.resourceTypes[position]?.[0] ?? '',
    required: required === 1,
    keys: keysOfList(file, list),
    keysOfType: keysOfType(file, position),
  })
  return {
    arns: Object.fromEntries(file.resourceTypes.map(([name, arn]) => [name, arn.split(/,\s*(?=arn:)/)])),
    actions: Object.fromEntries(
      Object.entries(file.actions).map(([name, [, types = [], own]]) => [
        name,
        { keys: keysOfList(file, own), types: types.map(typeOf) },
      ]),
    ),
  }
}
