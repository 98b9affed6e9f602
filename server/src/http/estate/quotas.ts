import { z } from '@hono/zod-openapi'
import { quotaChange, quotaList } from '../../domain/quotas/view.ts'
import { changeQuota, listQuotas } from '../../storage/estate/quotas.ts'
import { read, transact } from '../../storage/transact.ts'
import { type Route, route } from '../route.ts'

const organizationParam = z.object({ id: z.string().max(60) })

export const quotaRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/aws-organizations/{id}/quotas',
    action: 'quota.read',
    tag: 'Queue',
    summary: 'The quotas of an AWS organisation: what AWS publishes, what was granted, what holds today',
    params: organizationParam,
    reply: quotaList,
    handle: ({ params, actor, services }) => read(services.on, actor, (tx) => listQuotas(tx, params.id)),
  }),
  route({
    method: 'put',
    path: '/api/aws-organizations/{id}/quotas/{quota}',
    action: 'quota.change',
    tag: 'Queue',
    summary: 'Enters a quota that AWS granted to this organisation, or a lower one of our own',
    description:
      'It holds from `effectiveFrom` on (today when left out); workers follow within seconds. `limit` null gives the quota back to what AWS publishes. The reason goes into the ledger.',
    params: organizationParam.extend({ quota: z.string().max(60) }),
    body: quotaChange,
    reply: quotaList,
    handle: ({ params, body, actor, services }) =>
      transact(services.on, actor, async (tx) => {
        await changeQuota(tx, params.id, params.quota, body)
        return listQuotas(tx, params.id)
      }),
  }),
]
