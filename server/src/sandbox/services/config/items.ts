/** Configuration items: what Config saw of resources, with their history. */
import { AwsError, type Call, type Table, type World } from '../../core/contract.ts'
import { users } from '../../core/principals.ts'
import { checkRange, records, requireRecording } from './recorder.ts'
import { invalid, page, place } from './state.ts'

export interface Item {
  readonly accountId: string
  readonly awsRegion: string
  readonly resourceType: string
  readonly resourceId: string
  readonly resourceName?: string
  readonly arn?: string
  readonly configurationItemStatus: string
  /** Milliseconds since 1970. */
  readonly configurationItemCaptureTime: number
  readonly tags: Readonly<Record<string, string>>
  readonly configuration: unknown
  readonly supplementaryConfiguration?: Readonly<Record<string, unknown>>
}

/** Newest first. Key: account/Region/type/id. */
const itemsTable = (world: World): Table<readonly Item[]> => world.table('config.items')
const keyOf = (one: Pick<Item, 'accountId' | 'awsRegion' | 'resourceType' | 'resourceId'>) =>
  place(one.accountId, one.awsRegion, one.resourceType, one.resourceId)

export function putItem(world: World, item: Omit<Item, 'configurationItemCaptureTime'>): void {
  const full: Item = { ...item, configurationItemCaptureTime: world.now() }
  itemsTable(world).put(keyOf(item), [full, ...(itemsTable(world).get(keyOf(item)) ?? [])])
}

/** Resources that the sandbox itself has: IAM is recorded in every Region that records. */
const ownItems = (world: World, accountId: string, region: string): readonly Item[] =>
  [...users(world).values()]
    .filter((user) => user.accountId === accountId)
    .map((user) => ({
      accountId,
      awsRegion: region,
      resourceType: 'AWS::IAM::User',
      resourceId: user.id,
      resourceName: user.name,
      arn: user.arn,
      configurationItemStatus: 'ResourceDiscovered',
      configurationItemCaptureTime: user.createdAt,
      tags: user.tags,
      configuration: {
        path: user.path,
        userName: user.name,
        userId: user.id,
        arn: user.arn,
        userPolicyList: Object.keys(user.inline).map((policyName) => ({ policyName })),
        attachedManagedPolicies: user.attached.map((policyArn) => ({ policyArn })),
      },
    }))

/** The latest item of each resource that is there, where Config records. */
export function latestItems(world: World, accountId: string, region: string): readonly Item[] {
  if (!records(world, accountId, region)) return []
  const kept = [...itemsTable(world).values()].flatMap(([latest]) =>
    latest?.accountId === accountId && latest.awsRegion === region ? [latest] : [],
  )
  return [...ownItems(world, accountId, region), ...kept].filter(isThere)
}

const isThere = (item: Item) => !item.configurationItemStatus.startsWith('ResourceDeleted')

interface PutInput {
  readonly ResourceType: string
  readonly ResourceId: string
  readonly ResourceName?: string
  readonly Configuration: string
  readonly Tags?: Readonly<Record<string, string>>
}

export function putResourceConfig(call: Call<PutInput>): void {
  const { input, caller, region, world } = call
  requireRecording(call)
  if (input.ResourceType.startsWith('AWS::'))
    throw invalid(
      'Resources of AWS are recorded by AWS Config itself; use a type of the CloudFormation registry.',
    )
  putItem(world, {
    accountId: caller.accountId,
    awsRegion: region,
    resourceType: input.ResourceType,
    resourceId: input.ResourceId,
    ...(input.ResourceName === undefined ? {} : { resourceName: input.ResourceName }),
    configurationItemStatus: 'OK',
    tags: input.Tags ?? {},
    configuration: parsed(input.Configuration),
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalid('The Configuration is not valid JSON.')
  }
}

export function deleteResourceConfig(call: Call<{ ResourceType: string; ResourceId: string }>): void {
  const { input, caller, region, world } = call
  requireRecording(call)
  const key = place(caller.accountId, region, input.ResourceType, input.ResourceId)
  const [latest] = itemsTable(world).get(key) ?? []
  if (latest && isThere(latest)) putItem(world, { ...latest, configurationItemStatus: 'ResourceDeleted' })
}

interface HistoryInput {
  readonly resourceType: string
  readonly resourceId: string
  /** Milliseconds. */
  readonly laterTime?: number
  readonly earlierTime?: number
  readonly chronologicalOrder?: 'Forward' | 'Reverse'
  readonly limit?: number
  readonly nextToken?: string
}

export function getResourceConfigHistory(call: Call<HistoryInput>) {
  const { world, input, caller, region } = call
  checkRange(input.earlierTime, input.laterTime)
  const own = ownItems(world, caller.accountId, region).filter(
    (one) => one.resourceType === input.resourceType && one.resourceId === input.resourceId,
  )
  const key = place(caller.accountId, region, input.resourceType, input.resourceId)
  const all = itemsTable(world).get(key) ?? own
  if (all.length === 0)
    throw new AwsError(
      'ResourceNotDiscoveredException',
      `Resource ${input.resourceId} of resourceType:${input.resourceType} is unknown or has not been discovered`,
    )
  const within = all.filter(
    ({ configurationItemCaptureTime: at }) =>
      at >= (input.earlierTime ?? 0) && at <= (input.laterTime ?? Number.POSITIVE_INFINITY),
  )
  const ordered = input.chronologicalOrder === 'Forward' ? [...within].reverse() : within
  const { items, next } = page(ordered, { NextToken: input.nextToken, Limit: input.limit } as Paging, 10)
  return { configurationItems: items.map(wire), nextToken: next }
}

type Paging = { NextToken?: string; Limit?: number }

const wire = ({ configuration, supplementaryConfiguration, ...item }: Item) => ({
  version: '1.3',
  configurationStateId: String(item.configurationItemCaptureTime),
  ...item,
  configuration: JSON.stringify(configuration),
  supplementaryConfiguration: Object.fromEntries(
    Object.entries(supplementaryConfiguration ?? {}).map(([name, value]) => [name, JSON.stringify(value)]),
  ),
  relationships: [],
  relatedEvents: [],
})

interface ListInput {
  readonly resourceType: string
  readonly resourceIds?: readonly string[]
  readonly resourceName?: string
  readonly limit?: number
  readonly nextToken?: string
}

export function listDiscoveredResources(call: Call<ListInput>) {
  const { input, world, caller, region } = call
  if (input.resourceIds && input.resourceName !== undefined)
    throw invalid('You cannot specify both resourceIds and resourceName.')
  const fits = latestItems(world, caller.accountId, region).filter(
    (one) =>
      one.resourceType === input.resourceType &&
      (input.resourceIds?.includes(one.resourceId) ?? true) &&
      (input.resourceName === undefined || input.resourceName === one.resourceName),
  )
  const { items, next } = page(fits, { NextToken: input.nextToken, Limit: input.limit } as Paging, 100)
  const resourceIdentifiers = items.map(({ resourceType, resourceId, resourceName }) => ({
    resourceType,
    resourceId,
    resourceName,
  }))
  return { resourceIdentifiers, nextToken: next }
}
