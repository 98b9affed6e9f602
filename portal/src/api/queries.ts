import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import type { ZodType } from 'zod'
import { get, getAll, getPage, type Query } from './client.ts'

/**
 * Query keys begin with a topic, the first segment of the path behind `/api/`: `/api/applications/app_1` has the
 * topic `applications`. A server-sent event `{ topic, id }` makes every query of its topic load again.
 */
export const topicOf = (path: string): string => path.replace(/^\/api\/(v\d+\/)?/, '').split(/[/?]/)[0] ?? ''

/** One thing: `useQuery(one('/api/accounts/acc_1', accountView))`. */
export const one = <T>(path: string, schema: ZodType<T>, query: Query = {}) =>
  queryOptions({
    queryKey: [topicOf(path), path, query],
    queryFn: ({ signal }) => get(path, schema, query, signal),
  })

/** A whole list whose size has a limit: every page is fetched. */
export const all = <T>(path: string, item: ZodType<T>, query: Query = {}) =>
  queryOptions({
    queryKey: [topicOf(path), path, query, 'all'],
    queryFn: ({ signal }) => getAll(path, item, query, signal),
  })

/** A list by pages: `useInfiniteQuery(pages('/api/ledger', entryView))`. */
export const pages = <T>(path: string, item: ZodType<T>, query: Query = {}) =>
  infiniteQueryOptions({
    queryKey: [topicOf(path), path, query, 'pages'],
    queryFn: ({ signal, pageParam }) =>
      getPage(path, item, { limit: 100, ...query, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  })
