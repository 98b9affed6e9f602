import {
  type FaultRequestView,
  type SandboxLoadRequest,
  type SandboxTimeRequest,
  sandboxStateView,
} from '@rankan/server/domain/sandbox/view.ts'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { del, post } from '../../api/client.ts'
import { one } from '../../api/queries.ts'
import { toast } from '../../components/Toast.tsx'

export const stateQuery = () => one('/api/sandbox/state', sandboxStateView)

export const setTime = (body: SandboxTimeRequest) => post('/api/sandbox/time', body)
export const addFault = (body: FaultRequestView) => post('/api/sandbox/faults', body)
export const removeFault = (id: string) => del(`/api/sandbox/faults/${encodeURIComponent(id)}`)
export const removeFaults = () => del('/api/sandbox/faults')
export const load = (body: SandboxLoadRequest) => post('/api/sandbox/fast-load', body)
export const reset = () => post('/api/sandbox/reset')

/** One change of the sandbox: says when it is done (unless `done` is null), and shows the new state. */
export function useChange<I>(change: (input: I) => Promise<void>, done: string | null, then?: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      if (done !== null) toast(done)
      then?.()
      await client.invalidateQueries({ queryKey: ['sandbox'] })
    },
  })
}
