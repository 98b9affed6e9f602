import type { IngestReport } from '../../analytics/trail/ingest.ts'
import { cloudTrailName } from '../../analytics/trail/known.ts'
import { type FileResult, manifestsOf } from '../../analytics/trail/store.ts'
import type { ReplayIngest } from '../../domain/policies/replays.ts'

/** Files that are named in a result; all of them are counted. */
const NAMED = 100

/**
 * What reading said of a trail whose facts lie in `dir`. A file that was refused once is not read again, and the answer
 * lacks it all the same: so the facts tell what is not in them, not this run alone.
 */
export async function ingestView(
  dir: string,
  read: Pick<IngestReport, 'files' | 'known' | 'events' | 'refused'>,
): Promise<Omit<ReplayIngest, 'digests'>> {
  const { refused, partly } = await incompleteIn(dir)
  // They stay out of the manifests: the content that was read first stands there.
  for (const file of read.refused) if (file.refused?.reason === 'changed') refused.push(file)
  return {
    files: read.files,
    known: read.known,
    events: read.events,
    refusedFiles: refused.length,
    refused: refused
      .slice(0, NAMED)
      .flatMap(({ name, refused: why }) => (why === null ? [] : [{ name, ...why }])),
    partlyFiles: partly.length,
    partly: partly.slice(0, NAMED).map(({ name, events, foreign = 0 }) => ({ name, events, foreign })),
  }
}

/** Files of which nothing, or not everything, counts in these facts, in the order in which they were read. */
async function incompleteIn(
  dir: string,
): Promise<{ readonly refused: FileResult[]; readonly partly: readonly FileResult[] }> {
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
    refused: all.filter((file) => file.refused !== null),
    partly: all.filter((file) => file.refused === null),
  }
}
