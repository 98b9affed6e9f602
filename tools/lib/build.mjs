import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root, run } from './install.mjs'

/** Builds server and portal where their sources changed since the last build. */
export function buildIfStale() {
  buildPart('server', ['server/src', 'server/tsconfig.build.json', 'tsconfig.base.json', 'package-lock.json'])
  buildPart('portal', [
    'portal/src',
    'portal/index.html',
    'portal/public',
    'portal/vite.config.ts',
    'server/src/domain',
    'server/src/kernel',
    'package-lock.json',
  ])
}

function buildPart(workspace, sources) {
  const stamp = path.join(root, workspace, 'dist', '.sources')
  const now = fingerprint(sources)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return
  run('npm', ['run', '--silent', 'build', '-w', workspace], `Building the ${workspace} …`)
  writeFileSync(stamp, now)
}

/** Names, sizes and times of all files: reading their contents would cost each start a second. */
function fingerprint(sources) {
  const hash = createHash('sha256')
  const visit = (file) => {
    if (!existsSync(file)) return
    const stat = statSync(file)
    if (stat.isDirectory()) for (const name of readdirSync(file).sort()) visit(path.join(file, name))
    else if (!file.includes('.test.')) hash.update(`${file} ${stat.size} ${stat.mtimeMs}\n`)
  }
  for (const source of sources) visit(path.join(root, source))
  return hash.digest('hex')
}
