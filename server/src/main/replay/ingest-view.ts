import { incompleteIn } from '../../analytics/trail/incomplete.ts'
import type { IngestReport } from '../../analytics/trail/ingest.ts'
import type { ReplayIngest } from '../../domain/policies/replays.ts'

/** Files that are named in a result; all of them are counted. */
const NAMED = 100

/** What reading said of a trail whose facts lie in `dir`. */
export async function ingestView(
  dir: string,
  read: Pick<IngestReport, 'files' | 'known' | 'events' | 'refused'>,
): Promise<Omit<ReplayIngest, 'digests'>> {
  const { refused, partly } = await incompleteIn(dir, read)
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
