import { hash } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { finished } from 'node:stream/promises'
import { canonicalJson } from '../../kernel/json.ts'
import type { Drained } from './collect.ts'
import type { CallEntry } from './dimensions.ts'

/** Files of one partial: tab-separated, `\N` for null, control characters only in JSON's escapes. */
export const PARTIAL_FILES = ['rows', 'calls', 'checks', 'callers', 'networks', 'errors'] as const
export type PartialFile = (typeof PARTIAL_FILES)[number]

/** Writes what a collector drained; `number` tells partials of one part apart. */
export async function writePartial(dir: string, number: number, drained: Drained): Promise<void> {
  await mkdir(dir, { recursive: true })
  const used = usedEntries(drained)
  const write = (file: PartialFile, lines: Iterable<string>) =>
    writeLines(path.join(dir, `${file}-${String(number).padStart(6, '0')}.tsv`), lines)
  await write('rows', rowLines(number, drained))
  await write('calls', callLines(number, drained.calls, used.calls))
  await write('checks', checkLines(number, drained.calls, used.calls))
  await write('callers', textLines(number, drained.callers, used.callers))
  await write('networks', textLines(number, drained.networks, used.networks))
  await write('errors', textLines(number, drained.errors, used.errors))
}

const CHUNK_CHARS = 1 << 20

async function writeLines(file: string, lines: Iterable<string>): Promise<void> {
  const stream = createWriteStream(file)
  let chunk = ''
  for (const line of lines) {
    chunk += line
    if (chunk.length < CHUNK_CHARS) continue
    if (!stream.write(chunk)) await once(stream, 'drain')
    chunk = ''
  }
  stream.end(chunk)
  await finished(stream)
}

const tsv = (...values: readonly (string | number | null)[]) =>
  `${values.map((value) => (value === null ? '\\N' : typeof value === 'number' ? String(value) : clean(value))).join('\t')}\n`

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not stand in a line
const CONTROL = /[\u0000-\u001f]/g
/** A text with control characters is no ARN and no name; they are shown as JSON shows them. */
const clean = (value: string) =>
  value.search(CONTROL) < 0
    ? value
    : value.replace(CONTROL, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** Entries that rows with a count speak of; a file that failed leaves rows without. */
function usedEntries(drained: Drained) {
  const [calls, callers, networks, errors] = [
    new Set<number>(),
    new Set<number>(),
    new Set<number>(),
    new Set<number>(),
  ]
  const sets = [calls, callers, networks, errors]
  drained.counts.forEach((count, row) => {
    if (count > 0) sets.forEach((set, i) => void set.add(drained.rows[row * 5 + i] as number))
  })
  return { calls, callers, networks, errors }
}

function* rowLines(number: number, drained: Drained): Iterable<string> {
  for (let row = 0; row < drained.counts.length; row++) {
    const count = drained.counts[row] as number
    if (count === 0) continue
    const [call = 0, caller = 0, network = 0, error = 0, day = 0] = drained.rows.subarray(
      row * 5,
      row * 5 + 5,
    )
    yield tsv(
      number,
      call,
      caller,
      network,
      error,
      day >> 2,
      day & 3,
      count,
      drained.firsts[row] as number,
      drained.lasts[row] as number,
      sampleText(drained.samples[row] ?? ''),
    )
  }
}

const sampleText = (raw: string) => raw.replace(/^"|"$/g, '').slice(0, 200)

function* textLines(number: number, texts: readonly string[], used: ReadonlySet<number>): Iterable<string> {
  for (const id of used) yield tsv(number, id, canonicalJson(JSON.parse(texts[id] ?? 'null')))
}

function* callLines(
  number: number,
  calls: readonly (CallEntry | null)[],
  used: ReadonlySet<number>,
): Iterable<string> {
  for (const id of used) {
    const { event, region, account, skip, checks } = calls[id] as CallEntry
    // Equal calls of other partials have equal digests: of all their checks.
    yield tsv(number, id, event, region, account, skip, hash('sha256', checks, 'base64'))
  }
}

function* checkLines(
  number: number,
  calls: readonly (CallEntry | null)[],
  used: ReadonlySet<number>,
): Iterable<string> {
  for (const id of used) {
    let n = 0
    for (const text of (calls[id] as CallEntry).checks.split('\n'))
      yield `${number}\t${id}\t${n++}\t${text}\n`
  }
}
