import { parseArgs } from 'node:util'
import { guardBench } from './guard.ts'
import { run as orgImport } from './org-import.ts'
import { pages } from './pages.ts'
import { vendingPeers } from './peers.ts'
import { replayBench } from './replay.ts'
import { vending } from './vending.ts'

const USAGE = `npm run -s bench -- vending [--accounts 400] [--workers 3] [--chaos] [--time-scale 300, 150 with --chaos] [--keep]
npm run -s bench -- vending-peers [--accounts 400] [--failures 0.01]
npm run -s bench -- pages [--applications 10000] [--accounts 10000] [--requests 100]
npm run -s bench -- replay [--events 1000000] [--seed 1] [--statements 50] [--sample 1000] [--dir DIR]
npm run -s bench -- guard [--seed 1] [--resources 3] [--items 20000]
npm run -s bench -- org-import [--lists ../shared/data/organisations]
JSON goes to standard output, progress to standard error.`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    accounts: { type: 'string', default: '' },
    applications: { type: 'string', default: '10000' },
    requests: { type: 'string', default: '100' },
    workers: { type: 'string', default: '3' },
    chaos: { type: 'boolean', default: false },
    'time-scale': { type: 'string', default: '' },
    failures: { type: 'string', default: '0.01' },
    keep: { type: 'boolean', default: false },
    events: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    statements: { type: 'string', default: '50' },
    sample: { type: 'string', default: '1000' },
    dir: { type: 'string' },
    resources: { type: 'string', default: '3' },
    items: { type: 'string', default: '20000' },
    lists: { type: 'string', default: '../shared/data/organisations' },
  },
})

/** A whole number of at least one, or the end with a word about the option. */
function count(
  name:
    | 'accounts'
    | 'applications'
    | 'requests'
    | 'workers'
    | 'time-scale'
    | 'events'
    | 'seed'
    | 'statements'
    | 'sample'
    | 'resources'
    | 'items',
  usual = '',
): number {
  const value = Number(values[name] || usual)
  if (Number.isInteger(value) && value >= 1) return value
  console.error(`\`--${name}\` is \`${values[name]}\`; it must be a whole number of at least 1.\n\n${USAGE}`)
  process.exit(2)
}

async function run(): Promise<object> {
  if (positionals[0] === 'pages')
    return pages({
      applications: count('applications'),
      accounts: count('accounts', '10000'),
      requests: count('requests'),
    })
  if (positionals[0] === 'replay')
    return replayBench({
      events: count('events'),
      seed: count('seed'),
      statements: count('statements'),
      sample: count('sample'),
      ...(values.dir === undefined ? {} : { dir: values.dir }),
    })
  if (positionals[0] === 'guard')
    return guardBench({ seed: count('seed'), resources: count('resources'), items: count('items') })
  const accounts = count('accounts', '400')
  if (positionals[0] === 'vending')
    return vending({
      accounts,
      workers: count('workers'),
      chaos: values.chaos,
      // A dead worker is missed after real seconds, so a disturbed month may not pass as fast.
      timeScale: count('time-scale', values.chaos ? '150' : '300'),
      keep: values.keep,
    })
  if (positionals[0] === 'vending-peers')
    return vendingPeers({ accounts, operationS: 1800, failureShare: Number(values.failures), seed: 7 })
  if (positionals[0] === 'org-import') return orgImport(['--lists', values.lists])
  console.error(`There is no benchmark \`${positionals[0] ?? ''}\`.\n\n${USAGE}`)
  process.exit(2)
}

// Libraries that greet on standard output must not get between the JSON and its reader.
console.log = console.error
process.stdout.write(`${JSON.stringify(await run(), null, 2)}\n`)
