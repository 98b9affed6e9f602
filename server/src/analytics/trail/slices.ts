import { type CallExports, type CallMemory, callMemory } from './call-memory.ts'
import { SCAN_WASM } from './scan.generated.ts'
import { FIELD, FIELDS, type FieldName, NAMES, SLOTS, type Spans, scan, scanner } from './scan.ts'

/**
 * What of a record has a number of its own: the same bytes, the same number. Parameters are told apart by their head, too. The module
 * takes the last field of a head as the record's account.
 */
const GROUPS = [
  ['eventSource', 'eventName', 'eventType', 'awsRegion', 'recipientAccountId'],
  ['userIdentity'],
  ['sourceIPAddress', 'userAgent', 'vpcEndpointId', 'vpcEndpointAccountId'],
  ['tlsDetails'],
  ['requestParameters', 'resources'],
] as const satisfies readonly (readonly FieldName[])[]

/** Places of the groups. */
export const GROUP = { head: 0, identity: 1, network: 2, transport: 3, parameters: 4 } as const
export type Group = keyof typeof GROUP

/** Integers of a record: `Spans`, then the number of each group. */
export const NUMBERS = FIELDS.length * 2
export const RECORD_WORDS = NUMBERS + 8

/** Larger files are read a record at a time, so that the memory of the module stays small. */
const WINDOW = 32 * 1024 * 1024

interface Exports extends CallExports {
  slotsOfNamesAt(): number
  namesAt(): number
  lengthsAt(): number
  fieldsAt(): number
  begin(): void
  reserve(length: number): number
  scan(): number
  recordsAt(): number
  restart(): void
  blank(): number
  push(): void
  clear(group: number): void
  usedOf(group: number): number
  idleAt(heads: number): number
}

/** Reads files into records with the numbers of their slices. One for each thread; memory is bounded by whoever clears it. */
export interface SliceReader {
  /**
   * Calls `onRecord` with the integers of each record, from `words[base]` on. False: the file holds no records by its shape.
   * Throws `ScanError`.
   */
  read(input: Uint8Array, onRecord: (words: Int32Array, base: number) => void): boolean
  /** Nothing that parameters say counts for this head: they need no number. */
  setIdle(head: number): void
  /** Forgets the slices of a group; numbers begin anew. */
  clear(group: Group): void
  /** Bytes of the slices of a group. */
  bytesOf(group: Group): number
  /** Bytes of the module's memory, which only grows. */
  size(): number
  /** Of the record that `onRecord` has at hand. */
  readonly calls: CallMemory
}

/** What is used of the global; its types come with those of browsers alone. */
interface Assembly {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: unknown }
}
const { WebAssembly: assembly } = globalThis as unknown as { readonly WebAssembly: Assembly }

let compiled: object | null = null

/** `server/wasm/trail/scan.ts`, with the names that it looks for. */
export function sliceReader(): SliceReader {
  compiled ??= new assembly.Module(Buffer.from(SCAN_WASM, 'base64'))
  const wasm = new assembly.Instance(compiled).exports as Exports
  tellNames(wasm)
  wasm.begin()
  const single = new Int32Array(RECORD_WORDS)
  let records = new Int32Array(RECORD_WORDS * 512)
  let record = 0
  let onSingle: (words: Int32Array, base: number) => void = () => undefined
  let bytes: Uint8Array = new Uint8Array(0)
  const idle: number[] = []
  const cursor = scanner((spans) => {
    numberOne(wasm, bytes, spans, single)
    record = 0
    onSingle(single, 0)
  })
  return {
    read(input, onRecord) {
      // Not while records are looked at: memory may move.
      for (const head of idle.splice(0)) {
        const at = wasm.idleAt(head)
        new Uint8Array(wasm.memory.buffer)[at + head] = 1
      }
      if (input.length <= WINDOW) {
        const at = wasm.reserve(input.length)
        new Uint8Array(wasm.memory.buffer, at, input.length).set(input)
        const count = wasm.scan()
        if (count >= 0) {
          // A copy: what is done with a record may make memory grow, and then nothing that was seen there is there.
          if (records.length < count * RECORD_WORDS) records = new Int32Array(2 * count * RECORD_WORDS)
          records.set(new Int32Array(wasm.memory.buffer, wasm.recordsAt(), count * RECORD_WORDS))
          for (record = 0; record < count; record++) onRecord(records, record * RECORD_WORDS)
          return true
        }
      }
      bytes = input
      onSingle = onRecord
      return scan(cursor, input)
    },
    setIdle: (head) => void idle.push(head),
    clear(group) {
      if (group === 'head') idle.length = 0
      wasm.clear(GROUP[group])
    },
    bytesOf: (group) => wasm.usedOf(GROUP[group]) >>> 0,
    size: () => wasm.memory.buffer.byteLength,
    calls: callMemory(wasm, () => record),
  }
}

/** The scanner's own names and slots, so that both look for the same. */
function tellNames(wasm: Exports): void {
  const memory = new Uint8Array(wasm.memory.buffer)
  memory.set(new Uint8Array(SLOTS.buffer), wasm.slotsOfNamesAt())
  const words = new Int32Array(wasm.memory.buffer)
  NAMES.forEach((name, field) => {
    memory.set(name, wasm.namesAt() + 32 * field)
    words[wasm.lengthsAt() / 4 + field] = name.length
  })
  GROUPS.forEach((group, number) => {
    const at = wasm.fieldsAt() / 4 + 16 * number
    words[at] = group.length
    group.forEach((name, i) => {
      words[at + 1 + i] = FIELD[name]
    })
  })
}

/** Numbers the slices of a record that the plain scanner found: only its bytes are handed over. */
function numberOne(wasm: Exports, bytes: Uint8Array, spans: Spans, into: Int32Array): void {
  let [from, to] = [bytes.length, 0]
  for (let i = 0; i < NUMBERS; i += 2) {
    if ((spans[i] as number) < 0) continue
    from = Math.min(from, spans[i] as number)
    to = Math.max(to, spans[i + 1] as number)
  }
  const length = Math.max(0, to - from)
  const at = wasm.reserve(length)
  if (length > 0) new Uint8Array(wasm.memory.buffer, at, length).set(bytes.subarray(from, to))
  wasm.restart()
  const record = wasm.blank()
  const words = new Int32Array(wasm.memory.buffer, record, NUMBERS)
  for (let i = 0; i < NUMBERS; i++) words[i] = (spans[i] as number) < 0 ? -1 : (spans[i] as number) - from
  wasm.push()
  into.set(new Int32Array(wasm.memory.buffer, wasm.recordsAt(), RECORD_WORDS))
  into.set(spans)
}
