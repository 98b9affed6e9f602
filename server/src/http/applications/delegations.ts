import { z } from '@hono/zod-openapi'
import type { Delegation } from '../../domain/applications/delegation.ts'
import { day, lines } from '../../domain/applications/fields.ts'
import { delegationView } from '../../domain/applications/view.ts'
import {
  delegate,
  delegationCandidates,
  listDelegations,
  revokeDelegation,
} from '../../storage/applications/delegations.ts'
import { read, transact } from '../../storage/transact.ts'
import { type Route, route } from '../route.ts'
import { type ApplicationDeps, idParam } from './read.ts'

const TAG = 'Delegations'
const toView = (d: Delegation) => ({ ...d, organisationIds: [...d.organisationIds] })

export function delegationRoutes({ setup }: ApplicationDeps): readonly Route[] {
  return [
    route({
      method: 'get',
      path: '/api/delegations',
      action: 'application.decide',
      tag: TAG,
      summary: 'Who decides for whom, newest first',
      reply: z.object({ items: z.array(delegationView) }),
      handle: ({ actor, services }) =>
        read(services.on, actor, async (tx) => ({ items: (await listDelegations(tx)).map(toView) })),
    }),
    route({
      method: 'get',
      path: '/api/delegations/candidates',
      action: 'application.delegate',
      tag: TAG,
      summary: 'Colleagues who may stand in for the one who asks',
      reply: z.object({
        items: z.array(z.object({ id: z.string(), name: z.string(), email: z.string() })),
      }),
      handle: ({ actor, services }) =>
        read(services.on, actor, async (tx) => ({ items: [...(await delegationCandidates(tx))] })),
    }),
    route({
      method: 'post',
      path: '/api/delegations',
      action: 'application.delegate',
      tag: TAG,
      summary: 'Hands approvals over to another person for a time',
      body: z.object({ toPersonId: z.string().max(60), firstDay: day(), lastDay: day(), reason: lines(500) }),
      reply: delegationView,
      status: 201,
      handle: ({ body, actor, services, ids }) =>
        transact(services.on, actor, async (tx) =>
          toView(await delegate(tx, { id: ids('dlg'), ...body }, setup.policy.delegationMaxDays)),
        ),
    }),
    route({
      method: 'delete',
      path: '/api/delegations/{id}',
      action: 'application.delegate',
      tag: TAG,
      summary: 'Takes a delegation back',
      params: idParam,
      status: 204,
      handle: async ({ params, actor, services }) => {
        await transact(services.on, actor, (tx) => revokeDelegation(tx, params.id))
        return undefined
      },
    }),
  ]
}
