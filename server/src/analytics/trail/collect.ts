import type { CallReader } from '../../policy/trail/call.ts'
import type { IamFacts } from '../../policy/trail/facts.ts'
import { trailReader, viewOf } from '../../policy/trail/requests.ts'
import type { TrailTables } from '../../policy/trail/tables.ts'
import { keysText, resourceText } from './check-text.ts'
import { type Dictionary, dictionary, numberOf } from './dictionary.ts'
import {
  type Chain,
  type Head,
  isText,
  readCall,
  readCaller,
  readError,
  readHead,
  readNetwork,
} from './dimensions.ts'
import { timeReader } from './event-time.ts'
import {
  bytesOf,
  clearSlices,
  findSlice,
  grown,
  listTable,
  type Slices,
  type SliceTable,
  sliceTable,
  tupleTable,
} from './intern.ts'
import { FIELD, ScanError, type Spans, scan, scanner } from './scan.ts'

export interface CollectOptions {
  /** Keys that facts do not keep, because each session has its own value; they are then unknown. */
  readonly omit: readonly string[]
  /** Rows after which `isFull` says so; bounds the memory. */
  readonly maxRows: number
  readonly maxBytes: number
}

export const COLLECT: CollectOptions = {
  omit: ['aws:tokenissuetime', 'aws:multifactorauthage'],
  maxRows: 60_000,
  maxBytes: 64 * 1024 * 1024,
}

/** The dimensions that a collector numbers; entry 0 of each is not asked for. */
export const NUMBERED = [
  'event',
  'region',
  'account',
  'skip',
  'action',
  'resource',
  'context',
  'principal',
  'network',
  'error',
] as const
export type Numbered = (typeof NUMBERED)[number]

/** Integers of a call: first its own, then those of each check. */
export const CALL = ['event', 'region', 'account', 'skip'] as const
export const CHECK = ['kind', 'action', 'resource', 'context'] as const
/** Kinds of checks by their number; 0 is a call that was skipped. */
export const KINDS = [null, 'direct', 'implied'] as const

export interface Drained {
  /** JSON of a `Caller`, of network keys, of an error, of a resource with its owner, of keys; else the text itself. */
  readonly texts: Readonly<Record<Numbered, readonly string[]>>
  /** Call `id` is `flat` from `starts[id]` to `starts[id + 1]`: `CALL`, then `CHECK` for each check. */
  readonly calls: { readonly flat: Int32Array; readonly starts: Int32Array }
  /** Five integers a row: call, caller, network, error, day * 4 + view. */
  readonly rows: Int32Array
  readonly counts: Int32Array
  /** Seconds since 1970. */
  readonly firsts: Uint32Array
  readonly lasts: Uint32Array
  readonly samples: readonly string[]
}

export const VIEWS = ['both', 'principal', 'owner'] as const
export const DAY_S = 86_400

const HEAD = [FIELD.eventSource, FIELD.eventName, FIELD.eventType, FIELD.awsRegion, FIELD.recipientAccountId]
const IDENTITY = [FIELD.userIdentity]
const NETWORK = [FIELD.sourceIPAddress, FIELD.userAgent, FIELD.vpcEndpointId, FIELD.vpcEndpointAccountId]
const TRANSPORT = [FIELD.tlsDetails]
const PARAMETERS = [FIELD.requestParameters, FIELD.resources]

interface KnownCaller {
  /** Number in the dimension `principal`. */
  readonly id: number
  readonly chain: number
  readonly account: string | null
}

type Texts = Readonly<Record<Numbered, Dictionary<null>>>

/** All that grows with distinct content; made anew when it is drained. */
function emptyState() {
  return {
    heads: sliceTable(),
    identities: sliceTable(),
    networkSlices: sliceTable(),
    transports: sliceTable(),
    parameters: sliceTable(),
    rows: tupleTable(),
    headOf: [] as Head[],
    callerOf: [] as KnownCaller[],
    /** By number of transport slice: number of the TLS version, which is all that counts of it. */
    tlsOf: [] as number[],
    tlsVersions: dictionary<null>(),
    /** By (network slice, transport, chain) and by (head, account). */
    networkOf: new Map<number, number>(),
    callOfHead: new Map<number, number>(),
    callOf: [] as number[],
    places: dictionary<null>(),
    chains: dictionary<Chain>(),
    texts: Object.fromEntries(NUMBERED.map((name) => [name, dictionary<null>()])) as Texts,
    calls: listTable(),
    counts: new Int32Array(4096),
    firsts: new Int32Array(4096),
    lasts: new Int32Array(4096),
    samples: [] as string[],
  }
}

interface Collecting {
  readonly tables: TrailTables
  readonly reader: CallReader
  readonly options: CollectOptions
  readonly timeOf: ReturnType<typeof timeReader>
  readonly from: Slices
  /** Per record of the file: row, seconds, begin and end of the event id. */
  journal: Int32Array<ArrayBuffer>
  noted: number
  /** Integers of the call at hand. */
  call: Int32Array<ArrayBuffer>
  state: ReturnType<typeof emptyState>
}

