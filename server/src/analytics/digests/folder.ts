import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { DigestPlace } from './check.ts'

/** Digests in a copy of the bucket. A file `<digest>.signature` beside one holds what S3 keeps as metadata. */
export function folderDigests(dir: string): DigestPlace {
  return {
    digests: () => walk(dir, ''),
    async open(name) {
      const file = path.join(dir, name)
      const bytes = await readFile(file).catch(gone)
      if (bytes === null) return null
      const signature = await readFile(`${file}.signature`, 'utf8').catch(gone)
      const metadata: Record<string, string> = signature === null ? {} : { signature: signature.trim() }
      return { bytes, metadata }
    },
    // The folder may begin anywhere below the bucket: what the digest's key has more than its name is above it.
    nameOf(key, digest) {
      const above = digest.key.endsWith(digest.name) ? digest.key.slice(0, -digest.name.length) : ''
      return key.startsWith(above) ? key.slice(above.length) : key
    },
  }
}

function gone(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null
  throw error
}

async function* walk(dir: string, prefix: string): AsyncIterable<string> {
  if (!existsSync(path.join(dir, prefix))) return
  const entries = await readdir(path.join(dir, prefix), { withFileTypes: true })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = prefix === '' ? entry.name : `${prefix}/${entry.name}`
    if (entry.isDirectory() && !/^CloudTrail(-Insight|-NetworkActivity)?$/.test(entry.name))
      yield* walk(dir, name)
    else if (entry.isFile() && /_CloudTrail-Digest_.*\.json\.gz$/.test(name)) yield name
  }
}
