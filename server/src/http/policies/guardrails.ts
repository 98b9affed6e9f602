import { z } from '@hono/zod-openapi'
import { accountPolicies, guardrailDetail, guardrailList } from '../../domain/policies/guardrails.ts'
import { findAccount } from '../../storage/estate/list.ts'
import { accountPoliciesOf } from '../../storage/policies/account-policies.ts'
import { findGuardrail, listGuardrails } from '../../storage/policies/list-guardrails.ts'
import { read } from '../../storage/transact.ts'
import { type Route, route } from '../route.ts'

const TAG = 'Policies'
const idParam = z.object({ id: z.string().max(60) })

export const guardrailRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/aws-organizations/{id}/guardrails',
    action: 'guardrail.read',
    tag: TAG,
    summary:
      'Policies in force in an AWS organisation, where they are attached, and what each place still takes',
    description: 'As the last complete sweep read them. `POST /api/aws-organizations/{id}/sweep` reads now.',
    params: idParam,
    reply: guardrailList,
    handle: ({ params, actor, services }) => read(services.on, actor, (tx) => listGuardrails(tx, params.id)),
  }),
  route({
    method: 'get',
    path: '/api/aws-organizations/{id}/guardrails/{policyId}',
    action: 'guardrail.read',
    tag: TAG,
    summary: 'One policy with its text and all its targets',
    params: idParam.extend({ policyId: z.string().max(130) }),
    reply: guardrailDetail,
    handle: ({ params, actor, services }) =>
      read(services.on, actor, (tx) => findGuardrail(tx, params.id, params.policyId)),
  }),
  route({
    method: 'get',
    path: '/api/accounts/{id}/policies',
    action: 'account.policies.read',
    tag: TAG,
    summary: 'The policies that bind one account, level by level: what explains a denial',
    params: idParam,
    reply: accountPolicies,
    handle: ({ params, actor, services, authorise }) =>
      read(services.on, actor, async (tx) => {
        const account = await findAccount(tx, params.id)
        authorise({ organisationId: account.organisationId })
        return accountPoliciesOf(tx, account)
      }),
  }),
]