/**
 * Folds records into rows of facts: one for each distinct request shape and day. A slice that was seen before
 * costs one hash and one compare; only new ones are parsed and mapped. A file counts wholly or not at all.
 */
export function collector(tables: TrailTables, iam: IamFacts, options: CollectOptions = COLLECT) {
  const collecting: Collecting = {
    tables,
    reader: trailReader(tables, iam).calls,
    options,
    timeOf: timeReader(),
    from: {
      bytes: new Uint8Array(0),
      buffer: Buffer.alloc(0),
      view: new DataView(new ArrayBuffer(0)),
      spans: new Int32Array(0),
    },
    journal: new Int32Array(4 * 4096),
    noted: 0,
    call: new Int32Array(64),
    state: emptyState(),
  }
  const cursor = scanner((spans) => onRecord(collecting, spans))
  return {
    /** Number of records of the file, or `null` when it holds none by its shape. Throws `ScanError`; then nothing of it counts. */
    add(input: Uint8Array): number | null {
      collecting.from.bytes = input
      collecting.from.buffer = Buffer.from(input.buffer, input.byteOffset, input.byteLength)
      collecting.from.view = new DataView(input.buffer, input.byteOffset, input.byteLength)
      collecting.noted = 0
      try {
        if (!scan(cursor, input)) return null
      } catch (error) {
        if (error instanceof SyntaxError) throw new ScanError(error.message)
        throw error
      }
      settle(collecting)
      forget(collecting)
      return collecting.noted
    },
    isFull: () => isFull(collecting),
    /** Hands over all rows and begins anew. */
    drain: () => drain(collecting),
  }
}

export type Collector = ReturnType<typeof collector>

function onRecord(collecting: Collecting, spans: Spans): void {
  const { state, from } = collecting
  from.spans = spans
  const headId = findSlice(state.heads, from, HEAD, 0)
  if (state.heads.added) state.headOf[headId] = readHead(from, collecting.tables, collecting.reader)
  const head = state.headOf[headId] as Head
  const seconds = collecting.timeOf(
    from.bytes,
    spans[2 * FIELD.eventTime] as number,
    spans[2 * FIELD.eventTime + 1] as number,
  )
  const day = Math.floor(seconds / DAY_S) * 4
  if (head.skip !== null) {
    note(
      collecting,
      state.rows.find(callNumber(collecting, headId, head, head.recipient), 0, 0, 0, day),
      seconds,
    )
    return
  }
  const caller = callerNumber(collecting)
  const call = callNumber(collecting, headId, head, head.recipient || (caller.account ?? ''))
  const view = VIEWS.indexOf(viewOf(head.recipient, caller.account, isText(from, FIELD.sharedEventID)))
  const network = networkNumber(collecting, caller.chain)
  note(collecting, state.rows.find(call, caller.id, network, errorNumber(collecting), day + view), seconds)
}

function callerNumber({ state, from, options }: Collecting): KnownCaller {
  const slice = findSlice(state.identities, from, IDENTITY, 0)
  if (state.identities.added) {
    const { caller, chain } = readCaller(from, options.omit)
    state.callerOf[slice] = {
      id: numberOf(state.texts.principal, JSON.stringify(caller), null),
      chain: numberOf(state.chains, JSON.stringify(chain), chain),
      account: caller.principal.account,
    }
  }
  return state.callerOf[slice] as KnownCaller
}

function callNumber(collecting: Collecting, headId: number, head: Head, account: string): number {
  const { state, from } = collecting
  // The account of a record without a recipient is its caller's, so it is part of what is looked up.
  const place =
    head.recipient !== '' ? headId : 2 ** 30 + numberOf(state.places, `${headId} ${account}`, null)
  if (head.needsParameters) {
    const slice = findSlice(state.parameters, from, PARAMETERS, place)
    if (state.parameters.added) state.callOf[slice] = newCall(collecting, head, account)
    return state.callOf[slice] as number
  }
  const known = state.callOfHead.get(place)
  if (known !== undefined) return known
  const call = newCall(collecting, head, account)
  state.callOfHead.set(place, call)
  return call
}

function newCall(collecting: Collecting, head: Head, account: string): number {
  const { state, from, reader } = collecting
  const { texts } = state
  const outcome = readCall(from, head, account, reader)
  const checks = outcome.kind === 'checks' ? outcome.checks : []
  const length = CALL.length + CHECK.length * checks.length
  while (length > collecting.call.length) collecting.call = grown(collecting.call)
  const { call } = collecting
  call[0] = numberOf(texts.event, `${head.source}/${head.name}`, null)
  call[1] = numberOf(texts.region, head.region, null)
  call[2] = numberOf(texts.account, account, null)
  call[3] = outcome.kind === 'skipped' ? numberOf(texts.skip, outcome.reason, null) : 0
  let at = CALL.length
  for (const check of checks) {
    call[at] = KINDS.indexOf(check.kind)
    call[at + 1] = numberOf(texts.action, check.action, null)
    call[at + 2] = numberOf(texts.resource, resourceText(check), null)
    call[at + 3] = numberOf(texts.context, keysText(check.keys), null)
    at += CHECK.length
  }
  return state.calls.find(call, length)
}

