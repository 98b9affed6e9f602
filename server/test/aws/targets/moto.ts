import {
  CreateOrganizationalUnitCommand,
  CreateOrganizationCommand,
  EnablePolicyTypeCommand,
  ListRootsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import type { AwsCall } from '../../../src/aws/calls.ts'
import { createEstate } from '../../../src/aws/estate.ts'
import { systemClock } from '../../../src/kernel/clock.ts'
import { type ContractWorld, newOrder, settled } from '../contract/world.ts'

const MANAGEMENT = '123456789012' // moto's own account
const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'moto' }
const QUEUE = 'rankan-contract'
const HOOK_BUCKET = 'rankan-contract-hooks'

/** A fresh organisation on a moto server. */
export async function motoWorld(endpoint: string): Promise<ContractWorld> {
  await fetch(`${endpoint}/moto-api/reset`, { method: 'POST' })
  const config = { endpoint, credentials, region: 'us-east-1' }
  const organizations = new OrganizationsClient(config)
  await organizations.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }))
  const { Roots } = await organizations.send(new ListRootsCommand({}))
  const rootId = Roots?.[0]?.Id ?? ''
  // A new organisation has no policy type switched on; every landing zone switches SCPs on.
  await organizations.send(
    new EnablePolicyTypeCommand({ RootId: rootId, PolicyType: 'SERVICE_CONTROL_POLICY' }),
  )
  const { OrganizationalUnit } = await organizations.send(
    new CreateOrganizationalUnitCommand({ ParentId: rootId, Name: 'Workloads' }),
  )
  const s3 = new S3Client({ ...config, forcePathStyle: true })
  await s3.send(new CreateBucketCommand({ Bucket: HOOK_BUCKET }))
  s3.destroy()
  const calls: AwsCall[] = []
  const estate = createEstate({
    id: 'aws_moto',
    managementAccountId: MANAGEMENT,
    roleArn: `arn:aws:iam::${MANAGEMENT}:role/RankanControlPlane`,
    homeRegion: 'us-east-1',
    engine: 'auto_enrolment',
    landingZone: 'none',
    endpoint,
    credentials,
    clock: systemClock,
    deliveryName: QUEUE,
    hookBucket: HOOK_BUCKET,
    onCall: (call) => calls.push(call),
  })
  const world: ContractWorld = {
    estate,
    calls,
    rootId,
    ou: { id: OrganizationalUnit?.Id ?? '', name: 'Workloads' },
    tick: async () => {},
    provoke: () => provoke(world, config),
    async stop() {
      estate.destroy()
      organizations.destroy()
    },
  }
  return world
}

/** moto sends no lifecycle events by itself: the message is put into the queue as EventBridge would. */
async function provoke(
  world: ContractWorld,
  config: ConstructorParameters<typeof SQSClient>[0] & object,
): Promise<string> {
  const accountId = await settled(world, await world.estate.creation.begin(newOrder(world, 'event')))
  const sqs = new SQSClient({ ...config, useQueueUrlAsEndpoint: false })
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: QUEUE }))
  const status = { state: 'SUCCEEDED', account: { accountId, accountName: 'x' } }
  const event = {
    id: `event-${accountId}`,
    time: new Date().toISOString(),
    source: 'aws.controltower',
    'detail-type': 'AWS Service Event via CloudTrail',
    detail: {
      eventName: 'CreateManagedAccount',
      serviceEventDetails: { createManagedAccountStatus: status },
    },
  }
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(event) }))
  sqs.destroy()
  return accountId
}
