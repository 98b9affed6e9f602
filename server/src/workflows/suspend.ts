import type { OrganizationPort } from '../ports/estate.ts'
import type { WorkflowContext } from '../ports/workflow.ts'
import { estateOf, type WorkflowDeps } from './deps.ts'
import { finish, startOnAccount } from './parts/start.ts'

/** Denies everything in the account. The landing zone's own roles stay able to work, or Control Tower reports drift. */
const DENY_ALL = {
  name: 'rankan-suspended',
  description: 'Attached by Rankan while an account is suspended: nobody in it can do anything.',
  content: JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'RankanSuspended',
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: {
          ArnNotLike: {
            'aws:PrincipalARN': [
              'arn:aws:iam::*:role/AWSControlTowerExecution',
              'arn:aws:iam::*:role/aws-controltower-*',
            ],
          },
        },
      },
    ],
  }),
} as const

const denyPolicy = (organization: OrganizationPort): Promise<string> => organization.ensurePolicy(DENY_ALL)

/** Stops the use of an account without closing it: an SCP denies everything until it is resumed (B7). */
export async function suspend(deps: WorkflowDeps, ctx: WorkflowContext, workId: string): Promise<void> {
  const work = await startOnAccount(deps, ctx, workId)
  await ctx.step('deny-policy', async () => {
    const { organization } = estateOf(work)
    await organization.attachPolicy(await denyPolicy(organization), work.accountId)
    return null
  })
  await ctx.step('record-suspension', async () => {
    const { reason } = await work.order()
    await deps.register.suspended(workId, work.accountId, reason ?? '')
    return null
  })
  await finish(work)
}

/** Takes the SCP away again. */
export async function resume(deps: WorkflowDeps, ctx: WorkflowContext, workId: string): Promise<void> {
  const work = await startOnAccount(deps, ctx, workId)
  await ctx.step('lift-policy', async () => {
    const { organization } = estateOf(work)
    await organization.detachPolicy(await denyPolicy(organization), work.accountId)
    return null
  })
  await ctx.step('record-resumption', async () => {
    const { reason } = await work.order()
    await deps.register.resumed(workId, work.accountId, reason ?? '')
    return null
  })
  await finish(work)
}
