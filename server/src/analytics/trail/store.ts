import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { conflict } from '../../kernel/errors.ts'
import { syncAll, syncPath } from './durable.ts'

/** A file of a trail as its source lists it. `etag` changes when the content does (S3's ETag), or is empty. */
export interface TrailFile {
  readonly name: string
  readonly size: number
  readonly etag: string
}

export interface FileResult extends TrailFile {
  readonly events: number
  /** Objects among its records that are none and do not count; absent: none are. */
  readonly foreign?: number
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

/** Folders of parts, in the order in which they were made; whatever else lies there (`.DS_Store`) is none. */
export async function partNames(dir: string): Promise<readonly string[]> {
  const folder = partsFolder(dir)
  return existsSync(folder) ? (await readdir(folder)).filter((name) => /^\d{6,}-/.test(name)).sort() : []
}

/** One after the other, as they are asked for: those of a large trail do not fit into memory at once. */
export async function* manifestsOf(dir: string): AsyncGenerator<Manifest> {
  for (const part of await partNames(dir)) yield await readManifest(path.join(partsFolder(dir), part))
}

/** The number of the next part: behind the last one, also when one before it was removed. */
export const nextNumber = async (dir: string): Promise<number> =>
  Number.parseInt((await partNames(dir)).at(-1) ?? '-1', 10) + 1

/** Throws `broken_facts` where the part does not say what it was made of. */
async function readManifest(part: string): Promise<Manifest> {
  const file = path.join(part, 'manifest.json')
  try {
    const manifest = JSON.parse(await readFile(file, 'utf8')) as Manifest
    if (Array.isArray(manifest?.files)) return manifest
    throw new Error('it has no list of files')
  } catch (error) {
    throw conflict(
      'broken_facts',
      `\`${file}\` cannot be read (${error instanceof Error ? error.message : String(error)}). Remove the folder \`${part}\`: the files of the trail that it was made of are then read anew.`,
    )
  }
}

const keyOf = (file: TrailFile) => `${file.name} ${file.size} ${file.etag}`

/** Parts are numbered in the order in which they were made; the digest tells of what files. */
export const partId = (number: number, files: readonly TrailFile[]) =>
  `${String(number).padStart(6, '0')}-${createHash('sha256').update(files.map(keyOf).join('\n')).digest('hex').slice(0, 16)}`

/** Clears what a run left that did not come to its end. */
export async function clearWork(dir: string): Promise<void> {
  await rm(workFolder(dir), { recursive: true, force: true })
  await mkdir(workFolder(dir), { recursive: true })
  await mkdir(partsFolder(dir), { recursive: true })
  await syncPath(dir)
}

/**
 * Publishes a finished part: its manifest is written, all of it goes to the disk, and one rename makes it visible. A power
 * cut leaves the whole part or none.
 */
export async function publish(dir: string, work: string, id: string, manifest: Manifest): Promise<void> {
  await writeFile(path.join(work, 'manifest.json'), `${JSON.stringify(manifest, null, 1)}\n`)
  await syncAll(work)
  await rename(work, path.join(partsFolder(dir), id))
  await syncPath(partsFolder(dir))
}
