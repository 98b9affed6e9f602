import {
  type ConfigServiceClient,
  DeleteOrganizationConformancePackCommand,
  DescribeOrganizationConformancePackStatusesCommand,
  DescribeOrganizationConformancePacksCommand,
  GetOrganizationConformancePackDetailedStatusCommand,
  type OrganizationConformancePack,
  type OrganizationConformancePackStatus,
  PutOrganizationConformancePackCommand,
} from '@aws-sdk/client-config-service'
import type { PackEffect } from '../../domain/controls/effects.ts'
import type { PackSight, SeenPack } from '../../domain/controls/world.ts'
import { conflict } from '../../kernel/errors.ts'
import type { Begun, ControlPort, OperationState } from '../../ports/controls.ts'
import { unless } from '../errors.ts'
import { paged } from '../pages.ts'

const GONE = 'NoSuchOrganizationConformancePackException'

/** Conformance packs of the organisation in the home Region. */
export function packControls(client: ConfigServiceClient): ControlPort<PackSight, PackEffect> {
  return {
    read: () => readPacks(client),
    begin: (effect, again = true) => begin(client, effect, again),
    look: ({ deploys, deletes }) =>
      deletes === undefined ? lookDeploy(client, String(deploys)) : lookDelete(client, String(deletes)),
  }
}

async function readPacks(client: ConfigServiceClient): Promise<PackSight> {
  const statuses = new Map<string, OrganizationConformancePackStatus>()
  const every = paged(async (NextToken) => {
    const page = await client.send(new DescribeOrganizationConformancePackStatusesCommand({ NextToken }))
    return { items: page.OrganizationConformancePackStatuses, next: page.NextToken }
  })
  for await (const one of every) statuses.set(one.OrganizationConformancePackName ?? '', one)
  const packs: SeenPack[] = []
  const all = paged(async (NextToken) => {
    const page = await client.send(new DescribeOrganizationConformancePacksCommand({ NextToken }))
    return { items: page.OrganizationConformancePacks, next: page.NextToken }
  })
  for await (const one of all)
    packs.push(seen(one, statuses.get(one.OrganizationConformancePackName ?? '')?.Status))
  return { packs }
}

const seen = (one: OrganizationConformancePack, status = 'UNKNOWN'): SeenPack => ({
  name: one.OrganizationConformancePackName ?? '',
  arn: one.OrganizationConformancePackArn ?? '',
  status,
  parameters: Object.fromEntries(
    (one.ConformancePackInputParameters ?? []).map((p) => [p.ParameterName ?? '', p.ParameterValue ?? '']),
  ),
  excludedAccounts: [...(one.ExcludedAccounts ?? [])].sort(),
  updatedAt: one.LastUpdateTime?.toISOString() ?? null,
})

const statusOf = (client: ConfigServiceClient, name: string) =>
  unless(
    [GONE],
    async () => {
      const answer = await client.send(
        new DescribeOrganizationConformancePackStatusesCommand({ OrganizationConformancePackNames: [name] }),
      )
      return answer.OrganizationConformancePackStatuses?.[0] ?? null
    },
    () => null,
  )

async function begin(client: ConfigServiceClient, effect: PackEffect, again: boolean): Promise<Begun> {
  const { name } = effect
  const there = again ? await statusOf(client, name) : null
  if (effect.do === 'delete_conformance_pack') return remove(client, name, there?.Status)
  // AWS does not tell which template is on its way, and a pack takes the same one twice without harm.
  if (there?.Status?.endsWith('IN_PROGRESS'))
    throw conflict(
      'pack_under_change',
      `AWS Config is changing the conformance pack \`${name}\`: ${there.Status}.`,
    )
  await client.send(
    new PutOrganizationConformancePackCommand({
      OrganizationConformancePackName: name,
      TemplateBody: effect.template,
      ConformancePackInputParameters: Object.entries(effect.parameters).map(
        ([ParameterName, ParameterValue]) => ({ ParameterName, ParameterValue }),
      ),
      ExcludedAccounts: effect.excludedAccounts,
    }),
  )
  return { done: false, operation: { deploys: name } }
}

async function remove(client: ConfigServiceClient, name: string, status: string | undefined): Promise<Begun> {
  const deleting: Begun = { done: false, operation: { deletes: name } }
  if (status === 'DELETE_IN_PROGRESS') return deleting
  return unless<Begun>(
    [GONE],
    async () => {
      await client.send(
        new DeleteOrganizationConformancePackCommand({ OrganizationConformancePackName: name }),
      )
      return deleting
    },
    () => ({ done: true, result: {} }),
  )
}

async function lookDeploy(client: ConfigServiceClient, name: string): Promise<OperationState> {
  const status = await statusOf(client, name)
  if (status === null)
    return { state: 'failed', code: GONE, message: `The conformance pack \`${name}\` was deleted meanwhile.` }
  if (status.Status?.endsWith('SUCCESSFUL'))
    return { state: 'succeeded', result: { pack: name, ...(await updatedAt(client, name)) } }
  return status.Status?.endsWith('FAILED') ? failed(client, name, status) : { state: 'running' }
}

/** Remembered with the apply: AWS does not give templates back, so a later time is all that tells of another hand. */
async function updatedAt(client: ConfigServiceClient, name: string): Promise<{ updatedAt?: string }> {
  const answer = await client.send(
    new DescribeOrganizationConformancePacksCommand({ OrganizationConformancePackNames: [name] }),
  )
  const at = answer.OrganizationConformancePacks?.[0]?.LastUpdateTime
  return at === undefined ? {} : { updatedAt: at.toISOString() }
}

async function lookDelete(client: ConfigServiceClient, name: string): Promise<OperationState> {
  const status = await statusOf(client, name)
  if (status === null) return { state: 'succeeded', result: {} }
  return status.Status === 'DELETE_FAILED' ? failed(client, name, status) : { state: 'running' }
}

const SHOWN = 3

/** AWS's summary tells that accounts failed; the first of them tell why. */
async function failed(
  client: ConfigServiceClient,
  name: string,
  { Status, ErrorCode, ErrorMessage }: OrganizationConformancePackStatus,
): Promise<OperationState> {
  const answer = await client.send(
    new GetOrganizationConformancePackDetailedStatusCommand({
      OrganizationConformancePackName: name,
      Filters: { Status },
    }),
  )
  const accounts = answer.OrganizationConformancePackDetailedStatuses ?? []
  const reasons = accounts
    .slice(0, SHOWN)
    .map((one) => `${one.AccountId}: ${one.ErrorMessage ?? one.ErrorCode ?? 'no reason'}`)
  return {
    state: 'failed',
    code: ErrorCode ?? 'CONFORMANCE_PACK_FAILED',
    message: [ErrorMessage ?? 'AWS Config says that it failed, not why.', ...reasons].join(' '),
  }
}
