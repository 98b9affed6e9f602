/** From the data folder into memory, and memory into a snapshot. */
import { compact, lockFolder, readJournal, resume } from './journal.ts'
import { type Core, realNow } from './state.ts'
import type { Change } from './store.ts'
import type { Timer } from './timers.ts'
import { type Commit, commitOf } from './transaction.ts'

const COMPACT_ABOVE_BYTES = 4 << 20
const ROWS_IN_A_LINE = 500

export function load(core: Core): void {
  const { dataDir, compactAboveBytes = COMPACT_ABOVE_BYTES } = core.options
  if (dataDir === null) return
  core.unlock = lockFolder(dataDir)
  try {
    const { snapshot, records, journalBytes } = readJournal(dataDir)
    replay(core, snapshot as Commit[], records as Commit[])
    resumeTime(core)
    core.journal =
      journalBytes > compactAboveBytes ? compact(dataDir, snapshotOf(core)) : resume(dataDir, journalBytes)
  } catch (error) {
    core.unlock()
    throw error
  }
}

function replay(core: Core, snapshot: readonly Commit[], records: readonly Commit[]): void {
  // A kill between snapshot and emptied journal leaves lines that the snapshot holds already.
  const held = snapshot[0]?.n ?? 0
  for (const commit of [...snapshot, ...records.filter(({ n }) => n > held)]) {
    core.store.apply(commit.w)
    core.commits = commit.n
    core.floor = commit.v
    core.seq = commit.s
    core.draws.state = commit.r
    core.faultDraws.state = commit.f
  }
  for (const timer of core.store.table<Timer>('core.timers').values()) core.queue.add(timer)
}

/** AWS goes on while we are down, so time catches up with the real one; it never runs backwards. */
function resumeTime(core: Core): void {
  const kept = core.store.table<{ scale: number }>('core.clock').get('scale')?.scale
  const real = realNow(core)
  core.anchor = { virtual: Math.max(core.floor, real), real, scale: kept ?? core.options.timeScale }
}

/** Throws everything away, on disk too. */
export function writeEmpty(core: Core): void {
  if (core.options.dataDir === null) return
  core.journal.close()
  core.journal = compact(core.options.dataDir, snapshotOf(core))
}

function* snapshotOf(core: Core): Iterable<Commit> {
  const line = (w: readonly Change[]) => ({ ...commitOf(core, core.commits, w), v: core.floor })
  yield line([])
  for (const [name, rows] of core.store.tables()) {
    let w: Change[] = []
    for (const [key, value] of rows) {
      w.push([name, key, value])
      if (w.length < ROWS_IN_A_LINE) continue
      yield line(w)
      w = []
    }
    yield line(w)
  }
}
