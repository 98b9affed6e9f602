import { ACCESS, type Action } from '@rankan/server/domain/access/table.ts'
import { useQuery } from '@tanstack/react-query'
import { type SignedIn, sessionQuery } from '../api/session.ts'

/** Who is signed in. Only for pages under the shell, which the router shows to nobody else. */
export function useActor(): SignedIn {
  const { data } = useQuery(sessionQuery)
  if (data === undefined || data.actor === null)
    throw new Error('`useActor` is used where nobody is signed in.')
  return data.actor
}

export function useEstateIsSandbox(): boolean {
  return useQuery(sessionQuery).data?.estateIsSandbox ?? false
}

export const may = (actor: Pick<SignedIn, 'role'>, action: Action): boolean =>
  ACCESS[action].roles.some((role) => role === actor.role)

/** May the signed-in person do this? Hides what would be refused; the server decides by itself. */
export function useMay(action: Action): boolean {
  return may(useActor(), action)
}
