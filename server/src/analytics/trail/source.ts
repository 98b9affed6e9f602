import { open, readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import type { TrailFile } from './store.ts'
import { FILE_LIMITS } from './unpack.ts'

/** Where trail files are: a folder, or S3 through an adapter of `aws/`. Reading refuses more than the limit. */
export interface TrailSource {
  list(): AsyncIterable<TrailFile>
  read(file: TrailFile): Promise<Uint8Array>
}

/** Trail files by their ending; digests and other reports of the bucket are left alone. */
const isTrailFile = (name: string) =>
  /\.(json|jsonl|ndjson|csv)(\.gz)?$/.test(name) &&
  !name.includes('CloudTrail-Digest') &&
  !name.includes('CloudTrail-Insight')

/** A folder in AWS's layout or any other, in the order of names. */
export function folderSource(dir: string): TrailSource {
  return {
    list: () => walk(dir, ''),
    async read(file) {
      if (file.size > FILE_LIMITS.packedBytes) return new Uint8Array(0)
      const handle = await open(path.join(dir, file.name))
      try {
        return await handle.readFile()
      } finally {
        await handle.close()
      }
    },
  }
}

/** One file, whatever its name is, known by its own name in facts. */
export function fileSource(file: string): TrailSource {
  const { dir, base } = path.parse(file)
  return {
    async *list() {
      const { size } = await stat(file)
      yield { name: base, size, etag: '' }
    },
    read: folderSource(dir).read,
  }
}

async function* walk(dir: string, prefix: string): AsyncIterable<TrailFile> {
  const entries = await readdir(path.join(dir, prefix), { withFileTypes: true })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = prefix === '' ? entry.name : `${prefix}/${entry.name}`
    if (entry.isDirectory()) yield* walk(dir, name)
    else if (entry.isFile() && isTrailFile(name)) {
      const { size } = await stat(path.join(dir, name))
      // CloudTrail never changes a file; times of a copied folder say nothing of its content.
      yield { name, size, etag: '' }
    }
  }
}
