// Writes generated files (or with --check: fails when one is out of step).
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { iamFiles } from './iam/files.mjs'
import { isBuilt } from './lib/build.mjs'
import { build } from './lib/build-server.mjs'
import { prettyJson } from './lib/pretty-json.mjs'
import { SHARED_MEMORY, wasmText } from './lib/wasm.mjs'

try {
  // Tests may run processes from the same folder.
  if (!isBuilt('server')) build()
} catch (error) {
  // The generators need only files that compile; what does not is another test's business.
  console.error(String(error.message).slice(0, 2000))
}
const { permitsText } = await import('../server/dist/identity/permits.js')
const { configTable } = await import('../server/dist/main/config.js')
const { indexOf } = await import('../server/dist/catalog/index-of.js')
const { readLibrary } = await import('../server/dist/cli/control/library.js')
const outputs = [
  { file: '../server/policies/permits.cedar', text: permitsText() },
  { file: '../docs/guide/configuration.md', text: configurationPage(configTable()) },
  { file: '../server/data/controls/index.json', text: prettyJson(indexOf(readLibrary())) },
  {
    file: '../server/src/analytics/trail/scan.generated.ts',
    text: await wasmText('trail/scan.ts', 'SCAN_WASM'),
  },
  {
    file: '../server/src/analytics/replay/ask.generated.ts',
    text: await wasmText('replay/ask.ts', 'ASK_WASM', SHARED_MEMORY),
  },
  ...(await iamFiles()).map(({ file, text }) => ({ file: `../server/data/iam/${file}`, text })),
]

let stale = 0
for (const { file, text } of outputs) {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const current = (() => {
    try {
      return readFileSync(path, 'utf8')
    } catch {
      return null
    }
  })()
  if (current === text) continue
  if (process.argv.includes('--check')) {
    console.error(`${path} is out of step: run \`node tools/generate.mjs\`.`)
    stale++
  } else {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
}
process.exitCode = stale > 0 ? 1 : 0

function configurationPage(rows) {
  return `# Configuration / 設定

Written by tools/generate.mjs out of server/src/main/config.ts. Every setting is an environment variable; a bad value or an unknown name is refused
with its name. What AWS needs (region, credentials, endpoint) is the AWS SDK's own configuration (\`AWS_REGION\`, \`AWS_PROFILE\`, \`AWS_ENDPOINT_URL\` …).

| variable | meaning |
|---|---|
${rows.map(({ name, meaning }) => `| \`${name}\` | ${meaning} |`).join('\n')}
`
}
