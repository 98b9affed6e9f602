import { QueryClient } from '@tanstack/react-query'
import { ApiError } from '../api/problem.ts'

/** A wrong request stays wrong; only what may heal by itself is tried again. */
const mayHeal = (error: unknown) =>
  error instanceof ApiError && (error.kind === 'unavailable' || error.kind === 'throttled')

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 5_000, retry: (failures, error) => mayHeal(error) && failures < 3 },
  },
})
