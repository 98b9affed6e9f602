// `npm test`: installs, builds, type-checks, lints, and runs every suite that needs only Node.
import { spawnSync } from 'node:child_process'
import { buildIfStale } from './lib/build.mjs'
import { install, root, run } from './lib/install.mjs'

install()
buildIfStale()
const bin = (name) => `node_modules/.bin/${name}`
for (const part of ['server', 'portal', 'bench'])
  run(bin('tsc'), ['-p', part, '--noEmit'], `Type-checking ${part} …`)
run(bin('biome'), ['check', '--error-on-warnings', '.'], 'Linting …')
const result = spawnSync(bin('vitest'), ['run', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' })
process.exit(result.status ?? 1)
