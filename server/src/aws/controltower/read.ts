import type { Connection } from '../connection.ts'
import {
  type EnabledBaseline,
  GetBaselineOperationCommand,
  ListBaselinesCommand,
  ListEnabledBaselinesCommand,
  ListLandingZonesCommand,
} from '../declared.ts'
import type { OrganizationReader } from '../organizations/read.ts'
import { find, once, paged } from '../pages.ts'

type Client = Connection['controlTower']

/** The baseline that makes an OU registered and an account enrolled. */
const ACCOUNT_BASELINE = 'AWSControlTowerBaseline'
const IDENTITY_BASELINE = 'IdentityCenterBaseline'

export type ControlTowerReader = ReturnType<typeof controlTowerReader>

export function controlTowerReader(client: Client, organization: OrganizationReader, never: boolean) {
  const baselines = once(() => baselinesByName(client))
  const hasLandingZone = once(async () => {
    if (never) return false
    const { landingZones } = await client.send(new ListLandingZonesCommand({}))
    return (landingZones ?? []).length > 0
  })
  const arnOf = async (kind: 'ou' | 'account', id: string) => {
    const { partition, managementAccountId, organizationId } = await organization.describe()
    return `arn:${partition}:organizations::${managementAccountId}:${kind}/${organizationId}/${id}`
  }
  return {
    hasLandingZone,
    arnOf,
    accountBaseline: async () => (await baselines()).get(ACCOUNT_BASELINE) ?? null,
    identityBaseline: async () => (await baselines()).get(IDENTITY_BASELINE) ?? null,
    /** The account baseline as it is on that OU or account; null where there is none. */
    enabledOn: async (targetArn: string) =>
      enabled(client, { targetIdentifiers: [targetArn] }, (await baselines()).get(ACCOUNT_BASELINE)),
    enabledIdentity: async () => {
      const arn = (await baselines()).get(IDENTITY_BASELINE)
      return arn === undefined ? null : enabled(client, { baselineIdentifiers: [arn] }, arn)
    },
    /** The OU whose baseline reached the account; null when it is not registered any more. */
    async ouOf(account: EnabledBaseline): Promise<string | null> {
      const arn = (await baselines()).get(ACCOUNT_BASELINE)
      if (arn === undefined || account.parentIdentifier === undefined) return null
      const all = paged(async (nextToken) => {
        const filter = { baselineIdentifiers: [arn] }
        const page = await client.send(new ListEnabledBaselinesCommand({ filter, nextToken }))
        return { items: page.enabledBaselines, next: page.nextToken }
      })
      const ou = await find(all, (one) => one.arn === account.parentIdentifier)
      return ou?.targetIdentifier?.split('/').at(-1) ?? null
    },
    /** A version that an OU of this landing zone has, so that a new OU gets the same. */
    async versionInUse(): Promise<string | null> {
      const arn = (await baselines()).get(ACCOUNT_BASELINE)
      if (arn === undefined) return null
      const { enabledBaselines } = await client.send(
        new ListEnabledBaselinesCommand({ filter: { baselineIdentifiers: [arn] } }),
      )
      const versions = (enabledBaselines ?? []).flatMap((b) => b.baselineVersion ?? [])
      return versions.sort(newestFirst)[0] ?? null
    },
    async failureOf(baseline: EnabledBaseline): Promise<string> {
      const id = baseline.statusSummary?.lastOperationIdentifier
      if (id === undefined) return 'Control Tower says that it failed, not why.'
      const answer = await client.send(new GetBaselineOperationCommand({ operationIdentifier: id }))
      return answer.baselineOperation?.statusMessage ?? 'Control Tower says that it failed, not why.'
    },
  }
}

async function baselinesByName(client: Client): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>()
  const all = paged(async (token) => {
    const page = await client.send(new ListBaselinesCommand({ nextToken: token }))
    return { items: page.baselines, next: page.nextToken }
  })
  for await (const { name, arn } of all) names.set(name, arn)
  return names
}

async function enabled(
  client: Client,
  filter: { targetIdentifiers?: string[]; baselineIdentifiers?: string[] },
  baselineArn: string | undefined,
): Promise<EnabledBaseline | null> {
  const { enabledBaselines } = await client.send(
    new ListEnabledBaselinesCommand({ filter, includeChildren: filter.targetIdentifiers !== undefined }),
  )
  return enabledBaselines?.find((b) => b.baselineIdentifier === baselineArn) ?? null
}

const newestFirst = (a: string, b: string) => b.localeCompare(a, 'en', { numeric: true })
