import { canonicalJson } from '../../kernel/json.ts'
import { CHECKED, type PackedTexts } from './call-memory.ts'
import { CALL, CHECK, type Drained, NUMBERED, type Numbered, UNCHECKED, type Unchecked } from './collect.ts'
import { type EventIds, putUuid } from './event-ids.ts'
import { fit } from './growing.ts'
import { putTextId } from './ids.ts'

/**
 * What a thread found, as arrays that can be handed to another thread without a copy. Numbers are the collector's; what
 * no row with a count speaks of is marked as not used, and has no text.
 */
export interface Handed {
  readonly texts: Readonly<Record<Numbered, HandedTexts>>
  readonly calls: {
    readonly used: Uint8Array<ArrayBuffer>
    readonly flat: Int32Array<ArrayBuffer>
    readonly starts: Int32Array<ArrayBuffer>
  }
  readonly rows: Int32Array<ArrayBuffer>
  readonly counts: Int32Array<ArrayBuffer>
  readonly firsts: Uint32Array<ArrayBuffer>
  readonly lasts: Uint32Array<ArrayBuffer>
  readonly samples: EventIds
}

export interface HandedTexts {
  readonly used: Uint8Array<ArrayBuffer>
  /** By number. */
  readonly ids: Uint32Array<ArrayBuffer>
  /** Bytes of each text by number; texts lie one after the other. */
  readonly lengths: Uint32Array<ArrayBuffer>
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** Dimensions of rows: JSON whose members come in any order, the text `null` where a row does not ask. */
const OF_ROWS: readonly Numbered[] = ['principal', 'network', 'error']

export function handOver(drained: Drained): Handed {
  const used = usedOf(drained)
  const { rows, counts, firsts, lasts } = drained
  const { flat, starts, size } = drained.calls
  return {
    texts: Object.fromEntries([
      ...UNCHECKED.map((name) => [name, textsOf(name, drained.texts[name], used.texts[name])]),
      ...CHECKED.map((name) => [name, packedOf(drained.packed[name], used.texts[name])]),
    ]) as Record<Numbered, HandedTexts>,
    calls: {
      used: used.calls,
      flat: flat.slice(0, starts[size]),
      starts: starts.slice(0, size + 1),
    },
    rows,
    counts,
    firsts,
    lasts,
    samples: samplesOf(drained),
  }
}

/** The memory of all arrays, to be moved and not copied. */
export const memoryOf = ({ texts, calls, rows, counts, firsts, lasts, samples }: Handed): ArrayBuffer[] => [
  ...NUMBERED.flatMap((name) => Object.values(texts[name] as HandedTexts).map(({ buffer }) => buffer)),
  ...Object.values(calls).map(({ buffer }) => buffer),
  ...[rows, counts, firsts, lasts, samples.words].map(({ buffer }) => buffer),
]

interface Used {
  /** 1 for each call that a row speaks of. */
  readonly calls: Uint8Array<ArrayBuffer>
  readonly texts: Readonly<Record<Numbered, Uint8Array<ArrayBuffer>>>
}

/** What rows with a count speak of; a file that failed leaves rows without. */
function usedOf({ texts, packed, calls: { flat, starts, size }, counts, rows }: Drained): Used {
  const marks = Object.fromEntries([
    ...UNCHECKED.map((name) => [name, new Uint8Array(texts[name].length)]),
    ...CHECKED.map((name) => [name, new Uint8Array(packed[name].lengths.length)]),
  ]) as Record<Numbered, Uint8Array<ArrayBuffer>>
  const calls = new Uint8Array(size)
  const ofRows = OF_ROWS.map((name) => marks[name])
  const ofCalls = CALL.map((name) => marks[name])
  const { action, resource, context } = marks
  for (let row = 0; row < counts.length; row++) {
    if (counts[row] === 0) continue
    calls[rows[row * 5] as number] = 1
    for (let i = 0; i < ofRows.length; i++) (ofRows[i] as Uint8Array)[rows[row * 5 + 1 + i] as number] = 1
  }
  for (let id = 0; id < calls.length; id++) {
    if (calls[id] === 0) continue
    const start = starts[id] as number
    for (let i = 0; i < ofCalls.length; i++) (ofCalls[i] as Uint8Array)[flat[start + i] as number] = 1
    for (let at = start + CALL.length; at < (starts[id + 1] as number); at += CHECK.length) {
      action[flat[at + 1] as number] = 1
      resource[flat[at + 2] as number] = 1
      context[flat[at + 3] as number] = 1
    }
  }
  for (const name of NUMBERED) if (!OF_ROWS.includes(name)) marks[name][0] = 0
  return { calls, texts: marks }
}

function textsOf(name: Unchecked, texts: readonly string[], used: Uint8Array<ArrayBuffer>): HandedTexts {
  const ids = new Uint32Array(texts.length * 2)
  const lengths = new Uint32Array(texts.length)
  let bytes = new Uint8Array(4096)
  let buffer = Buffer.from(bytes.buffer)
  let at = 0
  for (let number = 0; number < texts.length; number++) {
    if (used[number] === 0) continue
    const text = asShown(name, texts[number] as string)
    if (at + 3 * text.length > bytes.length) {
      bytes = fit(bytes, at + 3 * text.length)
      buffer = Buffer.from(bytes.buffer)
    }
    const length = buffer.write(text, at)
    putTextId(ids, number, text)
    lengths[number] = length
    at += length
  }
  return { used, ids, lengths, bytes: bytes.slice(0, at) }
}

function packedOf({ lengths, bytes }: PackedTexts, used: Uint8Array<ArrayBuffer>): HandedTexts {
  const ids = new Uint32Array(lengths.length * 2)
  let [from, to] = [0, 0]
  for (let number = 0; number < lengths.length; number++) {
    const end = from + (lengths[number] as number)
    if (used[number] === 0) lengths[number] = 0
    else {
      putTextId(ids, number, bytes.subarray(from, end))
      if (to < from) bytes.copyWithin(to, from, end)
      to += end - from
    }
    from = end
  }
  return { used, ids, lengths, bytes: to < from ? bytes.slice(0, to) : bytes }
}

/** Keys in one order, whatever record they come from; quoted texts have no control characters. */
const asShown = (name: Unchecked, text: string): string =>
  OF_ROWS.includes(name) ? canonicalJson(JSON.parse(text)) : clean(text)

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not stand in a line
const CONTROL = /[\u0000-\u001f]/g
/** A text with control characters is no ARN and no name; they are shown as JSON shows them. */
const clean = (value: string) =>
  value.search(CONTROL) < 0
    ? value
    : value.replace(CONTROL, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)

function samplesOf({ samples, counts }: Drained): EventIds {
  const words = new Uint32Array(4 * counts.length)
  const others = new Map<number, string>()
  for (let row = 0; row < counts.length; row++) {
    if (counts[row] === 0) continue
    const raw = samples[row] ?? ''
    // In quotes.
    if (raw.length === 38 && putUuid(words, row, raw, 1)) continue
    words.fill(0, 4 * row, 4 * row + 4)
    const text = sampleText(raw)
    if (text !== '') others.set(row, text)
  }
  return { words, others }
}

const sampleText = (raw: string) => clean(raw.replace(/^"|"$/g, '').slice(0, 200))
