import { describe, expect, it } from 'vitest'
import { systemClock } from '../kernel/clock.ts'
import { systemRandom } from '../kernel/random.ts'
import type { SlotRelease, WorkStore } from '../ports/queue.ts'
import { openJournal } from './journal.ts'
import { leaseOf } from './lease.ts'
import { engineMetrics } from './metrics.ts'
import type { Run } from './run.ts'
import { holdUnit } from './units.ts'
import { wakesOn } from './wakes.ts'

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const request = {
  quota: 'account_operations',
  scope: 'aws_1',
  workId: 'w',
  hold: 'admission',
  epoch: 1,
} as const

/** A run whose queue has no unit to give and notes what is released. */
function runNoting(released: SlotRelease[]): Run {
  const store = {
    acquire: async () => false,
    release: async (release: SlotRelease) => {
      released.push(release)
      return []
    },
  } satisfies Partial<WorkStore>
  return {
    executorId: 'x1',
    store: store as unknown as WorkStore,
    observer: { tell: async () => {} },
    clock: systemClock,
    random: systemRandom,
    timeScale: 1,
    pageMs: 2000,
    wakes: wakesOn(systemClock),
    metrics: engineMetrics(store as unknown as WorkStore),
    log: quiet,
    stopping: new AbortController().signal,
    lease: leaseOf(1000, () => 0),
    start: () => {},
  }
}

const newJournal = () =>
  openJournal(
    0,
    (page) => page(),
    2000,
    () => 0,
  )
const timeline = { tell: () => {}, settled: async () => {} }

describe('a unit that is waited for', () => {
  it('is asked for no more by an execution that lost its work, which then ends', async () => {
    const released: SlotRelease[] = []
    const run = runNoting(released)
    let asked = 0
    const fence = async () => {
      if (asked++ > 0) throw new Error('Another execution owns the work.')
      run.wakes.wake('unit:w#admission')
    }
    const body = () => Promise.reject(new Error('The body ran.'))
    const execution = { timeline, journal: await newJournal(), fence }
    await expect(holdUnit(run, execution, request, false, body)).rejects.toThrow('Another execution')
    expect(asked).toBe(2)
    expect(released).toEqual([])
  })
})

describe('a unit that is held', () => {
  const hold = async (fails: boolean): Promise<number | undefined> => {
    const released: SlotRelease[] = []
    const journal = await newJournal()
    const body = async () => {
      journal.add('refused', { ok: true, value: null })
      if (fails) throw new Error('AWS refuses the value')
    }
    const execution = { timeline, journal, fence: async () => {} }
    await holdUnit(runNoting(released), execution, request, true, body).catch(() => {})
    return released[0]?.pages
  }

  it('is over with the page that holds its last step', async () => {
    expect(await hold(false)).toBe(1)
  })

  it('is never over when its body failed: the failed step begins a page of its own, and needs the unit again', async () => {
    expect(await hold(true)).toBeGreaterThan(1_000_000)
  })
})
