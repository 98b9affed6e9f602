/** One change of the estate: all of it in one journal line, or nothing. */
import { bug } from '../../kernel/errors.ts'
import { type Core, virtualNow } from './state.ts'
import type { Change } from './store.ts'

/** A journal line: number, virtual now, states of the two random streams, sequence, changes. */
export interface Commit {
  readonly n: number
  readonly v: number
  readonly r: number
  readonly f: number
  readonly s: number
  readonly w: readonly Change[]
}

/** What a mutating call did, for whoever counts effects. */
export interface EffectNote {
  readonly service: string
  readonly operation: string
  readonly accountId: string
  readonly arn: string
  readonly input: unknown
}

export interface Effect extends EffectNote {
  readonly seq: number
  readonly at: string
}

/** Runs the work at that virtual time; throws what it throws, after taking its changes back. */
export function transact<T>(core: Core, at: number, work: () => T, note?: EffectNote): T {
  if (core.frozen !== null) throw bug('A transaction of the sandbox cannot begin inside another.')
  core.frozen = at
  core.newTimers = []
  core.newEvents = []
  core.sticky = []
  try {
    const value = work()
    if (note) keepEffect(core, note)
    finish(core, core.store.pending())
    return value
  } catch (error) {
    core.store.rollback()
    abandon(core)
    throw error
  }
}

/** The journal has the changes first; if it cannot take them (full disk), they are not applied. */
function finish(core: Core, changes: readonly Change[]): void {
  const all = [...core.sticky, ...changes]
  if (all.length > 0) {
    core.journal.append(commitOf(core, core.commits + 1, all))
    core.commits++
  }
  core.store.commit()
  core.floor = virtualNow(core)
  core.frozen = null
  if (changes.length === 0) return
  for (const timer of core.newTimers) core.queue.add(timer)
  for (const event of core.newEvents) core.options.onEvent?.(event)
  core.afterCommit()
}

export const commitOf = (core: Core, n: number, w: readonly Change[]): Commit => ({
  n,
  v: virtualNow(core),
  r: core.draws.state,
  f: core.faultDraws.state,
  s: core.seq,
  w,
})

function abandon(core: Core): void {
  try {
    finish(core, [])
  } finally {
    core.frozen = null
  }
}

const EFFECTS_KEPT = 50_000
const EFFECT_INPUT_BYTES = 2_000
// Receiving, deleting and assuming happen all the time and change no estate.
const NOT_EFFECTS = new Set(['sqs', 'sts'])

function keepEffect(core: Core, note: EffectNote): void {
  const changed = [...core.store.touched()].some((name) => !name.startsWith('core.'))
  if (NOT_EFFECTS.has(note.service) || !changed) return
  const effects = core.store.table<Effect>('core.effects')
  const text = JSON.stringify(note.input) ?? '{}'
  const input = text.length > EFFECT_INPUT_BYTES ? { tooLong: text.length } : note.input
  const effect = { ...note, input, seq: ++core.seq, at: new Date(virtualNow(core)).toISOString() }
  effects.put(String(effect.seq), effect)
  if (effects.size <= EFFECTS_KEPT) return
  const [oldest] = effects.entries()
  if (oldest) effects.delete(oldest[0])
}
