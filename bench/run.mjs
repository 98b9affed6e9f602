// `npm run -s bench -- <name> [options]`: compiles the server and the benchmarks, then runs one. JSON on standard output.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../', import.meta.url))

function compile(project) {
  const args = ['node_modules/typescript/bin/tsc', '-p', project]
  const result = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
  if (result.status === 0) return
  console.error(result.stdout || result.stderr)
  process.exit(1)
}

compile('server/tsconfig.build.json')
compile('bench/tsconfig.build.json')
await import(new URL('./dist/bench/src/main.js', import.meta.url))
