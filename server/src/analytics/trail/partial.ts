import { hash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { canonicalJson } from '../../kernel/json.ts'
import { CALL, CHECK, type Drained, NUMBERED, type Numbered } from './collect.ts'
import { type PlainColumn, writeParquet } from './parquet.ts'

/** Files of one partial. Values have the numbers of `DIMENSIONS`; 0 where there is none. */
export const PARTIAL_FILES = ['rows', 'checks', 'texts'] as const
export type PartialFile = (typeof PARTIAL_FILES)[number]

/** Writes what a collector drained; `number` tells partials of one part apart. */
export async function writePartial(dir: string, number: number, drained: Drained): Promise<void> {
  await mkdir(dir, { recursive: true })
  const used = usedOf(drained)
  const ids = idsOf(drained, used)
  const calls = callIds(drained, used.calls, ids)
  const write = (file: PartialFile, rows: number, columns: readonly PlainColumn[]) =>
    writeParquet(path.join(dir, `${file}-${String(number).padStart(6, '0')}.parquet`), rows, columns)
  await write('rows', ...rowColumns(drained, ids, calls))
  await write('checks', ...checkColumns(drained, used.calls, ids, calls))
  await write('texts', ...textColumns(used.texts, ids))
}

/** Ids in two halves each, by number. */
type Ids = Readonly<Record<Numbered, Uint32Array>>
/** Texts by number; not there where no row asks for them. */
type Texts = Readonly<Record<Numbered, readonly (string | undefined)[]>>

interface Used {
  /** 1 for each call that a row speaks of. */
  readonly calls: Uint8Array
  readonly texts: Texts
}

/** Dimensions of rows: JSON whose members come in any order, `null` where a row does not ask. */
const OF_ROWS: readonly Numbered[] = ['principal', 'network', 'error']

/** What rows with a count speak of; a file that failed leaves rows without. */
function usedOf({ texts, calls: { flat, starts }, counts, rows }: Drained): Used {
  const marks = Object.fromEntries(
    NUMBERED.map((name) => [name, new Uint8Array(texts[name].length)]),
  ) as Record<Numbered, Uint8Array>
  const calls = new Uint8Array(starts.length)
  for (let row = 0; row < counts.length; row++) {
    if (counts[row] === 0) continue
    calls[rows[row * 5] as number] = 1
    OF_ROWS.forEach((name, i) => {
      marks[name][rows[row * 5 + 1 + i] as number] = 1
    })
  }
  for (let id = 0; id < calls.length; id++) {
    if (calls[id] === 0) continue
    const start = starts[id] as number
    CALL.forEach((name, i) => {
      marks[name][flat[start + i] as number] = 1
    })
    for (let at = start + CALL.length; at < (starts[id + 1] as number); at += CHECK.length) {
      marks.action[flat[at + 1] as number] = 1
      marks.resource[flat[at + 2] as number] = 1
      marks.context[flat[at + 3] as number] = 1
    }
  }
  return { calls, texts: shownOf(texts, marks) }
}

function shownOf(texts: Drained['texts'], marks: Readonly<Record<Numbered, Uint8Array>>): Texts {
  const shown = (name: Numbered) =>
    texts[name].map((text, i) =>
      marks[name][i] === 0 || (i === 0 && !OF_ROWS.includes(name)) ? undefined : asShown(name, text),
    )
  return Object.fromEntries(NUMBERED.map((name) => [name, shown(name)])) as Record<
    Numbered,
    (string | undefined)[]
  >
}

/** Keys in one order, whatever record they come from; quoted texts have no control characters. */
function asShown(name: Numbered, text: string): string {
  if (OF_ROWS.includes(name)) return canonicalJson(JSON.parse(text))
  return name === 'resource' || name === 'context' ? text : clean(text)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not stand in a line
const CONTROL = /[\u0000-\u001f]/g
/** A text with control characters is no ARN and no name; they are shown as JSON shows them. */
const clean = (value: string) =>
  value.search(CONTROL) < 0
    ? value
    : value.replace(CONTROL, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)

function idsOf({ texts }: Drained, used: Used): Ids {
  const ids = (name: Numbered) => {
    const made = new Uint32Array(texts[name].length * 2)
    used.texts[name].forEach((text, i) => {
      if (text !== undefined) putId(made, i, text)
    })
    return made
  }
  return Object.fromEntries(NUMBERED.map((name) => [name, ids(name)])) as Record<Numbered, Uint32Array>
}

/** The lower half of the MD5 of a text, as DuckDB's `md5_number_lower` has it. */
function putId(into: Uint32Array, at: number, text: string): void {
  const digest = hash('md5', text, 'binary')
  into[2 * at] = wordAt(digest, 8)
  into[2 * at + 1] = wordAt(digest, 12)
}

const wordAt = (digest: string, at: number): number =>
  digest.charCodeAt(at) |
  (digest.charCodeAt(at + 1) << 8) |
  (digest.charCodeAt(at + 2) << 16) |
  (digest.charCodeAt(at + 3) << 24)

/** Mixes 32-bit words into an id of 64 bits; what goes in are digests themselves. */
function mixer() {
  let lo = 0
  let hi = 0
  return {
    begin(): void {
      lo = 0x9e3779b9 | 0
      hi = 0x85ebca6b | 0
    },
    add(word: number): void {
      lo = Math.imul(lo ^ word, 0xcc9e2d51)
      lo ^= lo >>> 15
      hi = Math.imul(hi + word, 0x1b873593)
      hi ^= (hi >>> 13) ^ lo
    },
    put(into: Uint32Array, at: number): void {
      const [a, b] = [Math.imul(lo ^ (lo >>> 16), 0x85ebca6b), Math.imul(hi ^ (hi >>> 16), 0xc2b2ae35)]
      into[2 * at] = a ^ (a >>> 13)
      into[2 * at + 1] = b ^ (b >>> 16)
    },
  }
}

type Mixer = ReturnType<typeof mixer>

function addId(mix: Mixer, ids: Uint32Array, number: number): void {
  mix.add(ids[2 * number] as number)
  mix.add(ids[2 * number + 1] as number)
}

/** Ids of calls, out of the ids of all that they are made of: equal calls of other partials have equal ids. */
function callIds({ calls: { flat, starts } }: Drained, used: Uint8Array, ids: Ids): Uint32Array {
  const made = new Uint32Array(used.length * 2)
  const mix = mixer()
  for (let id = 0; id < used.length; id++) {
    if (used[id] === 0) continue
    const start = starts[id] as number
    mix.begin()
    CALL.forEach((name, i) => {
      addId(mix, ids[name], flat[start + i] as number)
    })
    for (let at = start + CALL.length; at < (starts[id + 1] as number); at += CHECK.length) {
      mix.add(flat[at] as number)
      addId(mix, ids.action, flat[at + 1] as number)
      addId(mix, ids.resource, flat[at + 2] as number)
      addId(mix, ids.context, flat[at + 3] as number)
    }
    mix.put(made, id)
  }
  return made
}

function copyId(into: Uint32Array, at: number, ids: Uint32Array, number: number): void {
  into[2 * at] = ids[2 * number] as number
  into[2 * at + 1] = ids[2 * number + 1] as number
}

type Table = readonly [rows: number, columns: readonly PlainColumn[]]

function rowColumns({ rows, counts, firsts, lasts, samples }: Drained, ids: Ids, calls: Uint32Array): Table {
  const count = counts.reduce((sum, n) => sum + (n > 0 ? 1 : 0), 0)
  const u32 = () => new Uint32Array(count)
  const [seen, day, n, first, last] = [u32(), u32(), u32(), u32(), u32()]
  const u64 = () => new Uint32Array(count * 2)
  const [shape, call, principal, network, error] = [u64(), u64(), u64(), u64(), u64()]
  const shown: string[] = []
  const mix = mixer()
  let at = 0
  for (let row = 0; row < counts.length; row++) {
    if (counts[row] === 0) continue
    const number = (i: number) => rows[row * 5 + i] as number
    copyId(call, at, calls, number(0))
    copyId(principal, at, ids.principal, number(1))
    copyId(network, at, ids.network, number(2))
    copyId(error, at, ids.error, number(3))
    day[at] = number(4) >> 2
    seen[at] = number(4) & 3
    mix.begin()
    for (const one of [call, principal, network, error]) addId(mix, one, at)
    mix.add(number(4) & 3)
    mix.put(shape, at)
    n[at] = counts[row] as number
    first[at] = firsts[row] as number
    last[at] = lasts[row] as number
    shown.push(sampleText(samples[row] ?? ''))
    at++
  }
  return [
    count,
    [
      { name: 'shape', kind: 'u64', data: shape },
      { name: 'call', kind: 'u64', data: call },
      { name: 'principal', kind: 'u64', data: principal },
      { name: 'network', kind: 'u64', data: network },
      { name: 'error', kind: 'u64', data: error },
      { name: 'seen', kind: 'u32', data: seen },
      { name: 'day', kind: 'u32', data: day },
      { name: 'n', kind: 'u32', data: n },
      { name: 'first', kind: 'u32', data: first },
      { name: 'last', kind: 'u32', data: last },
      { name: 'sample', kind: 'text', data: textData(shown) },
    ],
  ]
}

const sampleText = (raw: string) => clean(raw.replace(/^"|"$/g, '').slice(0, 200))

function checkColumns(
  { calls: { flat, starts } }: Drained,
  used: Uint8Array,
  ids: Ids,
  calls: Uint32Array,
): Table {
  let count = 0
  for (let id = 0; id < used.length; id++) if (used[id] !== 0) count += checksOf(starts, id)
  const u64 = () => new Uint32Array(count * 2)
  const [call, n, kind] = [u64(), new Uint32Array(count), new Uint32Array(count)]
  const own = CALL.map(u64)
  const [action, resource, context] = [u64(), u64(), u64()]
  let at = 0
  for (let id = 0; id < used.length; id++) {
    if (used[id] === 0) continue
    const start = starts[id] as number
    for (let i = 0; i < checksOf(starts, id); i++, at++) {
      copyId(call, at, calls, id)
      CALL.forEach((name, k) => {
        copyId(own[k] as Uint32Array, at, ids[name], flat[start + k] as number)
      })
      n[at] = i
      const check = start + CALL.length + i * CHECK.length
      if (check >= (starts[id + 1] as number)) continue
      kind[at] = flat[check] as number
      copyId(action, at, ids.action, flat[check + 1] as number)
      copyId(resource, at, ids.resource, flat[check + 2] as number)
      copyId(context, at, ids.context, flat[check + 3] as number)
    }
  }
  return [
    count,
    [
      { name: 'call', kind: 'u64', data: call },
      { name: 'n', kind: 'u32', data: n },
      { name: 'kind', kind: 'u32', data: kind },
      ...CALL.map((name, k) => ({ name, kind: 'u64' as const, data: own[k] as Uint32Array })),
      { name: 'action', kind: 'u64', data: action },
      { name: 'resource', kind: 'u64', data: resource },
      { name: 'context', kind: 'u64', data: context },
    ],
  ]
}

/** Lines of a call; one that was skipped has one that says nothing. */
const checksOf = (starts: Int32Array, id: number): number =>
  Math.max(1, ((starts[id + 1] as number) - (starts[id] as number) - CALL.length) / CHECK.length)

function textColumns(texts: Texts, ids: Ids): Table {
  const all: string[] = []
  for (const name of NUMBERED) for (const text of texts[name]) if (text !== undefined) all.push(text)
  const [dim, id] = [new Uint32Array(all.length), new Uint32Array(all.length * 2)]
  let at = 0
  NUMBERED.forEach((name, number) => {
    texts[name].forEach((text, i) => {
      if (text === undefined) return
      dim[at] = number
      copyId(id, at++, ids[name], i)
    })
  })
  return [
    all.length,
    [
      { name: 'dim', kind: 'u32', data: dim },
      { name: 'id', kind: 'u64', data: id },
      { name: 'value', kind: 'text', data: textData(all) },
    ],
  ]
}

/** Each text behind its length, four bytes, in UTF-8. */
function textData(texts: readonly string[]): Uint8Array {
  const data = Buffer.allocUnsafe(texts.reduce((sum, text) => sum + 4 + 3 * text.length, 0))
  let at = 0
  for (const text of texts) {
    const length = data.write(text, at + 4)
    data.writeUInt32LE(length, at)
    at += 4 + length
  }
  return data.subarray(0, at)
}
