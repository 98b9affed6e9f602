import type { Json } from '../../kernel/json.ts'

/** The members of a CloudTrail record that decide what was asked (`cloudtrail-event-reference-record-contents`). */
export interface TrailRecord {
  readonly eventSource: string
  readonly eventName: string
  readonly eventType: string
  readonly awsRegion: string
  readonly userIdentity: JsonObject
  readonly sourceIPAddress: string
  readonly userAgent: string
  readonly errorCode: string
  readonly errorMessage: string
  readonly requestParameters: Json
  readonly resources: Json
  readonly recipientAccountId: string
  readonly sharedEventID: string
  readonly vpcEndpointId: string
  readonly vpcEndpointAccountId: string
  readonly tlsDetails: Json
}

export type JsonObject = { readonly [key: string]: Json }

/** Members of any JSON value; what is not an object has none. */
export const members = (value: Json | undefined): JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : {}

/** Own members only: parameters may be called `constructor`. */
export const member = (value: JsonObject, name: string): Json | undefined =>
  Object.hasOwn(value, name) ? value[name] : undefined

/** CloudTrail writes these in the place of what it hides: the value is not known. */
export const HIDDEN: ReadonlySet<string> = new Set([
  'HIDDEN_DUE_TO_SECURITY_REASONS',
  '***',
  '****',
  'sensitiveDataRemoved',
])

/** Text of a scalar as it stands in a policy (`true`, `7`), or undefined: not there, not a scalar, or hidden. */
export function scalar(value: Json | undefined): string | undefined {
  if (typeof value === 'string') return value === '' || HIDDEN.has(value) ? undefined : value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

export const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

/** Reads any JSON value as a record; members of a wrong type read as not there. Never throws. */
export function readRecord(value: Json): TrailRecord {
  const record = members(value)
  const at = (name: string) => text(member(record, name))
  return {
    eventSource: at('eventSource'),
    eventName: at('eventName'),
    eventType: at('eventType'),
    awsRegion: at('awsRegion'),
    userIdentity: members(member(record, 'userIdentity')),
    sourceIPAddress: at('sourceIPAddress'),
    userAgent: at('userAgent'),
    errorCode: at('errorCode'),
    errorMessage: at('errorMessage'),
    requestParameters: member(record, 'requestParameters') ?? null,
    resources: member(record, 'resources') ?? null,
    recipientAccountId: at('recipientAccountId'),
    sharedEventID: at('sharedEventID'),
    vpcEndpointId: at('vpcEndpointId'),
    vpcEndpointAccountId: at('vpcEndpointAccountId'),
    tlsDetails: member(record, 'tlsDetails') ?? null,
  }
}
