import type { CallReader } from '../../policy/trail/call.ts'
import type { IamFacts } from '../../policy/trail/facts.ts'
import { trailReader, viewOf } from '../../policy/trail/requests.ts'
import type { TrailTables } from '../../policy/trail/tables.ts'
import { CHECKED, type Checked, type PackedTexts } from './call-memory.ts'
import { callMapper } from './call-patterns.ts'
import { clearDictionary, type Dictionary, dictionary, numberOf } from './dictionary.ts'
import {
  type Chain,
  type Head,
  readCaller,
  readError,
  readHead,
  readNetwork,
  type Slices,
} from './dimensions.ts'
import { timeReader } from './event-time.ts'
import { grown, listTable, tupleTable } from './intern.ts'
import { FIELD, FIELDS, ScanError } from './scan.ts'
import { GROUP, type Group, NUMBERS, type SliceReader, sliceReader } from './slices.ts'

export interface CollectOptions {
  /** Keys that facts do not keep, because each session has its own value; they are then unknown. */
  readonly omit: readonly string[]
  /** Rows after which `isFull` says so, or checks that are so many times more; bounds the memory. */
  readonly maxRows: number
  /** Bytes of slices and texts. */
  readonly maxBytes: number
}

export const COLLECT: CollectOptions = {
  omit: ['aws:tokenissuetime', 'aws:multifactorauthage'],
  maxRows: 30_000,
  maxBytes: 64 * 1024 * 1024,
}

/** Checks for each row that is allowed: most calls have one or two, `CreateTags` has one for each resource. */
const CHECKS_A_ROW = 8

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
export const UNCHECKED = ['event', 'region', 'account', 'skip', 'principal', 'network', 'error'] as const
export type Unchecked = Exclude<Numbered, Checked>

/** Integers of a call: first its own, then those of each check. */
export const CALL = ['event', 'region', 'account', 'skip'] as const
export const CHECK = ['kind', 'action', 'resource', 'context'] as const

export interface Drained {
  /** JSON of a `Caller`, of network keys, of an error; else the text itself. */
  readonly texts: Readonly<Record<Unchecked, readonly string[]>>
  /** Actions, and JSON of a resource with its owner and of keys. */
  readonly packed: Readonly<Record<Checked, PackedTexts>>
  /** Call `id` is `flat` from `starts[id]` to `starts[id + 1]`: `CALL`, then `CHECK` for each check. */
  readonly calls: { readonly flat: Int32Array; readonly starts: Int32Array; readonly size: number }
  /** Five integers a row: call, caller, network, error, day * 4 + view. */
  readonly rows: Int32Array<ArrayBuffer>
  readonly counts: Int32Array<ArrayBuffer>
  /** Seconds since 1970. */
  readonly firsts: Uint32Array<ArrayBuffer>
  readonly lasts: Uint32Array<ArrayBuffer>
  readonly samples: readonly string[]
}

/** What a file held. */
export interface Collected {
  readonly events: number
  /** Objects among its records that are none: without a name and source of an event, or without a time. They count for nothing. */
  readonly foreign: number
}

export const VIEWS = ['both', 'principal', 'owner'] as const
export const DAY_S = 86_400

type KnownHead = Head & { readonly kind: number | null }

interface KnownCaller {
  /** Number in the dimension `principal`. */
  readonly id: number
  readonly chain: number
  readonly account: string | null
}

type Texts = Readonly<Record<Unchecked, Dictionary<null>>>

/** What is dropped when it is drained. */
const emptyLists = () => ({
  /** By the numbers of slices: what they say. */
  headOf: [] as KnownHead[],
  callerOf: [] as KnownCaller[],
  /** Number of the TLS version, which is all that counts of the transport. */
  tlsOf: [] as number[],
  callOfHead: [] as number[],
  callOfParameters: [] as number[],
  /** Calls of records without a recipient: the account is the caller's, and part of what is looked up. */
  callOfPlace: new Map<string, number>(),
  networkOf: [] as number[],
  counts: new Int32Array(4096),
  firsts: new Int32Array(4096),
  lasts: new Int32Array(4096),
  samples: [] as string[],
  measured: { rows: 0, checks: 0, texts: new Int32Array(UNCHECKED.length), length: 0 },
})

