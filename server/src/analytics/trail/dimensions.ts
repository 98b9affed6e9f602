import type { Json } from '../../kernel/json.ts'
import type { CallChecks, CallPlan, CallReader } from '../../policy/trail/call.ts'
import { members } from '../../policy/trail/event.ts'
import type { KeyFacts, SkipReason } from '../../policy/trail/facts.ts'
import { networkKeys } from '../../policy/trail/network.ts'
import { type Caller, callerOf } from '../../policy/trail/principal.ts'
import { errorOf, skipOf } from '../../policy/trail/requests.ts'
import type { TrailTables } from '../../policy/trail/tables.ts'
import { FIELD, type FieldName, type Spans } from './scan.ts'

/** A file in memory, and the spans of the record at hand. */
export interface Slices {
  bytes: Uint8Array
  /** The same bytes, for reading texts. */
  buffer: Buffer
  readonly spans: Spans
}

/** What an event is, as far as every event of its name, type, region and account is the same. */
export interface Head {
  /** False: some other JSON, which has no name and source as CloudTrail writes them. */
  readonly isRecord: boolean
  readonly source: string
  readonly name: string
  readonly region: string
  readonly recipient: string
  readonly skip: SkipReason | null
  readonly needsParameters: boolean
  readonly plan: CallPlan
}

/** What of a caller decides the network keys, so that they need no caller of their own. */
export type Chain = Pick<Caller, 'via' | 'viaService'> & { readonly isService: boolean }

const rawOf = ({ buffer, spans }: Slices, name: FieldName): string => {
  const start = spans[2 * FIELD[name]] as number
  return start < 0 ? '' : buffer.toString('utf8', start, spans[2 * FIELD[name] + 1])
}

export const jsonOf = (from: Slices, name: FieldName): Json => {
  const start = from.spans[2 * FIELD[name]] as number
  // Most records have no `resources`: `null` needs no text.
  if (start < 0 || (from.bytes[start] === 110 && from.spans[2 * FIELD[name] + 1] === start + 4)) return null
  return JSON.parse(rawOf(from, name))
}

export const textOf = (from: Slices, name: FieldName): string => {
  const raw = rawOf(from, name)
  if (raw.charCodeAt(0) !== 34) return ''
  // A string without escapes stands for itself; control characters would not be JSON, and JSON.parse says so.
  return PLAIN.test(raw) ? raw.slice(1, -1) : (JSON.parse(raw) as string)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not stand in a string
const PLAIN = /^"[^"\\\u0000-\u001f]*"$/

export function readHead(from: Slices, tables: TrailTables, reader: CallReader): Head {
  const [source, name] = [textOf(from, 'eventSource'), textOf(from, 'eventName')]
  const plan = reader.planOf(source, name)
  const { naming, needsParameters } = plan
  const type = textOf(from, 'eventType')
  const ofType = skipOf(tables, type)
  const skip = ofType ?? (naming.kind === 'skipped' ? naming.reason : null)
  return {
    isRecord: isNamed(source, name) || (ofType !== null && type.startsWith('Aws')),
    source,
    name,
    region: textOf(from, 'awsRegion'),
    recipient: textOf(from, 'recipientAccountId'),
    skip,
    needsParameters,
    plan,
  }
}

/** Messages of S3, SQS and others (`aws:s3`) have both members, too. Insights have neither: their type tells them. */
const isNamed = (source: string, name: string) => source !== '' && name !== '' && !source.startsWith('aws:')

/** A caller without the keys that facts do not keep, and the chain that its network keys need. */
export function readCaller(
  from: Slices,
  omit: readonly string[],
): { readonly caller: Caller; readonly chain: Chain } {
  const caller = callerOf(members(jsonOf(from, 'userIdentity')))
  const { via, viaService } = caller
  const chain = { via, viaService, isService: caller.principal.type === 'service' }
  return { caller: { ...caller, keys: without(caller.keys, omit) }, chain }
}

const without = (keys: KeyFacts, omit: readonly string[]): KeyFacts =>
  Object.fromEntries(Object.entries(keys).filter(([key]) => !omit.includes(key)))

export const readNetwork = (from: Slices, chain: Chain): KeyFacts =>
  networkKeys(
    {
      sourceIPAddress: textOf(from, 'sourceIPAddress'),
      userAgent: textOf(from, 'userAgent'),
      vpcEndpointId: textOf(from, 'vpcEndpointId'),
      vpcEndpointAccountId: textOf(from, 'vpcEndpointAccountId'),
      tlsDetails: jsonOf(from, 'tlsDetails'),
    },
    chain,
  )

export function readCall(from: Slices, head: Head, account: string, reader: CallReader): CallChecks {
  const { source, name, region, skip, needsParameters, plan } = head
  if (skip !== null) return { kind: 'skipped', reason: skip }
  const record = {
    eventSource: source,
    eventName: name,
    awsRegion: region,
    account,
    requestParameters: needsParameters ? jsonOf(from, 'requestParameters') : null,
    resources: needsParameters ? jsonOf(from, 'resources') : null,
  }
  return reader.read(record, plan)
}

export const readError = (from: Slices) => errorOf(textOf(from, 'errorCode'), textOf(from, 'errorMessage'))
