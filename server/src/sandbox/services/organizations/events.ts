import type { World } from '../../core/contract.ts'
import type { Organization } from './state.ts'

// Organizations is global: its events appear in the management account, in this region only.
const REGION = 'us-east-1'

export function publish(
  world: World,
  organization: Organization,
  detailType: 'AWS Service Event via CloudTrail' | 'AWS API Call via CloudTrail',
  eventName: string,
  detail: Readonly<Record<string, unknown>>,
): void {
  world.emit({
    accountId: organization.managementAccountId,
    region: REGION,
    source: 'aws.organizations',
    detailType,
    detail: {
      eventVersion: '1.08',
      eventSource: 'organizations.amazonaws.com',
      eventName,
      eventTime: new Date(world.now()).toISOString(),
      awsRegion: REGION,
      recipientAccountId: organization.managementAccountId,
      ...detail,
    },
  })
}
