import { z } from '@hono/zod-openapi'
import { renewalForm } from '../../domain/applications/renewal.ts'
import { renewException } from '../../storage/applications/exceptions.ts'
import { transact } from '../../storage/transact.ts'
import { type Route, route } from '../route.ts'

export const exceptionRoutes: readonly Route[] = [
  route({
    method: 'put',
    path: '/api/applications/{id}/exceptions/{rule}',
    action: 'application.exception.renew',
    tag: 'Applications',
    summary: 'Renews a recorded exception until another day, with the reason of the centre',
    params: z.object({ id: z.string().max(60), rule: z.string().max(60) }),
    body: renewalForm,
    status: 204,
    handle: async ({ params, body, actor, services }) => {
      await transact(services.on, actor, (tx) => renewException(tx, params.id, params.rule, body))
      return undefined
    },
  }),
]
