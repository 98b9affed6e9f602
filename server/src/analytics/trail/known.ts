import { conflict } from '../../kernel/errors.ts'
import { fit } from './growing.ts'
import { idTable, putTextId } from './ids.ts'
import { isLink } from './source.ts'
import { manifestsOf, type TrailFile } from './store.ts'

export type Standing = 'new' | 'known' | 'changed'

/** The files that were read, in about forty bytes each: names are kept as ids of 64 bits. */
export interface KnownFiles {
  standingOf(file: TrailFile): Standing
  add(file: TrailFile, wasRefused: boolean): void
}

/**
 * CloudTrail ends each name with 16 letters that no other file has, so that one file has one name wherever the folder of a
 * trail begins (CloudTrail user guide, "CloudTrail log file examples").
 */
const OWN_NAME = /(?:^|\/)(\d{12}_CloudTrail[^/]*_\d{8}T\d{4}Z_[A-Za-z0-9]{16}\.json)(?:\.gz)?$/
export const cloudTrailName = (name: string): string | null => OWN_NAME.exec(name)?.[1] ?? null

const [READ, REFUSED] = [1, 2]

export function knownFiles(): KnownFiles {
  const ids = idTable()
  const id = new Uint32Array(2)
  let states = new Uint8Array(1024)
  let sizes = new Uint32Array(1024)
  let tags = new Uint32Array(1024)

  const find = (text: string): number => {
    putTextId(id, 0, text)
    const number = ids.find(id, 0)
    states = fit(states, number + 1)
    sizes = fit(sizes, number + 1)
    tags = fit(tags, number + 1)
    return number
  }
  const stateOf = (text: string): number => states[find(text)] as number
  const note = (text: string, state: number, { size, etag }: TrailFile): void => {
    const number = find(text)
    states[number] = state
    sizes[number] = size
    tags[number] = tagOf(etag)
  }
  /** Of a copy in a folder, which has no ETag, the size tells. */
  const isSame = (number: number, { size, etag }: TrailFile): boolean => {
    const [before, now] = [tags[number] as number, tagOf(etag)]
    return sizes[number] === size >>> 0 && (before === now || before === 0 || now === 0)
  }
  const tagOf = (etag: string): number => {
    if (etag === '') return 0
    putTextId(id, 0, etag)
    return ((id[0] as number) | 1) >>> 0
  }
  return {
    standingOf(file) {
      const content = contentOf(file)
      if (content !== null && stateOf(content) === READ) return 'known'
      const number = find(nameOf(file))
      const state = states[number]
      if (state !== READ && state !== REFUSED) return 'new'
      if (isSame(number, file)) return 'known'
      return state === READ ? 'changed' : 'new'
    },
    add(file, wasRefused) {
      note(nameOf(file), wasRefused ? REFUSED : READ, file)
      const content = contentOf(file)
      if (content !== null && !wasRefused) note(content, READ, file)
    },
  }
}

/** A link is not the file that it leads to. */
const nameOf = (file: TrailFile): string =>
  isLink(file) ? `link ${file.name}` : (cloudTrailName(file.name) ?? `name ${file.name}`)

/** What tells a file of any other name: it may be another one's name in another folder. */
const contentOf = (file: TrailFile): string | null =>
  file.etag === '' || isLink(file) || cloudTrailName(file.name) !== null ? null : `${file.size} ${file.etag}`

/** The files of all parts; a later part tells more than an earlier one. Throws `facts_of_other_tables`. */
export async function filesOfParts(dir: string, tables: string): Promise<KnownFiles> {
  const known = knownFiles()
  for await (const manifest of manifestsOf(dir)) {
    if (manifest.version !== 1 || manifest.tables !== tables)
      throw conflict(
        'facts_of_other_tables',
        `The facts in \`${dir}\` were made by another version of Rankan or of its tables. Name an empty folder, so that all files are read anew.`,
      )
    // What could not be read is tried again.
    for (const file of manifest.files)
      if (file.refused?.reason !== 'unreadable') known.add(file, file.refused !== null)
  }
  return known
}
