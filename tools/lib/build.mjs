import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root, run } from './install.mjs'

/** What each part is built from. */
const SOURCES = {
  server: ['server/src', 'server/tsconfig.build.json', 'tsconfig.base.json', 'package-lock.json'],
  portal: [
    'portal/src',
    'portal/index.html',
    'portal/public',
    'portal/vite.config.ts',
    'server/src/domain',
    'server/src/kernel',
    'server/src/policy',
    'server/src/guard',
    'server/src/automation',
    'server/src/templates',
    'server/src/catalog',
    'server/data/iam',
    'package-lock.json',
  ],
}

const stampOf = (workspace) => path.join(root, workspace, 'dist', '.sources')

/** Was the part built from its sources as they are? */
export function isBuilt(workspace) {
  const stamp = stampOf(workspace)
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint(SOURCES[workspace])
}

/** Builds server and portal where their sources changed since the last build. */
export function buildIfStale() {
  for (const workspace of Object.keys(SOURCES)) {
    if (isBuilt(workspace)) continue
    const built = fingerprint(SOURCES[workspace])
    run('npm', ['run', '--silent', 'build', '-w', workspace], `Building the ${workspace} …`)
    writeFileSync(stampOf(workspace), built)
  }
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
