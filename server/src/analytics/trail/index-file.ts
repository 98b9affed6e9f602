import { closeSync, fstatSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs'
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
  // Piece by piece: one buffer of all would hold the index twice.
  const fd = openSync(file, 'w')
  try {
    for (const piece of [head, text, ...pieces]) writeWhole(fd, piece)
    // The rename after it must not be on disk before the bytes: a power cut would leave holes that nobody sees.
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

function writeWhole(fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done)
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

/** Opens the file, or `null` when there is none of this version, or one that a power cut has left without its end. */
export function openSections<Meta>(
  file: string,
  version: number,
  room: SectionRoom | null = null,
): Sections<Meta> | null {
  const fd = opened(file)
  if (fd === null) return null
  try {
    const header = headerOf<Meta>(fd, file)
    if (header?.version === versionOf(version)) return sectionsOf(fd, file, header, room)
  } catch (error) {
    closeSync(fd)
    throw error
  }
  closeSync(fd)
  return null
}

function opened(file: string): number | null {
  try {
    return openSync(file, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** The header with the place where sections begin, or `null` when the file ends before its sections do. */
function headerOf<Meta>(fd: number, file: string): (Header<Meta> & { readonly base: number }) | null {
  const { size } = fstatSync(fd)
  if (size < HEAD_BYTES) return null
  const head = readInto(fd, file, new Uint8Array(HEAD_BYTES), 0)
  const length = new DataView(head.buffer).getFloat64(0, true)
  const base = HEAD_BYTES + length
  if (!(length > 0 && base <= size)) return null
  const text = readInto(fd, file, new Uint8Array(length), HEAD_BYTES)
  const header = headerIn<Meta>(Buffer.from(text).toString())
  if (header === null) return null
  const end = Object.values(header.sections).reduce((last, [, at, bytes]) => Math.max(last, at + bytes), 0)
  return base + end <= size ? { ...header, base } : null
}

function headerIn<Meta>(text: string): Header<Meta> | null {
  try {
    return JSON.parse(text) as Header<Meta>
  } catch {
    return null
  }
}

function readInto<T extends Uint8Array>(fd: number, file: string, bytes: T, at: number): T {
  for (let done = 0; done < bytes.length; ) {
    const got = readSync(fd, bytes, done, bytes.length - done, at + done)
    if (got === 0) throw bug(`\`${file}\` ends before its sections do.`)
    done += got
  }
  return bytes
}

function sectionsOf<Meta>(
  fd: number,
  file: string,
  { meta, sections, base }: Header<Meta> & { readonly base: number },
  room: SectionRoom | null,
): Sections<Meta> {
  const bytesOf = (name: string, kind: Kind): Uint8Array => {
    const [of, at, bytes] = sections[name] ?? [null, 0, 0]
    if (of !== kind) throw bug(`\`${file}\` has no section \`${name}\` of ${kind}.`)
    return readInto(fd, file, room?.take(bytes) ?? new Uint8Array(bytes), base + at)
  }
  const bytesIn = (name: string, first: number, count: number): Uint8Array<ArrayBuffer> => {
    const [, at = 0] = sections[name] ?? []
    return readInto(fd, file, new Uint8Array(count), base + at + first)
  }
  return {
    meta,
    u8: (name) => bytesOf(name, 'u8'),
    u16(name) {
      const { buffer, byteOffset, byteLength } = bytesOf(name, 'u16')
      return new Uint16Array(buffer, byteOffset, byteLength / 2)
    },
    u32(name) {
      const { buffer, byteOffset, byteLength } = bytesOf(name, 'u32')
      return new Uint32Array(buffer, byteOffset, byteLength / 4)
    },
    has: (name) => Object.hasOwn(sections, name),
    bytes: bytesIn,
    words: (name, first, count) => new Uint32Array(bytesIn(name, first * 4, count * 4).buffer),
    close() {
      closeSync(fd)
      room?.clear()
    },
  }
}
