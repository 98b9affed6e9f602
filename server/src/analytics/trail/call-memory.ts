/** The WebAssembly of patterns and texts (`server/wasm/trail/patterns.ts`, `texts.ts`). */
export interface CallExports {
  readonly memory: { readonly buffer: ArrayBuffer }
  read(record: number, kind: number): number
  callAt(): number
  cutAt(): number
  teach(pattern: number, length: number): void
  newPatterns(): void
  bytesOfPatterns(): number
  numberOf(dimension: number, length: number): number
  roomFor(length: number): number
  textsAt(dimension: number): number
  clearTexts(): void
}

/** Dimensions of checks, whose texts are numbered where patterns are filled: by their numbers in the module. */
export const CHECKED = ['action', 'resource', 'context'] as const
export type Checked = (typeof CHECKED)[number]

/** Nothing can be said of the record without the mapping; from `UNTAUGHT` downwards: nothing was taught of its pattern. */
export const [NOT_CUT, UNTAUGHT] = [-1, -2]

/** A record's parameters, cut into what stands and holes. */
export interface Cut {
  /** Bytes that stand, with `WORD` or `UUID` and a number for each hole, `ACCOUNT` for the record's own account. */
  readonly skeleton: Buffer
  /** By the numbers of holes. */
  readonly words: readonly string[]
}

/** A text of a pattern: words of holes, each with what follows it. */
export type Pieces = readonly (readonly [hole: number, text: string])[]
/** Stands for no hole, before the beginning of a text; and for that of the account. */
export const [NO_HOLE, THE_ACCOUNT] = [-1, 64]

export interface PatternCheck extends Readonly<Record<Checked, Pieces>> {
  readonly kind: number
}

/** Texts of a dimension one after the other; number 0 is none. */
export interface PackedTexts {
  readonly lengths: Uint32Array<ArrayBuffer>
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** By number. */
export function unpacked({ lengths, bytes }: PackedTexts): readonly string[] {
  let end = 0
  return Array.from(lengths, (length) => {
    end += length
    return Buffer.from(bytes.subarray(end - length, end)).toString('utf8')
  })
}

/** What a thread remembers of calls: patterns of what they ask, and numbers of texts. */
export interface CallMemory {
  /** How many checks the record at hand asks, which are then in `checks`; or `NOT_CUT`; or `UNTAUGHT` minus the number of its pattern. */
  read(kind: number): number
  /** Kind, action, resource and context of each check. */
  checks(): Int32Array
  /** The cut of the last `read`. */
  cut(): Cut
  teach(pattern: number, checks: readonly PatternCheck[]): void
  forgetPatterns(): void
  bytesOfPatterns(): number
  numberOf(name: Checked, text: string): number
  sizeOf(name: Checked): number
  bytesOf(name: Checked): number
  texts(name: Checked): PackedTexts
  clearTexts(): void
}

/** Words of a table in the module. */
const [ENTRIES, ARENA, USED, COUNT] = [2, 4, 6, 7]
/** Words of an entry, and which one is the length of a text. */
const [ENTRY, LENGTH] = [4, 3]

/** `record`: number of the record at hand in the module. */
export function callMemory(wasm: CallExports, record: () => number): CallMemory {
  let words = new Int32Array(wasm.memory.buffer)
  let buffer = Buffer.from(wasm.memory.buffer)
  // The memory that a view was made of is no more when it has grown.
  const current = (): Int32Array => {
    if (words.buffer !== wasm.memory.buffer) {
      words = new Int32Array(wasm.memory.buffer)
      buffer = Buffer.from(wasm.memory.buffer)
    }
    return words
  }
  const table = (name: Checked, word: number) =>
    current()[wasm.textsAt(CHECKED.indexOf(name)) / 4 + word] as number
  const writeText = (text: string): number => {
    const at = wasm.roomFor(3 * text.length)
    current()
    return buffer.write(text, at)
  }
  return {
    read: (kind) => wasm.read(record(), kind),
    checks: () => current().subarray(wasm.callAt() / 4),
    cut() {
      const at = wasm.cutAt() / 4
      const [skeleton = 0, length = 0, holes = 0, count = 0] = current().subarray(at, at + 4)
      const wordOf = (_: unknown, hole: number) => {
        const [start, end] = words.subarray(holes / 4 + 2 * hole, holes / 4 + 2 * hole + 2)
        return buffer.toString('latin1', start, end)
      }
      return {
        skeleton: Buffer.from(buffer.subarray(skeleton, skeleton + length)),
        words: Array.from({ length: count }, wordOf),
      }
    },
    teach(pattern, checks) {
      const bytes = encoded(checks)
      const at = wasm.roomFor(bytes.length)
      current()
      buffer.set(bytes, at)
      wasm.teach(pattern, bytes.length)
    },
    forgetPatterns: () => wasm.newPatterns(),
    bytesOfPatterns: () => wasm.bytesOfPatterns(),
    numberOf: (name, text) => wasm.numberOf(CHECKED.indexOf(name), writeText(text)),
    sizeOf: (name) => table(name, COUNT) + 1,
    bytesOf: (name) => table(name, USED),
    texts(name) {
      const [entries, arena] = [table(name, ENTRIES) / 4, table(name, ARENA)]
      const lengths = new Uint32Array(table(name, COUNT) + 1)
      for (let i = 1; i < lengths.length; i++)
        lengths[i] = words[entries + ENTRY * (i - 1) + LENGTH] as number
      return { lengths, bytes: new Uint8Array(wasm.memory.buffer.slice(arena, arena + table(name, USED))) }
    },
    clearTexts: () => wasm.clearTexts(),
  }
}

/** As `server/wasm/trail/patterns.ts` reads it. */
function encoded(checks: readonly PatternCheck[]): Buffer {
  const parts: Buffer[] = []
  const word = (value: number) => {
    const four = Buffer.alloc(4)
    four.writeInt32LE(value)
    parts.push(four)
  }
  word(checks.length)
  for (const { kind, action, resource, context } of checks) {
    word(kind)
    for (const pieces of [action, resource, context]) {
      word(pieces.length)
      for (const [hole, text] of pieces) {
        const bytes = Buffer.from(text)
        word(hole)
        word(bytes.length)
        parts.push(bytes)
      }
    }
  }
  return Buffer.concat(parts)
}