/** All that grows with distinct content. */
const newState = () => ({
  rows: tupleTable(),
  calls: listTable(),
  /** By number of (network slice, TLS version, chain). */
  origins: tupleTable(),
  tlsVersions: dictionary<null>(),
  chains: dictionary<Chain>(),
  texts: Object.fromEntries(UNCHECKED.map((name) => [name, dictionary<null>()])) as Texts,
  ...emptyLists(),
})

/** Objects and tables stay: what V8 has compiled for them would be compiled again for new ones. */
function empty(state: ReturnType<typeof newState>): void {
  for (const table of [state.rows, state.calls, state.origins]) table.clear()
  for (const texts of [state.tlsVersions, state.chains, ...Object.values(state.texts)]) clearDictionary(texts)
  Object.assign(state, emptyLists())
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
  foreign: number
  /** Integers of the call at hand. */
  call: Int32Array<ArrayBuffer>
  slices: SliceReader
  mapper: ReturnType<typeof callMapper>
  readonly state: ReturnType<typeof newState>
}

/**
 * Folds records into rows of facts: one for each distinct request shape and day. A slice that was seen before
 * costs one hash and one compare; only new ones are parsed and mapped. A file counts wholly or not at all.
 */
export function collector(tables: TrailTables, iam: IamFacts, options: CollectOptions = COLLECT) {
  const reader = trailReader(tables, iam).calls
  const collecting: Collecting = {
    tables,
    reader,
    options,
    timeOf: timeReader(),
    from: {
      bytes: new Uint8Array(0),
      buffer: Buffer.alloc(0),
      spans: new Int32Array(FIELDS.length * 2),
    },
    journal: new Int32Array(4 * 4096),
    noted: 0,
    foreign: 0,
    call: new Int32Array(64),
    ...readers(reader),
    state: newState(),
  }
  const record = (words: Int32Array, base: number) => onRecord(collecting, words, base)
  return {
    /** What the file holds, or `null` when it holds no records by its shape. Throws `ScanError`; then nothing of it counts. */
    add(input: Uint8Array): Collected | null {
      collecting.from.bytes = input
      collecting.from.buffer = Buffer.from(input.buffer, input.byteOffset, input.byteLength)
      collecting.noted = 0
      collecting.foreign = 0
      try {
        if (!collecting.slices.read(input, record)) return null
      } catch (error) {
        if (error instanceof SyntaxError) throw new ScanError(error.message)
        throw error
      }
      settle(collecting)
      forget(collecting)
      return { events: collecting.noted, foreign: collecting.foreign }
    },
    isFull: () => isFull(collecting),
    /** Hands over all rows and begins anew. */
    drain: () => drain(collecting),
  }
}

export type Collector = ReturnType<typeof collector>

/** What has memory of its own for what it met. */
function readers(reader: CallReader) {
  const slices = sliceReader()
  return { slices, mapper: callMapper(reader, slices.calls) }
}

/** Words of a record: where the member begins and ends, and whether it is a text that is not empty. */
const startOf = (words: Int32Array, base: number, field: number) => words[base + 2 * field] as number
const endOf = (words: Int32Array, base: number, field: number) => words[base + 2 * field + 1] as number
const numberIn = (words: Int32Array, base: number, group: Group) =>
  words[base + NUMBERS + GROUP[group]] as number
const isText = ({ bytes }: Slices, words: Int32Array, base: number, field: number): boolean => {
  const start = startOf(words, base, field)
  return start >= 0 && bytes[start] === 34 && endOf(words, base, field) - start > 2
}

/** What a slice says is read when its number is seen for the first time: then its record is the one at hand. */
function open({ from }: Collecting, words: Int32Array, base: number): Slices {
  for (let i = 0; i < NUMBERS; i++) from.spans[i] = words[base + i] as number
  return from
}

