import fc from 'fast-check'
import { expect, it } from 'vitest'
import { find, once, paged } from './pages.ts'

/** A list in pages of that size, as AWS gives it, and how many pages were asked for. */
function listed(items: readonly number[], size: number) {
  const asked = { pages: 0 }
  const all = paged(async (token) => {
    asked.pages++
    const from = Number(token ?? 0)
    const next = from + size < items.length ? String(from + size) : undefined
    return { items: items.slice(from, from + size), next }
  })
  return { all, asked }
}

it('gives every item once and in order, whatever the page size', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer()), fc.integer({ min: 1, max: 7 }), async (items, size) => {
      const seen: number[] = []
      for await (const item of listed(items, size).all) seen.push(item)
      expect(seen).toEqual(items)
    }),
  )
})

it('asks for no page after the item was found', async () => {
  const { all, asked } = listed([1, 2, 3, 4, 5, 6], 2)
  expect(await find(all, (n) => n === 3)).toBe(3)
  expect(asked.pages).toBe(2)
})

it('loads once for all callers, and again after a failure', async () => {
  let loads = 0
  const value = once(async () => {
    loads++
    if (loads === 1) throw new Error('not yet')
    return loads
  })
  await expect(value()).rejects.toThrow('not yet')
  expect(await Promise.all([value(), value()])).toEqual([2, 2])
  value.forget()
  expect(await value()).toBe(3)
})
