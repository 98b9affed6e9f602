import type { Json } from '../../kernel/json.ts'
import type { CallChecks } from '../../policy/trail/call.ts'
import { members } from '../../policy/trail/event.ts'
import type { IamFacts, KeyFacts, SkipReason } from '../../policy/trail/facts.ts'
import { networkKeys } from '../../policy/trail/network.ts'
import { type Caller, callerOf } from '../../policy/trail/principal.ts'
import { errorOf, skipOf, trailReader, viewOf } from '../../policy/trail/requests.ts'
import type { TrailTables } from '../../policy/trail/tables.ts'
import { timeReader } from './event-time.ts'
import { grown, sliceTable, tupleTable } from './intern.ts'
import { FIELD, type FieldName, ScanError, type Spans, scan, scanner } from './scan.ts'

export interface CollectOptions {
  /** Keys that facts do not keep, because each session has its own value; they are then unknown. */
  readonly omit: readonly string[]
  /** Rows after which `isFull` says so; bounds the memory. */
  readonly maxRows: number
  readonly maxBytes: number
}

export const COLLECT: CollectOptions = {
  omit: ['aws:tokenissuetime', 'aws:multifactorauthage'],
  maxRows: 200_000,
  maxBytes: 96 * 1024 * 1024,
}

/** One dimension of facts: the number of an entry is its place. */
export interface Drained {
  readonly calls: readonly CallEntry[]
  /** Canonical JSON of a `Caller`, of network keys, of an error; the entry 0 is `null`: not asked for. */
  readonly callers: readonly string[]
  readonly networks: readonly string[]
  readonly errors: readonly string[]
  /** Five integers a row: call, caller, network, error, day * 4 + view. */
  readonly rows: Int32Array
  readonly counts: Int32Array
  /** Seconds since 1970. */
  readonly firsts: Uint32Array
  readonly lasts: Uint32Array
  readonly samples: readonly string[]
}

export interface CallEntry {
  readonly event: string
  readonly region: string
  readonly account: string
  readonly outcome: CallChecks
}

export const VIEWS = ['both', 'principal', 'owner'] as const
export const DAY_S = 86_400

interface Head {
  readonly source: string
  readonly name: string
  readonly region: string
  readonly recipient: string
  readonly skip: SkipReason | null
  readonly needsParameters: boolean
}

const HEAD = [FIELD.eventSource, FIELD.eventName, FIELD.eventType, FIELD.awsRegion, FIELD.recipientAccountId]
const IDENTITY = [FIELD.userIdentity]
const NETWORK = [
  FIELD.sourceIPAddress,
  FIELD.userAgent,
  FIELD.vpcEndpointId,
  FIELD.vpcEndpointAccountId,
  FIELD.tlsDetails,
]
const PARAMETERS = [FIELD.requestParameters, FIELD.resources]

/**
 * Folds records into rows of facts: one for each distinct request shape and day. A slice that was seen before
 * costs one hash and one compare; only new ones are parsed and mapped. A file counts wholly or not at all.
 */
