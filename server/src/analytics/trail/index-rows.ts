import { fit } from './growing.ts'
import type { Section } from './index-file.ts'
import { addTexts, type IndexMeta, type IndexSource, type PartIndex, textsOf } from './index-sections.ts'
import { tupleTable } from './intern.ts'
import { textsReader, textsWriter } from './texts.ts'

/** Codes that are the same for all checks of a run; runs lie one after the other, each with the place of its first check. */
export const RUN_COLUMNS = ['action', 'region', 'principal', 'network', 'seen', 'account'] as const
/**
 * Numbers of each check. `when`: day since 1970, twice, and one more when AWS denied the call then. `call`: 0 when it is
 * the only check of its call, else the number of the call. `first` and `last`: seconds since 1970.
 */
export const ROW_COLUMNS = ['context', 'resource', 'when', 'calls', 'first', 'last', 'call'] as const

/** Reads facts in the order of an index and adds the sections of runs and checks. */
export async function addRows(
  source: IndexSource,
  sections: Map<string, Section>,
): Promise<Omit<IndexMeta, 'shredded'>> {
  const areUuids = await source.samplesAreUuids()
  const columns = columnsOf(await source.checks())
  await source.rows(areUuids, columns.add)
  if (!areUuids) await addSamples(source, sections)
  for (const [name, section] of columns.done(areUuids)) sections.set(name, section)
  return { days: await source.days(), rows: columns.size() }
}

async function addSamples(source: IndexSource, sections: Map<string, Section>): Promise<void> {
  const texts = textsWriter()
  await source.eachSample((bytes) => texts.add(bytes, 0, bytes.length))
  addTexts(sections, SAMPLES, texts.done())
}

const SAMPLES = 'row.sample'
/** Columns that rows have behind those of runs and checks. */
const [SEVERAL, SHAPE, SAMPLE] = [12, 13, 14]

/** Takes chunks of rows and keeps them as columns, those of runs once for each run. */
function columnsOf(checks: number) {
  const runs: Record<string, Uint32Array<ArrayBuffer>> = {}
  const rows: Record<string, Uint32Array<ArrayBuffer>> = {}
  for (const name of [...RUN_COLUMNS, 'first']) runs[name] = new Uint32Array(1024)
  for (const name of ROW_COLUMNS) rows[name] = new Uint32Array(checks)
  rows.sample = new Uint32Array(4 * checks)
  const calls = tupleTable()
  let [runCount, rowCount] = [0, 0]
  const before = new Int32Array(RUN_COLUMNS.length).fill(-1)

  const noteRun = (columns: readonly Uint32Array[], i: number) => {
    let same = true
    for (let c = 0; c < RUN_COLUMNS.length; c++) {
      const here = (columns[c] as Uint32Array)[i] as number
      if (before[c] === here) continue
      before[c] = here
      same = false
    }
    if (same) return
    for (const name of Object.keys(runs))
      runs[name] = fit(runs[name] as Uint32Array<ArrayBuffer>, runCount + 1)
    for (let c = 0; c < RUN_COLUMNS.length; c++)
      (runs[RUN_COLUMNS[c] as string] as Uint32Array)[runCount] = before[c] as number
    ;(runs.first as Uint32Array)[runCount++] = rowCount
  }
  const callOf = (columns: readonly Uint32Array[], i: number): number => {
    if ((columns[SEVERAL] as Uint32Array)[i] === 0) return 0
    const shape = columns[SHAPE] as Uint32Array
    const day = ((columns[8] as Uint32Array)[i] as number) >>> 1
    return calls.find((shape[2 * i] as number) | 0, (shape[2 * i + 1] as number) | 0, day, 0, 0) + 1
  }
  return {
    size: () => rowCount,
    add(columns: readonly Uint32Array[], count: number): void {
      for (let c = 0; c < ROW_COLUMNS.length - 1; c++) {
        const from = columns[RUN_COLUMNS.length + c] as Uint32Array
        ;(rows[ROW_COLUMNS[c] as string] as Uint32Array).set(from.subarray(0, count), rowCount)
      }
      const samples = columns[SAMPLE]
      if (samples !== undefined)
        (rows.sample as Uint32Array).set(samples.subarray(0, 4 * count), 4 * rowCount)
      const call = rows.call as Uint32Array
      for (let i = 0; i < count; i++) {
        noteRun(columns, i)
        call[rowCount++] = callOf(columns, i)
      }
    },
    done(areUuids: boolean): readonly (readonly [string, Section])[] {
      const cut = (from: Readonly<Record<string, Uint32Array>>, prefix: string, count: number) =>
        Object.entries(from).map(
          ([name, column]) => [`${prefix}.${name}`, column.subarray(0, count)] as const,
        )
      const { sample, ...others } = rows
      return [
        ...cut(runs, 'run', runCount),
        ...cut(others, 'row', rowCount),
        ...(areUuids ? [[SAMPLES, (sample as Uint32Array).subarray(0, 4 * rowCount)] as const] : []),
      ]
    },
  }
}

/** Id of an event of check `row`, or `null` where the record had none. */
export function eventIdOf(index: PartIndex, row: number): string | null {
  if (index.has(SAMPLES)) return uuidText(index.words(SAMPLES, 4 * row, 4))
  return textsReader(textsOf(index, SAMPLES)).text(row) || null
}

/** The UUID that stands for an event without an id. */
const NONE = '0'.repeat(32)

/** A UUID of the database as text: its bytes lie backwards, and its first bit is turned over. */
function uuidText(words: Uint32Array): string | null {
  const hex = [3, 2, 1, 0]
    .map((word) => ((words[word] as number) ^ (word === 3 ? 0x8000_0000 : 0)) >>> 0)
    .map((word) => word.toString(16).padStart(8, '0'))
    .join('')
  return hex === NONE ? null : hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
