/** `userIdentity` as CloudTrail writes it (CloudTrail user guide, "CloudTrail userIdentity element"). */
import type { Authenticated } from '../core/authenticate.ts'
import type { World } from '../core/contract.ts'
import { holderKey, roles } from '../core/principals.ts'
import { seconds } from './time.ts'

export function userIdentity(world: World, who: Authenticated): object {
  const { caller, accessKeyId } = who
  const common = { principalId: caller.userId, arn: caller.arn, accountId: caller.accountId, accessKeyId }
  if (caller.arn.endsWith(':root')) return { type: 'Root', ...common }
  if (caller.roleArn === null) return { type: 'IAMUser', ...common, userName: lastPart(caller.arn) }
  return {
    type: 'AssumedRole',
    ...common,
    sessionContext: {
      sessionIssuer: issuerOf(world, caller.roleArn, caller.accountId, caller.userId),
      attributes: { creationDate: seconds(who.session?.issuedAt ?? world.now()), mfaAuthenticated: 'false' },
    },
  }
}

const lastPart = (arn: string) => arn.slice(arn.lastIndexOf('/') + 1)

function issuerOf(world: World, roleArn: string, accountId: string, userId: string): object {
  const userName = lastPart(roleArn)
  const role = roles(world).get(holderKey(accountId, userName))
  const principalId = role?.id ?? userId.split(':')[0] ?? userId
  return { type: 'Role', principalId, arn: roleArn, accountId, userName }
}

/** The copy that the owner of a resource gets tells only whose the caller was. */
export const foreignIdentity = ({ caller }: Authenticated): object => ({
  type: 'AWSAccount',
  principalId: caller.userId,
  accountId: caller.accountId,
})
