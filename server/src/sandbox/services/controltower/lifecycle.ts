import type { World } from '../../core/contract.ts'
import { uuid } from '../shared/world.ts'
import type { LandingZone } from './state.ts'

export interface ManagedAccountOutcome {
  readonly accountId: string | null
  readonly accountName: string
  readonly ouId: string
  readonly ouName: string
  readonly failure: string | null
  readonly requestedAt: number
}

const SUCCESS = {
  CreateManagedAccount: 'AWS Control Tower successfully created a managed account.',
  UpdateManagedAccount: 'AWS Control Tower successfully updated a managed account.',
} as const

/** A lifecycle event as Control Tower puts it on the management account's bus: a service event in CloudTrail's envelope. */
export function emitLifecycle(
  world: World,
  zone: LandingZone,
  eventName: string,
  serviceEventDetails: unknown,
): void {
  world.emit({
    accountId: zone.managementAccountId,
    region: zone.homeRegion,
    source: 'aws.controltower',
    detailType: 'AWS Service Event via CloudTrail',
    detail: {
      eventVersion: '1.05',
      userIdentity: { accountId: zone.managementAccountId, invokedBy: 'AWS Internal' },
      eventTime: isoSeconds(world.now()),
      eventSource: 'controltower.amazonaws.com',
      eventName,
      awsRegion: zone.homeRegion,
      sourceIPAddress: 'AWS Internal',
      userAgent: 'AWS Internal',
      eventID: uuid(world),
      readOnly: false,
      eventType: 'AwsServiceEvent',
      serviceEventDetails,
    },
  })
}

export function emitManagedAccount(
  world: World,
  zone: LandingZone,
  eventName: 'CreateManagedAccount' | 'UpdateManagedAccount',
  outcome: ManagedAccountOutcome,
): void {
  const key =
    eventName === 'CreateManagedAccount' ? 'createManagedAccountStatus' : 'updateManagedAccountStatus'
  emitLifecycle(world, zone, eventName, {
    [key]: {
      organizationalUnit: { organizationalUnitName: outcome.ouName, organizationalUnitId: outcome.ouId },
      account: {
        accountName: outcome.accountName,
        ...(outcome.accountId === null ? {} : { accountId: outcome.accountId }),
      },
      state: outcome.failure === null ? 'SUCCEEDED' : 'FAILED',
      message: outcome.failure ?? SUCCESS[eventName],
      requestedTimestamp: isoSeconds(outcome.requestedAt),
      completedTimestamp: isoSeconds(world.now()),
    },
  })
}

/** Drift as AWS sends it to SNS; here as the EventBridge event `Drift Detected`. */
export function emitDrift(
  world: World,
  zone: LandingZone,
  driftType: string,
  accountId: string,
  message: string,
): void {
  world.emit({
    accountId: zone.managementAccountId,
    region: zone.homeRegion,
    source: 'aws.controltower',
    detailType: 'Drift Detected',
    detail: {
      Message: message,
      ManagementAccountId: zone.managementAccountId,
      OrganizationId: zone.organizationId,
      DriftType: driftType,
      RemediationStep:
        'Reset the enabled baseline of the organizational unit, or update the account in Account Factory.',
      AccountId: accountId,
    },
  })
}

export const isoSeconds = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
