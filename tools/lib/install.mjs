import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../../', import.meta.url))

/** Installs what package-lock.json names, unless exactly that is installed already. */
export function install() {
  refuseOldNode()
  const stamp = path.join(root, 'node_modules', '.rankan-lock-sha256')
  const wanted = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  // A developer's own `npm install` leaves its mark here: what is newer than the lock file is not installed again.
  const installed = path.join(root, 'node_modules', '.package-lock.json')
  const current =
    existsSync(installed) &&
    statSync(installed).mtimeMs >= statSync(path.join(root, 'package-lock.json')).mtimeMs
  if (!current)
    run(
      'npm',
      ['ci', '--no-audit', '--no-fund', '--loglevel=error'],
      'Installing packages (a minute the first time) …',
    )
  writeFileSync(stamp, wanted)
}

function refuseOldNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  console.error(`Rankan needs Node.js 20.19 or newer; this is ${process.versions.node}.`)
  process.exit(1)
}

export function run(command, args, label) {
  if (label) console.error(label)
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (result.status === 0) return
  console.error(
    `\`${command} ${args.join(' ')}\` failed${result.error ? `: ${result.error.message}` : ` with code ${result.status}`}.`,
  )
  process.exit(1)
}
