import { closeSync, openSync, readSync, writeFileSync } from 'node:fs'
import { bug } from '../../kernel/errors.ts'

/**
 * A file of named arrays of numbers, each read by itself and only when it is asked for, without decoding. Numbers stand as
 * this machine has them: the file belongs to it and is made anew anywhere else.
 */
export type Section = Uint8Array | Uint16Array | Uint32Array

const KINDS = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array } as const
type Kind = keyof typeof KINDS

interface Header<Meta> {
  readonly version: string
  readonly meta: Meta
  /** Kind, place and bytes of each. */
  readonly sections: Readonly<Record<string, readonly [Kind, number, number]>>
}

const ALIGNED = 8
const HEAD_BYTES = 16

const kindOf = (section: Section): Kind =>
  section instanceof Uint8Array ? 'u8' : section instanceof Uint16Array ? 'u16' : 'u32'

/** Version and byte order: a file of another machine or another version is of no use. */
const versionOf = (version: number) => `${version} ${new Uint8Array(new Uint16Array([1]).buffer)[0]}`

/** Writes the file; not atomic, the caller renames it. */
export function writeSections(
  file: string,
  version: number,
  meta: object,
  sections: ReadonlyMap<string, Section>,
): void {
  const places: Record<string, readonly [Kind, number, number]> = {}
  const pieces: Uint8Array[] = []
  let at = 0
  for (const [name, section] of sections) {
    places[name] = [kindOf(section), at, section.byteLength]
    pieces.push(new Uint8Array(section.buffer, section.byteOffset, section.byteLength))
    const rest = (ALIGNED - (section.byteLength % ALIGNED)) % ALIGNED
    pieces.push(new Uint8Array(rest))
    at += section.byteLength + rest
  }
  const header: Header<object> = { version: versionOf(version), meta, sections: places }
  const text = Buffer.from(JSON.stringify(header))
  const head = Buffer.alloc(HEAD_BYTES)
  head.writeDoubleLE(text.length, 0)
  writeFileSync(file, Buffer.concat([head, text, ...pieces]))
}

export interface Sections<Meta> {
  readonly meta: Meta
  u8(name: string): Uint8Array
  u16(name: string): Uint16Array
  u32(name: string): Uint32Array
  has(name: string): boolean
  /** Bytes `[first, first + count)` of a section. */
  bytes(name: string, first: number, count: number): Uint8Array<ArrayBuffer>
  /** Words `[first, first + count)` of a section of 32 bits. */
  words(name: string, first: number, count: number): Uint32Array
  close(): void
}

/**
 * Memory for the sections of one file after another: new memory for each costs more than reading into it. What was read
 * stands until the file is closed.
 */
export interface SectionRoom {
  take(bytes: number): Uint8Array
  clear(): void
}

/** Opens the file, or `null` when there is none of this version. */
export function openSections<Meta>(
  file: string,
  version: number,
  room: SectionRoom | null = null,
): Sections<Meta> | null {
  let fd: number
  try {
    fd = openSync(file, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  const readInto = <T extends Uint8Array>(bytes: T, at: number): T => {
    for (let done = 0; done < bytes.length; ) {
      const got = readSync(fd, bytes, done, bytes.length - done, at + done)
      if (got === 0) throw bug(`\`${file}\` ends before its sections do.`)
      done += got
    }
    return bytes
  }
  const read = (at: number, length: number) => readInto(new Uint8Array(length), at)
  const length = new DataView(read(0, HEAD_BYTES).buffer).getFloat64(0, true)
  const header = JSON.parse(Buffer.from(read(HEAD_BYTES, length)).toString()) as Header<Meta>
  if (header.version !== versionOf(version)) {
    closeSync(fd)
    return null
  }
  const base = HEAD_BYTES + length
  const bytesOf = (name: string, kind: Kind): Uint8Array => {
    const [of, at, bytes] = header.sections[name] ?? [null, 0, 0]
    if (of !== kind) throw bug(`\`${file}\` has no section \`${name}\` of ${kind}.`)
    return readInto(room?.take(bytes) ?? new Uint8Array(bytes), base + at)
  }
  const bytesIn = (name: string, first: number, count: number): Uint8Array<ArrayBuffer> => {
    const [, at = 0] = header.sections[name] ?? []
    return read(base + at + first, count)
  }
  return {
    meta: header.meta,
    u8: (name) => bytesOf(name, 'u8'),
    u16(name) {
      const { buffer, byteOffset, byteLength } = bytesOf(name, 'u16')
      return new Uint16Array(buffer, byteOffset, byteLength / 2)
    },
    u32(name) {
      const { buffer, byteOffset, byteLength } = bytesOf(name, 'u32')
      return new Uint32Array(buffer, byteOffset, byteLength / 4)
    },
    has: (name) => Object.hasOwn(header.sections, name),
    bytes: bytesIn,
    words: (name, first, count) => new Uint32Array(bytesIn(name, first * 4, count * 4).buffer),
    close() {
      closeSync(fd)
      room?.clear()
    },
  }
}
