// Writes generated files (or with --check: fails when one is out of step).
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from './lib/build-server.mjs'

try {
  build()
} catch (error) {
  // The generators need only files that compile; what does not is another test's business.
  console.error(String(error.message).slice(0, 2000))
}
const { permitsText } = await import('../server/dist/identity/permits.js')
const outputs = [{ file: '../server/policies/permits.cedar', text: permitsText() }]

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
  } else writeFileSync(path, text)
}
process.exitCode = stale > 0 ? 1 : 0