function onRecord(collecting: Collecting, words: Int32Array, base: number): void {
  const { state, from } = collecting
  const headId = numberIn(words, base, 'head')
  const head = state.headOf[headId] ?? newHead(collecting, words, base, headId)
  const seconds = head.isRecord
    ? collecting.timeOf(
        from.bytes,
        startOf(words, base, FIELD.eventTime),
        endOf(words, base, FIELD.eventTime),
      )
    : 0
  if (seconds === 0) {
    collecting.foreign++
    return
  }
  const day = Math.floor(seconds / DAY_S) * 4
  if (head.skip !== null) {
    const call = callNumber(collecting, words, base, head, head.recipient)
    note(collecting, words, base, state.rows.find(call, 0, 0, 0, day), seconds)
    return
  }
  const identity = numberIn(words, base, 'identity')
  const caller = state.callerOf[identity] ?? newCaller(collecting, words, base, identity)
  const call = callNumber(collecting, words, base, head, head.recipient || (caller.account ?? ''))
  const shared = isText(from, words, base, FIELD.sharedEventID)
  const view = VIEWS.indexOf(viewOf(head.recipient, caller.account, shared))
  const network = networkNumber(collecting, words, base, caller.chain)
  const error = errorNumber(collecting, words, base)
  note(collecting, words, base, state.rows.find(call, caller.id, network, error, day + view), seconds)
}

function newHead(collecting: Collecting, words: Int32Array, base: number, number: number): KnownHead {
  const read = readHead(open(collecting, words, base), collecting.tables, collecting.reader)
  const head = { ...read, kind: collecting.mapper.kindOf(read) }
  collecting.state.headOf[number] = head
  if (!head.needsParameters || !head.isRecord) collecting.slices.setIdle(number)
  return head
}

function newCaller(collecting: Collecting, words: Int32Array, base: number, number: number): KnownCaller {
  const { state, options } = collecting
  const { caller, chain } = readCaller(open(collecting, words, base), options.omit)
  const known = {
    id: numberOf(state.texts.principal, JSON.stringify(caller), null),
    chain: numberOf(state.chains, JSON.stringify(chain), chain),
    account: caller.principal.account,
  }
  state.callerOf[number] = known
  return known
}

function callNumber(
  collecting: Collecting,
  words: Int32Array,
  base: number,
  head: KnownHead,
  account: string,
): number {
  const { callOfParameters, callOfHead, callOfPlace } = collecting.state
  const number = numberIn(words, base, head.needsParameters ? 'parameters' : 'head')
  if (head.recipient === '') {
    const place = `${head.needsParameters} ${number} ${account}`
    const known = callOfPlace.get(place) ?? newCall(collecting, open(collecting, words, base), head, account)
    callOfPlace.set(place, known)
    return known
  }
  const calls = head.needsParameters ? callOfParameters : callOfHead
  const known = calls[number]
  if (known !== undefined) return known
  const made = newCall(collecting, open(collecting, words, base), head, account)
  calls[number] = made
  return made
}

function newCall(collecting: Collecting, from: Slices, head: KnownHead, account: string): number {
  const { state, mapper } = collecting
  const { texts } = state
  const { skip, checks, count } = mapper.read(from, head, account, head.kind)
  const length = CALL.length + CHECK.length * count
  while (length > collecting.call.length) collecting.call = grown(collecting.call)
  const { call } = collecting
  call[0] = numberOf(texts.event, `${head.source}/${head.name}`, null)
  call[1] = numberOf(texts.region, head.region, null)
  call[2] = numberOf(texts.account, account, null)
  call[3] = skip === null ? 0 : numberOf(texts.skip, skip, null)
  for (let i = CALL.length; i < length; i++) call[i] = checks[i - CALL.length] as number
  return state.calls.find(call, length)
}

function networkNumber(collecting: Collecting, words: Int32Array, base: number, chain: number): number {
  const { state } = collecting
  const tls = tlsNumber(collecting, words, base)
  const origin = state.origins.find(numberIn(words, base, 'network'), tls, chain, 0, 0)
  const known = state.networkOf[origin]
  if (known !== undefined) return known
  const keys = readNetwork(open(collecting, words, base), state.chains.values[chain] as Chain)
  const made = numberOf(state.texts.network, JSON.stringify(keys), null)
  state.networkOf[origin] = made
  return made
}

function tlsNumber(collecting: Collecting, words: Int32Array, base: number): number {
  const { state } = collecting
  const slice = numberIn(words, base, 'transport')
  const known = state.tlsOf[slice]
  if (known !== undefined) return known
  const from = open(collecting, words, base)
  const { 's3:tlsversion': version } = readNetwork(from, { via: null, viaService: 'no', isService: false })
  const made = numberOf(state.tlsVersions, String(version ?? ''), null)
  state.tlsOf[slice] = made
  return made
}

