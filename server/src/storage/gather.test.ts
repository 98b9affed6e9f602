import { expect, it } from 'vitest'
import { gathering } from './gather.ts'

it('hands over together what is asked for at the same moment, and nothing twice', async () => {
  const batches: (readonly number[])[] = []
  const take = gathering(async (items: readonly number[]) => void batches.push(items))
  await Promise.all([take(1), take(2), take(3)])
  await take(4)
  expect(batches).toEqual([[1, 2, 3], [4]])
})

it('lets one that is refused hold up no other', async () => {
  const taken: number[] = []
  const take = gathering(async (items: readonly number[]) => {
    if (items.includes(2)) throw new Error('refused')
    taken.push(...items)
  })
  const results = await Promise.allSettled([take(1), take(2), take(3)])
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  expect(taken.sort()).toEqual([1, 3])
})
