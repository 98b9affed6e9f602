import type { IngestReport } from './ingest.ts'
import { cloudTrailName } from './known.ts'
import { type FileResult, manifestsOf } from './store.ts'

export interface Incomplete {
  readonly refused: readonly FileResult[]
  /** Files with objects that are no records. */
  readonly partly: readonly FileResult[]
}

/**
 * Files of which nothing, or not everything, counts in the facts of `dir`, in the order in which they were read. A file that was
 * refused once is not read again, and answers lack it all the same: so the facts tell what is not in them, not this run alone.
 */
export async function incompleteIn(dir: string, read: Pick<IngestReport, 'refused'>): Promise<Incomplete> {
  const incomplete = new Map<string, FileResult>()
  for await (const { files } of manifestsOf(dir))
    for (const file of files) {
      // A file that could be read at a later try, or a copy of it, is complete.
      const key = cloudTrailName(file.name) ?? file.name
      if (file.refused !== null || (file.foreign ?? 0) > 0) incomplete.set(key, file)
      else incomplete.delete(key)
    }
  const all = [...incomplete.values()]
  return {
    // Files that changed stay out of the manifests: the content that was read first stands there.
    refused: [
      ...all.filter((file) => file.refused !== null),
      ...read.refused.filter((file) => file.refused?.reason === 'changed'),
    ],
    partly: all.filter((file) => file.refused === null),
  }
}