function errorNumber(collecting: Collecting, words: Int32Array, base: number): number {
  if (!isText(collecting.from, words, base, FIELD.errorCode)) return 0
  const error = readError(open(collecting, words, base))
  return error === null ? 0 : numberOf(collecting.state.texts.error, JSON.stringify(error), null)
}

function note(collecting: Collecting, words: Int32Array, base: number, row: number, seconds: number): void {
  if (collecting.noted * 4 === collecting.journal.length) collecting.journal = grown(collecting.journal)
  const { journal } = collecting
  const at = collecting.noted++ * 4
  journal[at] = row
  journal[at + 1] = seconds | 0
  journal[at + 2] = startOf(words, base, FIELD.eventID)
  journal[at + 3] = endOf(words, base, FIELD.eventID)
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
function forget({ state, options, slices }: Collecting): void {
  if (slices.bytesOf('identity') > options.maxBytes / 4) {
    slices.clear('identity')
    state.callerOf.length = 0
  }
  if (slices.bytesOf('parameters') > options.maxBytes / 2) {
    slices.clear('parameters')
    state.callOfParameters.length = 0
    state.callOfPlace.clear()
  }
}

function isFull({ state, options, slices }: Collecting): boolean {
  const { checks, length } = measure(state)
  return (
    state.rows.size() >= options.maxRows ||
    state.calls.size() >= options.maxRows ||
    state.callOfPlace.size >= options.maxRows ||
    checks >= options.maxRows * CHECKS_A_ROW ||
    length + CHECKED.reduce((sum, name) => sum + slices.calls.bytesOf(name), 0) >= options.maxBytes ||
    UNCHECKED.some((name) => state.texts[name].texts.length >= options.maxRows) ||
    CHECKED.some((name) => slices.calls.sizeOf(name) >= options.maxRows) ||
    (['head', 'network', 'transport'] as const).some(
      (group) => slices.bytesOf(group) > options.maxBytes / 4,
    ) ||
    slices.size() > options.maxBytes * 3
  )
}

/** Checks of all rows, and the length of all texts. Asked after each file: only what has come since the last one is added up. */
function measure({ measured, rows, calls, texts }: Collecting['state']): Collecting['state']['measured'] {
  const [tuples, { starts }] = [rows.values(), calls.values()]
  for (; measured.rows < rows.size(); measured.rows++) {
    const call = tuples[measured.rows * 5] as number
    measured.checks += ((starts[call + 1] as number) - (starts[call] as number) - CALL.length) / CHECK.length
  }
  UNCHECKED.forEach((name, dim) => {
    const list = texts[name].texts
    for (let i = measured.texts[dim] as number; i < list.length; i++)
      measured.length += (list[i] as string).length
    measured.texts[dim] = list.length
  })
  return measured
}

function drain(collecting: Collecting): Drained {
  const { state } = collecting
  const size = state.rows.size()
  const { flat, starts } = state.calls.values()
  const unsigned = (array: Int32Array<ArrayBuffer>) => new Uint32Array(array.buffer.slice(0, size * 4))
  const drained = {
    texts: Object.fromEntries(UNCHECKED.map((name) => [name, state.texts[name].texts])) as Record<
      Unchecked,
      string[]
    >,
    packed: Object.fromEntries(CHECKED.map((name) => [name, collecting.slices.calls.texts(name)])) as Record<
      Checked,
      PackedTexts
    >,
    calls: { flat, starts, size: state.calls.size() },
    rows: state.rows.values().slice(0, size * 5),
    counts: state.counts.slice(0, size),
    firsts: unsigned(state.firsts),
    lasts: unsigned(state.lasts),
    samples: state.samples,
  }
  empty(state)
  const { slices, options, reader } = collecting
  // A module's memory never shrinks: one that has grown too large is left behind.
  if (slices.size() > options.maxBytes * 3) Object.assign(collecting, readers(reader))
  else {
    for (const group of Object.keys(GROUP) as Group[]) slices.clear(group)
    slices.calls.clearTexts()
  }
  return drained
}
