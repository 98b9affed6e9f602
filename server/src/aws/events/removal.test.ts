import { describe, expect, it } from 'vitest'
import { manualClock } from '../../kernel/clock.ts'
import { gatheringRemoval } from './removal.ts'

function world(fails: (batch: number) => boolean = () => false) {
  const clock = manualClock(new Date('2026-04-01T00:00:00Z'))
  const batches: (readonly string[])[] = []
  const removal = gatheringRemoval(clock, async (receipts) => {
    batches.push(receipts)
    if (fails(batches.length)) throw new Error('denied')
  })
  return { clock, batches, removal }
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 0))
const names = (n: number, from = 0) => Array.from({ length: n }, (_, i) => `r${from + i}`)

describe('gatheringRemoval', () => {
  it('removes what came within eight seconds in one call', async () => {
    const { clock, batches, removal } = world()
    removal.add(['r0'])
    removal.add(['r1', 'r2'])
    await soon()
    expect(batches).toEqual([])
    clock.advance(8_000)
    await soon()
    expect(batches).toEqual([['r0', 'r1', 'r2']])
  })

  it('never removes more than SQS takes at once, and does not wait when that is full', async () => {
    const { batches, removal } = world()
    removal.add(names(7))
    removal.add(names(7, 7))
    await soon()
    expect(batches).toEqual([names(10), names(4, 10)])
  })

  it('removes what is left when it ends', async () => {
    const { batches, removal } = world()
    removal.add(['r0'])
    await removal.end()
    expect(batches).toEqual([['r0']])
  })

  it('tells an error at the next messages, goes on after it, and is silent at the end', async () => {
    const { batches, removal } = world((batch) => batch !== 2)
    removal.add(names(10))
    await soon()
    expect(() => removal.add(names(10, 10))).toThrow('denied')
    await soon()
    removal.add(['r20'])
    await removal.end()
    expect(batches.flat()).toEqual(names(21))
  })
})
