import { type ZodType, z } from 'zod'
import { currentLanguage } from '../i18n/language.tsx'
import { ApiError, errorOf, problemDocument } from './problem.ts'

/** Values of the query string; null and undefined are left out. */
export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>

/** A page of a keyset-paged list: `?limit=&cursor=`. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly nextCursor: string | null
  readonly total: number | null
}

/** Our lists name the cursor of the next page `nextCursor` or `next`. */
const pageOf = <T>(item: ZodType<T>) =>
  z
    .object({
      items: z.array(item),
      nextCursor: z.string().nullish(),
      next: z.string().nullish(),
      total: z.number().nullish(),
    })
    .transform(
      (page): Page<T> => ({
        items: page.items,
        nextCursor: page.nextCursor ?? page.next ?? null,
        total: page.total ?? null,
      }),
    )

export function urlOf(path: string, query: Query = {}): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(query))
    if (value !== null && value !== undefined) params.set(key, String(value))
  const text = params.toString()
  return text === '' ? path : `${path}?${text}`
}

/** A form from another site cannot set a header of its own, so its presence proves that the request is ours. */
const CSRF = { 'x-rankan-request': 'portal' }

async function send(url: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers)
  headers.set('accept', 'application/json, application/problem+json')
  headers.set('accept-language', currentLanguage())
  let response: Response
  try {
    response = await fetch(url, { ...init, headers, credentials: 'same-origin' })
  } catch (cause) {
    if (init.signal?.aborted) throw cause
    throw new ApiError(0, problemDocument.parse({ code: 'no_answer' }), cause)
  }
  if (!response.ok) throw await errorOf(response)
  return response
}

/** GET. The answer is checked against the view's schema, so that a wrong answer shows here and not deep in a page. */
export async function get<T>(
  path: string,
  schema: ZodType<T>,
  query?: Query,
  signal?: AbortSignal,
): Promise<T> {
  const response = await send(urlOf(path, query), { method: 'GET', signal: signal ?? null })
  return schema.parse(await response.json())
}

export const getPage = <T>(
  path: string,
  item: ZodType<T>,
  query?: Query,
  signal?: AbortSignal,
): Promise<Page<T>> => get(path, pageOf(item), query, signal)

/** All pages of a list, one after another; for lists whose size has a limit (10,000 accounts per AWS organisation). */
export async function getAll<T>(
  path: string,
  item: ZodType<T>,
  query: Query = {},
  signal?: AbortSignal,
): Promise<T[]> {
  const all: T[] = []
  let cursor: string | null = null
  do {
    const page: Page<T> = await getPage(path, item, { limit: 500, ...query, cursor }, signal)
    all.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null)
  return all
}

interface WriteOptions<T> {
  /** Shape of the answer; without it the answer is not read. */
  readonly schema?: ZodType<T>
  /** The same key for the same intention: a retry is answered with the first result. A new one by default. */
  readonly idempotencyKey?: string
}

async function write<T>(method: string, path: string, body: unknown, options: WriteOptions<T>): Promise<T> {
  const isRaw = body instanceof Blob || body instanceof FormData || body instanceof ArrayBuffer
  const headers = new Headers(CSRF)
  if (method === 'POST') headers.set('idempotency-key', options.idempotencyKey ?? crypto.randomUUID())
  if (body !== undefined && !isRaw) headers.set('content-type', 'application/json')
  const payload = body === undefined ? null : isRaw ? body : JSON.stringify(body)
  const response = await send(path, { method, headers, body: payload })
  if (options.schema === undefined) return undefined as T
  return options.schema.parse(await response.json())
}

export const post = <T = void>(path: string, body?: unknown, options: WriteOptions<T> = {}) =>
  write('POST', path, body, options)
export const put = <T = void>(path: string, body?: unknown, options: WriteOptions<T> = {}) =>
  write('PUT', path, body, options)
export const del = <T = void>(path: string, options: WriteOptions<T> = {}) =>
  write('DELETE', path, undefined, options)
