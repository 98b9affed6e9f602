import { QueryCache, QueryClient } from '@tanstack/react-query'
import { ApiError } from '../api/problem.ts'

/** A wrong request stays wrong; only what may heal by itself is tried again. */
const mayHeal = (error: unknown) =>
  error instanceof ApiError && (error.kind === 'unavailable' || error.kind === 'throttled')

/** The session ended (time, or a restart): the reader signs in again and comes back to the same page. */
function leaveIfSignedOut(error: unknown): void {
  if (!(error instanceof ApiError) || error.problem.code !== 'not_signed_in') return
  if (location.pathname === '/sign-in') return
  location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`)
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: leaveIfSignedOut }),
  defaultOptions: {
    // `always`: the browser's word on being offline is about the internet. Rankan may run on this machine or in a closed
    // network, and a request that waits for the internet would make a button do nothing.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      staleTime: 5_000,
      retry: (failures, error) => mayHeal(error) && failures < 3,
    },
  },
})
