import { z } from '@hono/zod-openapi'
import {
  organizationSettings,
  organizationSettingsChange,
} from '../../domain/accounts/organization-settings.ts'
import { changeOrganizationSettings, organizationSettingsOf } from '../../storage/estate/settings.ts'
import { read, transact } from '../../storage/transact.ts'
import { type Route, route } from '../route.ts'

const organizationParam = z.object({ id: z.string().max(60) })
const path = '/api/aws-organizations/{id}/settings'

export const organizationSettingsRoutes: readonly Route[] = [
  route({
    method: 'get',
    path,
    action: 'estate.read',
    tag: 'Accounts',
    summary: 'How Rankan reaches an AWS organisation, and what it uses there',
    params: organizationParam,
    reply: organizationSettings,
    handle: ({ params, actor, services }) =>
      read(services.on, actor, (tx) => organizationSettingsOf(tx, params.id)),
  }),
  route({
    method: 'put',
    path,
    action: 'estate.change',
    tag: 'Accounts',
    summary: 'Names the bucket for the rules of CloudFormation hooks',
    description:
      'A bucket of the management account; null: none. Server and workers follow within ten seconds. The reason goes into the ledger. Region and role are set where the AWS organisation is connected.',
    params: organizationParam,
    body: organizationSettingsChange,
    reply: organizationSettings,
    handle: ({ params, body, actor, services }) =>
      transact(services.on, actor, (tx) => changeOrganizationSettings(tx, params.id, body)),
  }),
]
