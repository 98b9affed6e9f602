import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ErrorView } from './ErrorView.tsx'
import { Skeleton } from './Skeleton.tsx'

/** A query's three faces: grey lines while it loads, the error with a way to try again, and the content. */
export function Loaded<T>(props: {
  readonly query: UseQueryResult<T>
  readonly children: (data: T) => ReactNode
  readonly lines?: number
}) {
  const { query, children, lines } = props
  if (query.data !== undefined) return <>{children(query.data)}</>
  if (query.error !== null) return <ErrorView error={query.error} onRetry={() => void query.refetch()} />
  return <Skeleton {...(lines === undefined ? {} : { lines })} />
}
