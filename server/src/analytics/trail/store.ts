import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** A file of a trail as its source lists it. `etag` changes when the content does (S3's ETag), or is empty. */
export interface TrailFile {
  readonly name: string
  readonly size: number
  readonly etag: string
}

export interface FileResult extends TrailFile {
  readonly events: number
  /** Why nothing of it counts, or `null`. */
  readonly refused: Refusal | null
}

export interface Refusal {
  readonly reason: 'changed' | 'too_large' | 'corrupt' | 'empty' | 'not_json' | 'foreign' | 'unreadable'
  readonly detail: string
}

/** What a part was made of. It lies beside its Parquet files and appears with them, by one rename, or not at all. */
export interface Manifest {
  readonly version: 1
  /** Keys that were not kept: they are unknown in facts. */
  readonly omit: readonly string[]
  /** Digest of the tables that mapped events; facts of other tables are made anew. */
  readonly tables: string
  readonly files: readonly FileResult[]
}

/** Folders of a facts store: `parts/<id>/{facts,dims}.parquet, manifest.json`, and `work/` for what is not done. */
export const partsFolder = (dir: string) => path.join(dir, 'parts')
export const workFolder = (dir: string) => path.join(dir, 'work')

export async function readManifests(dir: string): Promise<readonly Manifest[]> {
  const folder = partsFolder(dir)
  if (!existsSync(folder)) return []
  const parts = (await readdir(folder)).sort()
  return Promise.all(
    parts.map(
      async (part) =>
        JSON.parse(await readFile(path.join(folder, part, 'manifest.json'), 'utf8')) as Manifest,
    ),
  )
}

const keyOf = (file: TrailFile) => `${file.name} ${file.size} ${file.etag}`

/** Parts are numbered in the order in which they were made; the digest tells of what files. */
export const partId = (number: number, files: readonly TrailFile[]) =>
  `${String(number).padStart(6, '0')}-${createHash('sha256').update(files.map(keyOf).join('\n')).digest('hex').slice(0, 16)}`

export type Standing = 'new' | 'known' | 'changed'

/** Whether a file was read before. What could not be read is tried again when it may have got better. */
export function standingOf(known: ReadonlyMap<string, FileResult>, file: TrailFile): Standing {
  const before = known.get(file.name)
  if (before === undefined || before.refused?.reason === 'unreadable') return 'new'
  if (before.size === file.size && before.etag === file.etag) return 'known'
  return before.refused === null ? 'changed' : 'new'
}

/** The files that parts hold, by name; a later part tells more than an earlier one. */
export const knownFiles = (manifests: readonly Manifest[]): ReadonlyMap<string, FileResult> =>
  new Map(manifests.flatMap((manifest) => manifest.files.map((file) => [file.name, file] as const)))

/** Clears what a run left that did not come to its end. */
export async function clearWork(dir: string): Promise<void> {
  await rm(workFolder(dir), { recursive: true, force: true })
  await mkdir(workFolder(dir), { recursive: true })
  await mkdir(partsFolder(dir), { recursive: true })
}

/** Publishes a finished part: its manifest is written first, then one rename makes all of it visible. */
export async function publish(dir: string, work: string, id: string, manifest: Manifest): Promise<void> {
  await writeFile(path.join(work, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`)
  await rename(work, path.join(partsFolder(dir), id))
}