export function collector(tables: TrailTables, iam: IamFacts, options: CollectOptions = COLLECT) {
  const { calls: reader } = trailReader(tables, iam)
  const timeOf = timeReader()
  const heads = sliceTable()
  const identities = sliceTable()
  const networks = sliceTable()
  const parameters = sliceTable()
  const rows = tupleTable()

  let headOf: Head[] = []
  let callerOfSlice: number[] = []
  let callers = dictionary<CallerEntry>()
  let networkOfPair = new Map<number, number>()
  let networkTexts = dictionary<null>()
  let errors = dictionary<null>()
  let calls = dictionary<CallEntry>()
  let callOfSlice: number[] = []
  let callOfPair = new Map<number, number>()
  let chains = dictionary<null>()
  let places = dictionary<null>()
  let counts: Int32Array<ArrayBuffer> = new Int32Array(4096)
  let firsts = new Uint32Array(4096)
  let lasts = new Uint32Array(4096)
  let samples: string[] = []

  let bytes: Uint8Array = new Uint8Array(0)
  let view: DataView = new DataView(new ArrayBuffer(0))
  let journal: Int32Array<ArrayBuffer> = new Int32Array(4 * 4096)
  let noted = 0

  const raw = (spans: Spans, field: number) => {
    const start = spans[2 * field] as number
    if (start < 0) return ''
    return Buffer.from(
      bytes.buffer,
      bytes.byteOffset + start,
      (spans[2 * field + 1] as number) - start,
    ).toString('utf8')
  }
  const json = (spans: Spans, name: FieldName): Json => {
    const text = raw(spans, FIELD[name])
    return text === '' ? null : JSON.parse(text)
  }
  const textOf = (spans: Spans, name: FieldName): string => {
    const value = json(spans, name)
    return typeof value === 'string' ? value : ''
  }

  function readHead(spans: Spans): Head {
    const [source, name] = [textOf(spans, 'eventSource'), textOf(spans, 'eventName')]
    const skip = skipOf(tables, textOf(spans, 'eventType'))
    const plan = reader.planOf(source, name)
    return {
      source,
      name,
      region: textOf(spans, 'awsRegion'),
      recipient: textOf(spans, 'recipientAccountId'),
      skip: skip ?? (plan.naming.kind === 'skipped' ? plan.naming.reason : null),
      needsParameters: plan.needsParameters,
    }
  }

  function readCaller(spans: Spans): number {
    const caller = callerOf(members(json(spans, 'userIdentity')))
    const kept = { ...caller, keys: without(caller.keys, options.omit) }
    const isService = caller.principal.type === 'service'
    const chain = JSON.stringify({ via: caller.via, viaService: caller.viaService, isService })
    return callers.add(JSON.stringify(kept), {
      chain: chains.add(chain, null),
      account: caller.principal.account,
    })
  }

  function readNetwork(spans: Spans, chain: number): number {
    const origin = {
      sourceIPAddress: textOf(spans, 'sourceIPAddress'),
      userAgent: textOf(spans, 'userAgent'),
      vpcEndpointId: textOf(spans, 'vpcEndpointId'),
      vpcEndpointAccountId: textOf(spans, 'vpcEndpointAccountId'),
      tlsDetails: json(spans, 'tlsDetails'),
    }
    return networkTexts.add(JSON.stringify(networkKeys(origin, JSON.parse(chains.textOf(chain)))), null)
  }

  function readCall(spans: Spans, head: Head, account: string): number {
    const outcome: CallChecks =
      head.skip !== null
        ? { kind: 'skipped', reason: head.skip }
        : reader.read({
            eventSource: head.source,
            eventName: head.name,
            awsRegion: head.region,
            account,
            requestParameters: head.needsParameters ? json(spans, 'requestParameters') : null,
            resources: head.needsParameters ? json(spans, 'resources') : null,
          })
    const event = `${head.source}/${head.name}`
    const entry = { event, region: head.region, account, outcome }
    return calls.add(JSON.stringify(entry), entry)
  }

  function callNumber(spans: Spans, headId: number, head: Head, account: string): number {
    // The account of a record without a recipient is its caller's, so it is part of what is looked up.
    const key = head.recipient !== '' ? headId : 2 ** 30 + places.add(`${headId} ${account}`, null)
    if (head.needsParameters) {
      const id = parameters.find(bytes, view, spans, PARAMETERS, key)
      if (parameters.added()) callOfSlice[id] = readCall(spans, head, account)
      return callOfSlice[id] as number
    }
    const known = callOfPair.get(key)
    if (known !== undefined) return known
    const made = readCall(spans, head, account)
    callOfPair.set(key, made)
    return made
  }

  function networkNumber(spans: Spans, chain: number): number {
    const slice = networks.find(bytes, view, spans, NETWORK, 0)
    const key = slice * 4096 + chain
    const known = networkOfPair.get(key)
    if (known !== undefined) return known
    const made = readNetwork(spans, chain)
    networkOfPair.set(key, made)
    return made
  }

  const isString = (spans: Spans, field: number) => {
    const start = spans[2 * field] as number
    return start >= 0 && bytes[start] === 34 && (spans[2 * field + 1] as number) - start > 2
  }

  function errorNumber(spans: Spans): number {
    if (!isString(spans, FIELD.errorCode)) return 0
    const error = errorOf(textOf(spans, 'errorCode'), textOf(spans, 'errorMessage'))
    return error === null ? 0 : errors.add(JSON.stringify(error), null)
  }

  function onRecord(spans: Spans): void {
    const headId = heads.find(bytes, view, spans, HEAD, 0)
    if (heads.added()) headOf[headId] = readHead(spans)
    const head = headOf[headId] as Head
    const seconds = timeOf(
      bytes,
      spans[2 * FIELD.eventTime] as number,
      spans[2 * FIELD.eventTime + 1] as number,
    )
    const day = Math.floor(seconds / DAY_S) * 4
    if (head.skip !== null) {
      note(rows.find(callNumber(spans, headId, head, head.recipient), 0, 0, 0, day), seconds, spans)
      return
    }
    const slice = identities.find(bytes, view, spans, IDENTITY, 0)
    if (identities.added()) callerOfSlice[slice] = readCaller(spans)
    const callerId = callerOfSlice[slice] as number
    const caller = callers.valueOf(callerId) as CallerEntry
    const call = callNumber(spans, headId, head, head.recipient || (caller.account ?? ''))
    const seen = viewOf(head.recipient, caller.account, isString(spans, FIELD.sharedEventID))
    const network = networkNumber(spans, caller.chain)
    note(rows.find(call, callerId, network, errorNumber(spans), day + VIEWS.indexOf(seen)), seconds, spans)
  }

  function note(row: number, seconds: number, spans: Spans): void {
    if (noted * 4 === journal.length) journal = grown(journal)
    const at = noted++ * 4
    journal[at] = row
    journal[at + 1] = seconds | 0
    journal[at + 2] = spans[2 * FIELD.eventID] as number
    journal[at + 3] = spans[2 * FIELD.eventID + 1] as number
  }

  /** Only a file that was read to its end changes counts. */
  function settle(): void {
    while (counts.length < rows.size()) {
      counts = grown(counts)
      firsts = grownUnsigned(firsts)
      lasts = grownUnsigned(lasts)
    }
    for (let i = 0; i < noted; i++) {
      const row = journal[4 * i] as number
      const seconds = (journal[4 * i + 1] as number) >>> 0
      const isNew = counts[row] === 0
      ;(counts as Int32Array)[row] = (counts[row] as number) + 1
      if (isNew || seconds > (lasts[row] as number)) lasts[row] = seconds
      if (isNew || seconds <= (firsts[row] as number))
        sample(row, seconds, journal[4 * i + 2] as number, journal[4 * i + 3] as number, isNew)
    }
  }

  /** The sample is the first event; of several in one second the smallest id, so that order does not matter. */
  function sample(row: number, seconds: number, start: number, end: number, isNew: boolean): void {
    const id =
      start < 0 ? '' : Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8')
    if (isNew || seconds < (firsts[row] as number) || id < (samples[row] as string)) samples[row] = id
    firsts[row] = seconds
  }

  const cursor = scanner(onRecord)

  return {
    /** Number of records of the file, or `null` when it holds none by its shape. Throws `ScanError`; then nothing of it counts. */
    add(input: Uint8Array): number | null {
      bytes = input
      view = new DataView(input.buffer, input.byteOffset, input.byteLength)
      noted = 0
      try {
        if (!scan(cursor, input)) return null
      } catch (error) {
        if (error instanceof SyntaxError) throw new ScanError(error.message)
        throw error
      }
      settle()
      // The parsed forms of slices stay; the slices themselves only as long as they are cheap to keep.
      if (identities.bytes() > options.maxBytes / 4) identities.clear()
      if (parameters.bytes() > options.maxBytes / 2) parameters.clear()
      return noted
    },
    isFull: () =>
      rows.size() >= options.maxRows ||
      calls.size() >= options.maxRows ||
      networks.bytes() > options.maxBytes / 4,
    /** Hands over all rows and begins anew. */
    drain(): Drained {
      const size = rows.size()
      const drained: Drained = {
        calls: calls.values(),
        callers: callers.texts(),
        networks: networkTexts.texts(),
        errors: errors.texts(),
        rows: rows.values().slice(0, size * 5),
        counts: counts.slice(0, size),
        firsts: firsts.slice(0, size),
        lasts: lasts.slice(0, size),
        samples,
      }
      for (const table of [heads, identities, networks, parameters, rows]) table.clear()
      headOf = []
      callerOfSlice = []
      callOfSlice = []
      callOfPair = new Map()
      networkOfPair = new Map()
      callers = dictionary()
      networkTexts = dictionary()
      errors = dictionary()
      calls = dictionary()
      chains = dictionary()
      places = dictionary()
      counts = new Int32Array(4096)
      firsts = new Uint32Array(4096)
      lasts = new Uint32Array(4096)
      samples = []
      return drained
    },
  }
}

export type Collector = ReturnType<typeof collector>

interface CallerEntry {
  readonly chain: number
  readonly account: string | null
}

const without = (keys: KeyFacts, omit: readonly string[]): KeyFacts =>
  Object.fromEntries(Object.entries(keys).filter(([key]) => !omit.includes(key)))

/** Texts with numbers; number 0 is `null`, for rows that do not ask for the dimension. */
function dictionary<T>() {
  const numbers = new Map<string, number>([['null', 0]])
  const texts: string[] = ['null']
  const values: (T | null)[] = [null]
  return {
    add(text: string, value: T): number {
      const known = numbers.get(text)
      if (known !== undefined) return known
      numbers.set(text, texts.length)
      texts.push(text)
      values.push(value)
      return texts.length - 1
    },
    textOf: (id: number) => texts[id] ?? 'null',
    valueOf: (id: number) => values[id],
    texts: () => texts,
    values: () => values as T[],
    size: () => texts.length,
  }
}

function grownUnsigned(array: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const bigger = new Uint32Array(array.length * 2)
  bigger.set(array)
  return bigger
}

export type { Caller }
