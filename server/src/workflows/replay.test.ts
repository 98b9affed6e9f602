import { describe, expect, it } from 'vitest'
import { systemClock } from '../kernel/clock.ts'
import { invalid } from '../kernel/errors.ts'
import type { ReplayJob, ReplayOutcome, ReplayRunner, ReplayStore, Standing } from '../ports/replays.ts'
import { runNextReplay } from './replay.ts'

const job = { id: 'rpl_1', attempt: 1 } as unknown as ReplayJob
const outcome = { proposals: [] } as unknown as ReplayOutcome

function storeOf(standing: () => Standing, jobs: (ReplayJob | null)[] = [job]) {
  const said: string[] = []
  const store: ReplayStore = {
    claim: async () => jobs.shift() ?? null,
    beat: async () => standing(),
    done: async () => void said.push('done'),
    failed: async (_, { code, message }) => void said.push(`failed ${code} ${message}`),
    cancelled: async () => void said.push('cancelled'),
    release: async () => void said.push('released'),
  }
  return { store, said }
}
const until: ReplayRunner['run'] = (_, __, signal) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
const run = (store: ReplayStore, runner: ReplayRunner['run'], stop = new AbortController().signal) =>
  runNextReplay({ store, runner: { run: runner }, clock: systemClock }, stop)

describe('a replay', () => {
  it('there is none', async () => {
    const { store, said } = storeOf(() => 'go', [])
    expect(await run(store, until)).toBe(false)
    expect(said).toEqual([])
  })
  it('is done', async () => {
    const { store, said } = storeOf(() => 'go')
    expect(await run(store, async () => outcome)).toBe(true)
    expect(said).toEqual(['done'])
  })
  it('fails with every fault that is known', async () => {
    const { store, said } = storeOf(() => 'go')
    await run(store, async () => {
      throw invalid('bad_policy', 'One fault.', [{ path: ['a', '$.x'], code: 'c', message: 'm' }])
    })
    expect(said).toEqual(['failed bad_policy One fault.\na $.x: m'])
  })
  it('ends when a person cancels it', async () => {
    const { store, said } = storeOf(() => 'cancelled')
    await run(store, until)
    expect(said).toEqual(['cancelled'])
  })
  it('that another worker has is left alone', async () => {
    const { store, said } = storeOf(() => 'lost')
    await run(store, until)
    expect(said).toEqual([])
  })
  it('is given back when the worker stops', async () => {
    const { store, said } = storeOf(() => 'go')
    const stop = new AbortController()
    const running = run(store, until, stop.signal)
    setTimeout(() => stop.abort(new Error('the worker stops')), 20)
    await running
    expect(said).toEqual(['released'])
  })
  it('goes on while the database is away', async () => {
    const { store, said } = storeOf(() => {
      throw new Error('connection lost')
    })
    await run(store, async () => outcome)
    expect(said).toEqual(['done'])
  })
})
