import { type AwsEstate, createEstate, type EstateOptions } from '../aws/estate.ts'
import { systemActor } from '../domain/people/roles.ts'
import type { Clock } from '../kernel/clock.ts'
import { notFound } from '../kernel/errors.ts'
import { type AwsOrganizationRecord, awsOrganizations } from '../storage/estate/organizations.ts'
import { sharedRate } from '../storage/queue/rate.ts'
import { type Changes, statement } from '../storage/transact.ts'

export interface Estates {
  /** Throws `not_found` for an AWS organisation that is not connected. */
  get(id: string): AwsEstate
  ids(): readonly string[]
  /** Reads the connected organisations again; those that did not change keep their sockets. */
  refresh(): Promise<void>
  destroy(): void
}

/** One adapter for each connected AWS organisation. Endpoint and credentials are the SDK's own configuration. */
export async function openEstates(on: Changes, clock: Clock, timeScale: number): Promise<Estates> {
  const open = new Map<string, { record: string; estate: AwsEstate }>()
  const refresh = async () => {
    const records = await statement(on, systemActor('worker'), awsOrganizations)
    for (const record of records) {
      const text = JSON.stringify(record)
      const known = open.get(record.id)
      if (known?.record === text || record.managementAccountId === null) continue
      const identityTurn = sharedRate({
        db: on.db,
        clock,
        timeScale,
        quota: 'identity_center_calls_per_second',
        awsOrganizationId: record.id,
      })
      const estate = estateOf(record, record.managementAccountId, { clock, identityTurn })
      open.set(record.id, { record: text, estate })
      known?.estate.destroy()
    }
  }
  await refresh()
  return {
    get(id) {
      const found = open.get(id)
      if (found === undefined) throw notFound('aws_organization', id)
      return found.estate
    },
    ids: () => [...open.keys()],
    refresh,
    destroy: () => {
      for (const { estate } of open.values()) estate.destroy()
    },
  }
}

/** Control Tower's home region where nothing else is said: Government Cloud is in Tokyo. */
const HOME_REGION = process.env.AWS_REGION ?? 'ap-northeast-1'

const estateOf = (
  record: AwsOrganizationRecord,
  managementAccountId: string,
  parts: Pick<EstateOptions, 'clock' | 'identityTurn'>,
): AwsEstate =>
  createEstate({
    id: record.id,
    managementAccountId,
    engine: record.engine,
    roleArn: record.settings.roleArn ?? null,
    homeRegion: record.settings.region ?? HOME_REGION,
    ...(record.settings.hookBucket === undefined ? {} : { hookBucket: record.settings.hookBucket }),
    ...endpointOf(record),
    ...parts,
  })

function endpointOf(record: AwsOrganizationRecord): { endpoint?: string } {
  const endpoint = record.settings.endpoint ?? process.env.AWS_ENDPOINT_URL
  return endpoint === undefined ? {} : { endpoint }
}