/** Chains and TLS versions are few; slices of addresses and agents are many. */
const CHAINS = 4096
const VERSIONS = 64

function networkNumber({ state, from }: Collecting, chain: number): number {
  const slice = findSlice(state.networkSlices, from, NETWORK, 0)
  const key = (slice * CHAINS + (chain % CHAINS)) * VERSIONS + (tlsNumber(state, from) % VERSIONS)
  const known = state.networkOf.get(key)
  if (known !== undefined && chain < CHAINS) return known
  const keys = readNetwork(from, state.chains.values[chain] as Chain)
  const made = numberOf(state.texts.network, JSON.stringify(keys), null)
  state.networkOf.set(key, made)
  return made
}

function tlsNumber(state: Collecting['state'], from: Slices): number {
  const slice = findSlice(state.transports, from, TRANSPORT, 0)
  if (state.transports.added) {
    const { 's3:tlsversion': version } = readNetwork(from, { via: null, viaService: 'no', isService: false })
    state.tlsOf[slice] = numberOf(state.tlsVersions, String(version ?? ''), null)
  }
  return state.tlsOf[slice] as number
}

function errorNumber({ state, from }: Collecting): number {
  if (!isText(from, FIELD.errorCode)) return 0
  const error = readError(from)
  return error === null ? 0 : numberOf(state.texts.error, JSON.stringify(error), null)
}

function note(collecting: Collecting, row: number, seconds: number): void {
  if (collecting.noted * 4 === collecting.journal.length) collecting.journal = grown(collecting.journal)
  const { journal, from } = collecting
  const at = collecting.noted++ * 4
  journal[at] = row
  journal[at + 1] = seconds | 0
  journal[at + 2] = from.spans[2 * FIELD.eventID] as number
  journal[at + 3] = from.spans[2 * FIELD.eventID + 1] as number
}

/** Only a file that was read to its end changes counts. */
function settle({ state, journal, noted, from }: Collecting): void {
  while (state.counts.length < state.rows.size()) {
    state.counts = grown(state.counts)
    state.firsts = grown(state.firsts)
    state.lasts = grown(state.lasts)
  }
  const { counts, firsts, lasts } = state
  for (let i = 0; i < noted; i++) {
    const row = journal[4 * i] as number
    const seconds = (journal[4 * i + 1] as number) >>> 0
    const isNew = counts[row] === 0
    counts[row] = (counts[row] as number) + 1
    if (isNew || seconds > (lasts[row] as number) >>> 0) lasts[row] = seconds
    if (isNew || seconds <= (firsts[row] as number) >>> 0)
      sample(state, from, row, seconds, isNew, journal[4 * i + 2] as number, journal[4 * i + 3] as number)
  }
}

/** The sample is the first event; of several in one second the smallest id, so that order does not matter. */
function sample(
  state: Collecting['state'],
  { buffer }: Slices,
  row: number,
  seconds: number,
  isNew: boolean,
  start: number,
  end: number,
): void {
  const id = start < 0 ? '' : buffer.toString('utf8', start, end)
  const earlier = isNew || seconds < (state.firsts[row] as number) >>> 0
  if (earlier || id < (state.samples[row] as string)) state.samples[row] = id
  state.firsts[row] = seconds
}

/** What slices mean stays; the slices themselves only as long as they are cheap to keep. */
function forget({ state, options }: Collecting): void {
  const limits: readonly [SliceTable, number][] = [
    [state.identities, options.maxBytes / 4],
    [state.parameters, options.maxBytes / 2],
  ]
  for (const [table, limit] of limits) if (bytesOf(table) > limit) clearSlices(table)
}

const isFull = ({ state, options }: Collecting): boolean =>
  state.rows.size() >= options.maxRows ||
  state.calls.size() >= options.maxRows ||
  NUMBERED.some((name) => state.texts[name].texts.length >= options.maxRows) ||
  [state.heads, state.networkSlices, state.transports].some((table) => bytesOf(table) > options.maxBytes / 4)

function drain(collecting: Collecting): Drained {
  const { state } = collecting
  const size = state.rows.size()
  const unsigned = (array: Int32Array<ArrayBuffer>) => new Uint32Array(array.buffer.slice(0, size * 4))
  collecting.state = emptyState()
  return {
    texts: Object.fromEntries(NUMBERED.map((name) => [name, state.texts[name].texts])) as Record<
      Numbered,
      string[]
    >,
    calls: state.calls.values(),
    rows: state.rows.values().slice(0, size * 5),
    counts: state.counts.slice(0, size),
    firsts: unsigned(state.firsts),
    lasts: unsigned(state.lasts),
    samples: state.samples,
  }
}
