import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { RankanError } from '../../kernel/errors.ts'
import type { SectionRoom } from '../trail/index-file.ts'
import { openIndex } from '../trail/index-part.ts'
import type { PartIndex } from '../trail/index-sections.ts'
import { partsFolder, workFolder } from '../trail/store.ts'

/** Reading of a facts folder, a part at a time. */
export interface FactsReader {
  /** Folders of the parts, in the order in which they were made. */
  readonly parts: readonly string[]
  /** Opens the index of a part for `work`, and closes it: nothing of it may be kept, and one is open at a time. Ends with the reason when the answer was aborted. */
  read<T>(part: string, work: (index: PartIndex) => T): Promise<T>
}

export async function factsReader(
  dir: string,
  room: SectionRoom,
  signal?: AbortSignal,
): Promise<FactsReader> {
  const folder = partsFolder(dir)
  const names = existsSync(folder) ? (await readdir(folder)).sort() : []
  const parts = names
    .map((name) => path.join(folder, name))
    .filter((part) => existsSync(path.join(part, 'facts.parquet')))
  if (parts.length === 0)
    throw new RankanError(
      'not_found',
      'no_facts',
      existsSync(folder)
        ? `There are no facts in \`${dir}\`: no event of the trail could be read.`
        : `There are no facts in \`${dir}\`: no trail was read into it yet, or the name is another one.`,
    )
  return {
    parts,
    async read(part, work) {
      // A part is answered without a pause; whoever wants to stop is heard before it.
      await setImmediate()
      signal?.throwIfAborted()
      const index = await openIndex(part, path.join(workFolder(dir), 'spill'), room)
      try {
        return work(index)
      } finally {
        index.close()
      }
    },
  }
}
