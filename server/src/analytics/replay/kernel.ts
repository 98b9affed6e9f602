import { RankanError } from '../../kernel/errors.ts'
import type { SectionRoom } from '../trail/index-file.ts'
import { ASK_WASM } from './ask.generated.ts'
import type { Structure } from './structures.ts'

/** Numbers are places in memory; a loop says why it came back (`DONE` … of structures.ts). */
interface Exports {
  allot(bytes: number): number
  newAutomaton(): number
  fitAutomaton(automaton: number, states: number): void
  newWalk(): number
  beginWalk(walk: number): void
  walkResources(walk: number): number
  walkEntries(walk: number): number
  tellClass(walk: number, number: number): void
  newObjects(): number
  beginObjects(objects: number): void
  walkObjects(objects: number): number
  tellObject(objects: number, number: number): void
  newChecks(): number
  beginChecks(checks: number): void
  askChecks(checks: number): number
  tellOutcome(checks: number, outcome: number): void
  newKept(): number
  beginKept(kept: number): void
  keepChecks(kept: number): number
  newSums(): number
  addSum(sums: number, key: number, calls: number, already: number, first: number, last: number): void
  newResources(): number
  newCounting(): number
  beginCounting(counting: number): void
  countAlone(counting: number): number
  resourceOf(counting: number, code: number): number
}

type Numbers = Uint8Array | Uint16Array | Uint32Array | Int32Array

/** The loops over checks and values, with their memory. One for each answer. */
export interface Kernel {
  readonly wasm: Exports
  /** Sections are read to where the loops find them. What is taken stands until it is cleared, like `place` and `take`. */
  readonly room: SectionRoom
  /** Where the numbers stand in memory; they are copied when they do not. */
  place(numbers: Numbers): number
  /** Room for so many numbers, with anything in it. */
  take(count: number): Int32Array
  /** All memory; other views after each call of a loop. */
  readonly ints: () => Int32Array
  readonly bytes: () => Uint8Array
  /** Sets all that a structure is given. */
  set<Given extends string>(
    at: number,
    structure: Structure<Given>,
    values: Readonly<Record<Given, number>>,
  ): void
  /** Sets a field of a structure by its place there. */
  put(at: number, field: number, value: number): void
  /** A field of a structure by its place there; places in memory are numbers without a sign. */
  field(at: number, field: number): number
}

interface Memory {
  readonly buffer: SharedArrayBuffer
}

/** What is used of the global; its types come with those of browsers alone. */
interface Assembly {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Memory: new (pages: { initial: number; maximum: number; shared: true }) => Memory
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown }
  readonly RuntimeError: new () => Error
}
const { WebAssembly: assembly } = globalThis as unknown as { readonly WebAssembly: Assembly }

/** Room for the sections of parts is made in pieces of this size at least; what is not used of it costs nothing. */
const CHUNK_BYTES = 32 * 1024 * 1024
const ALIGNED = 8

let compiled: object | null = null

/**
 * Does what calls the loops. They stop where their memory would pass four gigabytes, which only results do that count more than
 * some sixteen million distinct resources; that is told in words.
 */
export function withinMemory<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof assembly.RuntimeError)) throw error
    throw new RankanError(
      'invalid',
      'result_too_large',
      'The result counts more distinct resources than four gigabytes of memory hold. Replay a shorter period, or fewer statements at a time.',
      { cause: error },
    )
  }
}

export function newKernel(): Kernel {
  compiled ??= new assembly.Module(Buffer.from(ASK_WASM, 'base64'))
  const memory = new assembly.Memory({ initial: 16, maximum: 65_536, shared: true })
  const wasm = new assembly.Instance(compiled, { env: { memory } }).exports as Exports
  // Memory that has grown is another object; views of the one before stand for as much of it as there was.
  const own = new WeakSet<object>()
  let [ints, bytes] = [new Int32Array(0), new Uint8Array(0)] as [Int32Array, Uint8Array]
  const fresh = () => {
    const { buffer } = memory
    if (own.has(buffer)) return
    own.add(buffer)
    ints = new Int32Array(buffer)
    bytes = new Uint8Array(buffer)
  }
  const room = roomOf((length) => {
    const at = wasm.allot(length) >>> 0
    fresh()
    return bytes.subarray(at, at + length)
  })
  return {
    wasm,
    room,
    place(numbers) {
      if (own.has(numbers.buffer)) return numbers.byteOffset
      const copy = room.take(numbers.byteLength)
      copy.set(new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength))
      return copy.byteOffset
    },
    take(count) {
      const { buffer, byteOffset } = room.take(4 * count)
      return new Int32Array(buffer, byteOffset, count)
    },
    ints() {
      fresh()
      return ints
    },
    bytes() {
      fresh()
      return bytes
    },
    set(at, { given }, values) {
      fresh()
      for (const [field, name] of given.entries()) ints[at / 4 + field] = values[name]
    },
    put(at, field, value) {
      fresh()
      ints[at / 4 + field] = value
    },
    field(at, field) {
      fresh()
      return (ints[at / 4 + field] as number) >>> 0
    },
  }
}

/** Memory that is taken piece after piece, and then again from the beginning. */
function roomOf(newChunk: (bytes: number) => Uint8Array): SectionRoom {
  const chunks: Uint8Array[] = []
  let [current, used] = [0, 0]
  return {
    take(bytes) {
      for (; current < chunks.length; current++, used = 0) {
        const chunk = chunks[current] as Uint8Array
        if (used + bytes > chunk.length) continue
        const taken = chunk.subarray(used, used + bytes)
        used += bytes + ((ALIGNED - (bytes % ALIGNED)) % ALIGNED)
        return taken
      }
      const chunk = newChunk(Math.max(bytes, CHUNK_BYTES))
      chunks.push(chunk)
      used = bytes + ((ALIGNED - (bytes % ALIGNED)) % ALIGNED)
      return chunk.subarray(0, bytes)
    },
    clear() {
      current = 0
      used = 0
    },
  }
}
