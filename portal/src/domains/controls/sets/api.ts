import { type ControlSetBody, controlSetView } from '@rankan/server/domain/controls/sets.ts'
import { queryOptions } from '@tanstack/react-query'
import { get, put, urlOf } from '../../../api/client.ts'

const id = encodeURIComponent

/** The latest version. The key begins with the topic of the server's events. */
export const setQuery = (name: string) =>
  queryOptions({
    queryKey: ['control_sets', name],
    queryFn: ({ signal }) => get(`/api/control-sets/${id(name)}`, controlSetView, {}, signal),
  })

/** `base`: the version that was edited; 0 for a set that is new. Another one since then is a conflict. */
export const saveSet = ({ name, base, body }: { name: string; base: number; body: ControlSetBody }) =>
  put(urlOf(`/api/control-sets/${id(name)}`, { base }), body, { schema: controlSetView })
