import { expect, it } from 'vitest'
import { pagePaths } from './page-paths.ts'

const ANSWERS: Readonly<Record<string, unknown>> = {
  '/openapi.json': {
    paths: {
      '/api/things': { get: {}, post: {} },
      '/api/things/{id}': { get: {} },
      '/api/things/{id}/parts/{partId}': { get: {} },
      '/api/things/{id}/change': { post: {} },
      '/api/nothings/{id}': { get: {} },
      '/api/accounts/export': { get: {} },
      '/api/events': { get: {} },
      '/healthz': { get: {} },
    },
  },
  '/api/things': { total: 2, items: [{ id: 'a b' }, { id: 'c' }] },
  '/api/things/a%20b/parts': [{ partId: 'p1', id: 'other' }],
  '/api/nothings': { items: [] },
}
const ask = async (path: string) => ANSWERS[path] ?? null

it('asks for each page once, with a thing that is there, and says of which there is none', async () => {
  const found = await pagePaths(ask, ['/api/things?text=x'])
  expect(found).toEqual({
    pages: ['/api/things?text=x', '/api/things', '/api/things/a%20b', '/api/things/a%20b/parts/p1'],
    downloads: ['/api/accounts/export'],
    without: ['/api/nothings/{id}'],
  })
})

it('looks at the thing that it is told of', async () => {
  const { pages } = await pagePaths(ask, [], { '/api/nothings': 'n1' })
  expect(pages).toContain('/api/nothings/n1')
})
