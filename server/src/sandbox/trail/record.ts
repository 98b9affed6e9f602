/** One call as CloudTrail records it (CloudTrail user guide, "CloudTrail record contents"). */
import { createHash } from 'node:crypto'
import { checksOf } from '../access/checks.ts'
import type { OrganizationView } from '../access/policies.ts'
import type { Authenticated } from '../core/authenticate.ts'
import type { AwsError, Call, EstateEvent, ServiceDefinition, World } from '../core/contract.ts'
import type { ServiceModel } from '../core/model.ts'
import { elementsOf } from './elements.ts'
import { foreignIdentity, userIdentity } from './identity.ts'
import { seconds } from './time.ts'

/** A call that was answered, whichever way. */
export interface FinishedCall {
  readonly service: ServiceDefinition
  readonly model: ServiceModel
  readonly who: Authenticated
  readonly call: (waitedMs: number) => Call
  readonly output: unknown
  readonly error: AwsError | null
}

/** A record, and the organisation's trail that it goes to. */
export interface Delivery {
  readonly organizationId: string
  readonly accountId: string
  readonly region: string
  readonly record: object
}

/** One record; two where the caller uses another account's resource, which that account sees too. */
export function deliveriesOf(finished: FinishedCall, organization: OrganizationView): readonly Delivery[] {
  const call = finished.call(0)
  const { world, caller, region } = call
  const owners = foreignOwners(finished, call)
  const shared = owners.length === 0 ? {} : { sharedEventID: uuidOf(`shared ${call.requestId}`) }
  const accounts = [caller.accountId, ...owners]
  return accounts.flatMap((accountId) => {
    const place = organization.place(world, accountId)
    if (place === null) return []
    const record = { ...recordOf(finished, call, accountId), ...shared }
    return [{ organizationId: place.organizationId, accountId, region, record }]
  })
}

// A denied caller shows up in its own account only.
function foreignOwners({ service, error }: FinishedCall, call: Call): readonly string[] {
  if (service.resourcePolicy === undefined || error?.status === 403) return []
  const owners = checksOf(service, call).map(({ owner }) => owner)
  return [...new Set(owners)].filter((owner) => owner !== call.caller.accountId)
}

const VERSION = '1.11'

function recordOf(finished: FinishedCall, call: Call, recipient: string): object {
  const { service, model, who, output, error } = finished
  const { operation, world, region, source } = call
  const isOwn = recipient === call.caller.accountId
  const readOnly = isReadOnly(model, operation)
  const data = DATA.has(`${service.signingName}.${operation}`)
  const shapes = model.operations[operation]
  const answers = error === null && (!readOnly || operation === 'AssumeRole')
  const resources = resourcesOf(service, call)
  return {
    eventVersion: VERSION,
    userIdentity: isOwn ? userIdentity(world, who) : foreignIdentity(who),
    eventTime: seconds(world.now()),
    eventSource: `${service.signingName}.amazonaws.com`,
    eventName: operation,
    awsRegion: region,
    sourceIPAddress: source.address,
    userAgent: source.userAgent,
    ...(error === null ? {} : { errorCode: errorCode(error), errorMessage: error.message }),
    requestParameters: elementsOf(model, shapes?.input, call.input),
    responseElements: answers ? elementsOf(model, shapes?.output, output) : null,
    requestID: call.requestId,
    eventID: uuidOf(`${call.requestId} ${recipient}`),
    readOnly,
    ...(resources.length === 0 ? {} : { resources }),
    eventType: 'AwsApiCall',
    managementEvent: !data,
    recipientAccountId: recipient,
    eventCategory: data ? 'Data' : 'Management',
    tlsDetails: {
      tlsVersion: 'TLSv1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      clientProvidedHostHeader: `${model.metadata.endpointPrefix}.${region}.amazonaws.com`,
    },
  }
}

// CloudTrail shows one name for what the services' protocols call `AccessDenied` and `AccessDeniedException`.
const errorCode = ({ code }: AwsError) => (code === 'AccessDeniedException' ? 'AccessDenied' : code)

const READS = /^(Get|List|Describe|Search|Scan|Lookup|Test|Is|Receive|Simulate|AssumeRole)/

const isReadOnly = (model: ServiceModel, operation: string) =>
  model.operations[operation]?.readonly === true || READS.test(operation)

/** Data events (SQS and EventBridge guides, "Logging with CloudTrail"); everything else manages. */
const DATA = new Set([
  'sqs.SendMessage',
  'sqs.SendMessageBatch',
  'sqs.ReceiveMessage',
  'sqs.DeleteMessage',
  'sqs.DeleteMessageBatch',
  'sqs.ChangeMessageVisibility',
  'sqs.ChangeMessageVisibilityBatch',
  'events.PutEvents',
])

/** Only some services name their resources in `resources`. */
const TYPES: readonly (readonly [arn: RegExp, type: string])[] = [
  [/^arn:aws:iam::\d+:role\/[^*]+$/, 'AWS::IAM::Role'],
  [/^arn:aws:sqs:[^*]+$/, 'AWS::SQS::Queue'],
  [/^arn:aws:events:[^*]+:event-bus\/[^*]+$/, 'AWS::Events::EventBus'],
]
const NAMING = new Set(['sts', 'sqs', 'events'])

function resourcesOf(service: ServiceDefinition, call: Call): readonly object[] {
  if (!NAMING.has(service.signingName)) return []
  return checksOf(service, call).flatMap(({ resource, owner }) => {
    const type = TYPES.find(([arn]) => arn.test(resource))?.[1]
    return type === undefined ? [] : [{ accountId: owner, type, ARN: resource }]
  })
}

/** Names in the same world are the same; nothing is drawn, so that a trail shifts no id of the estate. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

const SERVICE_EVENT = 'AWS Service Event via CloudTrail'

/** What a service did by itself (lifecycle events of Control Tower, results of Organizations). */
export function serviceDelivery(
  world: World,
  event: EstateEvent,
  organization: OrganizationView,
): Delivery | null {
  const place = organization.place(world, event.accountId)
  if (event.detailType !== SERVICE_EVENT || place === null) return null
  const detail = event.detail as Readonly<Record<string, unknown>>
  const name = `${event.source.replace(/^aws\./, '')}.amazonaws.com`
  const record = {
    userIdentity: { accountId: event.accountId, invokedBy: name },
    sourceIPAddress: name,
    userAgent: name,
    requestParameters: null,
    responseElements: null,
    eventID: event.id,
    readOnly: false,
    eventType: 'AwsServiceEvent',
    managementEvent: true,
    eventCategory: 'Management',
    ...detail,
    eventTime: seconds(Date.parse(event.time)),
    recipientAccountId: event.accountId,
  }
  return {
    organizationId: place.organizationId,
    accountId: event.accountId,
    region: event.region,
    record,
  }
}
