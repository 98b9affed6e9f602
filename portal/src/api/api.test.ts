import { afterEach, describe, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { getAll, getPage, post, urlOf } from './client.ts'
import { gatherer, reconnectDelay } from './live.ts'
import { ApiError } from './problem.ts'
import { topicOf } from './queries.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const answer = (body: unknown, init?: ResponseInit) => Promise.resolve(Response.json(body, init))

test.each([
  ['/api/applications/app_1', 'applications'],
  ['/api/v1/queue?x=1', 'queue'],
  ['/api/ledger', 'ledger'],
])('the topic of %s is %s', (path, topic) => {
  expect(topicOf(path)).toBe(topic)
})

test('empty values stay out of the query string', () => {
  expect(urlOf('/api/x', { a: 1, b: null, c: undefined, d: '港 区' })).toBe(
    '/api/x?a=1&d=%E6%B8%AF+%E5%8C%BA',
  )
})

describe('errors', () => {
  test('a problem document becomes an ApiError with its issues', async () => {
    const issues = [
      {
        path: ['environments', 0, 'region'],
        code: 'region_not_allowed',
        message: 'Choose `ap-northeast-1`.',
      },
    ]
    vi.stubGlobal('fetch', () =>
      answer({ title: 'Invalid', status: 422, code: 'invalid_form', issues }, { status: 422 }),
    )
    const error = await post('/api/applications', {}).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({ status: 422, kind: 'invalid', problem: { code: 'invalid_form', issues } })
  })

  test('a proxy page without JSON is still an ApiError', async () => {
    vi.stubGlobal('fetch', () =>
      Promise.resolve(new Response('<html>', { status: 502, statusText: 'Bad Gateway' })),
    )
    await expect(getPage('/api/x', z.string())).rejects.toMatchObject({ status: 502, kind: 'unavailable' })
  })

  test('no answer at all is `unavailable`', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('failed')))
    await expect(post('/api/x')).rejects.toMatchObject({ status: 0, kind: 'unavailable' })
  })
})

test('a write carries the header that another site cannot set, and its idempotency key', async () => {
  const fetch = vi.fn((_url: string, _init: RequestInit) => answer({}))
  vi.stubGlobal('fetch', fetch)
  await post('/api/x', { a: 1 }, { idempotencyKey: 'key-1' })
  const headers = new Headers(fetch.mock.calls[0]?.[1].headers)
  expect(headers.get('x-rankan-request')).toBe('portal')
  expect(headers.get('idempotency-key')).toBe('key-1')
})

test('getAll follows cursors under both names until the last page', async () => {
  const pages = [
    { items: ['a'], nextCursor: 'two' },
    { items: ['b'], next: 'three' },
    { items: ['c'], nextCursor: null },
  ]
  const asked: string[] = []
  vi.stubGlobal('fetch', (url: string) => {
    asked.push(url)
    return answer(pages[asked.length - 1])
  })
  expect(await getAll('/api/x', z.string())).toEqual(['a', 'b', 'c'])
  expect(asked.map((url) => new URLSearchParams(url.split('?')[1]).get('cursor'))).toEqual([
    null,
    'two',
    'three',
  ])
})

describe('live updates', () => {
  test('a burst of events loads each topic once', () => {
    vi.useFakeTimers()
    const invalidateQueries = vi.fn(() => Promise.resolve())
    const gather = gatherer({ invalidateQueries })
    for (const topic of ['queue', 'accounts', 'queue']) gather.take(JSON.stringify({ topic, id: 'x' }))
    gather.take('not json')
    vi.runAllTimers()
    expect(invalidateQueries.mock.calls).toEqual([[{ queryKey: ['queue'] }], [{ queryKey: ['accounts'] }]])
  })

  test('everything is loaded again when the server does not know what changed', () => {
    vi.useFakeTimers()
    const invalidateQueries = vi.fn(async () => {})
    const gather = gatherer({ invalidateQueries })
    for (const topic of ['queue', 'all']) gather.take(JSON.stringify({ topic, id: '' }))
    vi.runAllTimers()
    expect(invalidateQueries.mock.calls).toEqual([[]])
  })

  test('waits longer after each failure, and never longer than half a minute', () => {
    expect([0, 1, 2, 20].map(reconnectDelay)).toEqual([1_000, 2_000, 4_000, 30_000])
  })
})
