import { hash } from 'node:crypto'
import { statSync } from 'node:fs'
import { open, readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import type { TrailFile } from './store.ts'
import { FILE_LIMITS } from './unpack.ts'

/** Where trail files are: a folder, or S3 through an adapter of `aws/`. Reading refuses more than the limit. */
export interface TrailSource {
  list(): AsyncIterable<TrailFile>
  read(file: TrailFile): Promise<Uint8Array>
  /** Where on this machine it lies, so that the thread that needs it reads it; `null`: only `read` can, or says why it cannot. */
  placeOf?(file: TrailFile): string | null
  /** What changes with the content of a file whose listing has no ETag; empty when it cannot be told. */
  tagOf?(file: TrailFile): Promise<string>
}

/** Trail files by their ending; digests and other reports of the bucket are left alone. */
const isTrailFile = (name: string) =>
  /\.(json|jsonl|ndjson|csv)(\.gz)?$/.test(name) &&
  !name.includes('CloudTrail-Digest') &&
  !name.includes('CloudTrail-Insight')

/** Stands in the place of an ETag; the files of a folder have none. */
const LINK = 'symbolic-link'
export const isLink = ({ etag }: TrailFile): boolean => etag === LINK

/** A folder in AWS's layout or any other, in the order of names. Symbolic links are listed and cannot be read, so that a run reports them. */
export function folderSource(dir: string): TrailSource {
  const source = {
    list: () => walk(dir, ''),
    placeOf: (file: TrailFile) =>
      isLink(file) || file.size > FILE_LIMITS.packedBytes ? null : path.join(dir, file.name),
    async read(file: TrailFile) {
      if (isLink(file))
        throw new Error(
          'a symbolic link, which is not followed, lest files count twice; replay its target by itself',
        )
      if (file.size > FILE_LIMITS.packedBytes) return new Uint8Array(0)
      const handle = await open(path.join(dir, file.name))
      try {
        return await handle.readFile()
      } finally {
        await handle.close()
      }
    },
    // Empty files are no copies of each other that one had better not report, and content above the limit is not read.
    tagOf: async (file: TrailFile) =>
      file.size === 0 || file.size > FILE_LIMITS.packedBytes
        ? ''
        : hash('sha256', await source.read(file)).slice(0, 32),
  }
  return source
}

/** One file, whatever its name is. */
export function fileSource(file: string): TrailSource {
  const { dir, base } = path.parse(file)
  return {
    ...folderSource(dir),
    async *list() {
      const { size } = await stat(file)
      yield { name: base, size, etag: '' }
    },
  }
}

/** A link that leads nowhere, or to itself, is no folder. */
const isFolder = async (place: string) => (await stat(place).catch(() => null))?.isDirectory() === true

async function* walk(dir: string, prefix: string): AsyncIterable<TrailFile> {
  const entries = await readdir(path.join(dir, prefix), { withFileTypes: true })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const name = prefix === '' ? entry.name : `${prefix}/${entry.name}`
    if (entry.isDirectory()) yield* walk(dir, name)
    else if (entry.isSymbolicLink() && (isTrailFile(name) || (await isFolder(path.join(dir, name)))))
      yield { name, size: 0, etag: LINK }
    else if (entry.isFile() && isTrailFile(name)) {
      // At once: thousands of short questions, each of which would go through another thread.
      const { size } = statSync(path.join(dir, name))
      // CloudTrail never changes a file; times of a copied folder say nothing of its content.
      yield { name, size, etag: '' }
    }
  }
}
