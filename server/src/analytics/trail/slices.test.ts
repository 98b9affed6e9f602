import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FIELD, FIELDS, ScanError, scan, scanner } from './scan.ts'
import { GROUP, NUMBERS, RECORD_WORDS, type SliceReader, sliceReader } from './slices.ts'

const GROUPS = Object.keys(GROUP) as (keyof typeof GROUP)[]
const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text))

/** What comes of a file: its records, that it has none by its shape, or that it cannot be read. */
type Found = readonly (readonly number[])[] | 'none' | 'error'

function found(work: (onRecord: (spans: readonly number[]) => void) => boolean): Found {
  const records: (readonly number[])[] = []
  try {
    return work((spans) => records.push(spans)) ? records : 'none'
  } catch (error) {
    if (error instanceof ScanError || error instanceof SyntaxError) return 'error'
    throw error
  }
}

const plain = (file: Uint8Array): Found =>
  found((onRecord) =>
    scan(
      scanner((spans) => onRecord([...spans])),
      file,
    ),
  )
const fast = (reader: SliceReader, file: Uint8Array): Found =>
  found((onRecord) => reader.read(file, (words, base) => onRecord([...words.subarray(base, base + NUMBERS)])))

const text = fc.oneof(
  fc.constantFrom('', 'a', '"', '\\', '}', ']', '{"', '\\"', '\\\\', 'eventName', 'Records', '日本'),
  fc.string({ unit: 'binary', maxLength: 80 }),
)
const key = fc.oneof(fc.constantFrom(...FIELDS, 'responseElements', 'requestID'), text)
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    text,
    fc.maxSafeInteger(),
    fc.constantFrom(true, null),
    fc.array(tie('value'), { maxLength: 6 }),
    tie('object'),
  ),
  object: fc.dictionary(key, tie('value'), { maxKeys: 8 }),
}))
const fileText = fc
  .tuple(
    fc.array(json.object, { maxLength: 4 }),
    fc.dictionary(key, json.value, { maxKeys: 2 }),
    fc.constantFrom(0, 1, '\t'),
  )
  .map(([Records, rest, space]) => JSON.stringify({ ...rest, Records }, null, space))

describe('the WebAssembly scan', { timeout: 120_000 }, () => {
  const reader = sliceReader()

  it('finds_what_the_plain_scanner_finds', () => {
    fc.assert(
      fc.property(fileText, (one) => {
        const file = bytesOf(one)
        expect(fast(reader, file)).toEqual(plain(file))
      }),
      { numRuns: 400 },
    )
  })

  it('finds_what_the_plain_scanner_finds in files that are damaged', () => {
    const damaged = fc.tuple(
      fileText,
      fc.array(fc.tuple(fc.nat(), fc.constantFrom(...'"\\{}[],: x\u0000')), { minLength: 1, maxLength: 3 }),
    )
    fc.assert(
      fc.property(damaged, ([one, edits]) => {
        const file = bytesOf(one)
        for (const [at, char] of edits) file[at % file.length] = char.charCodeAt(0)
        expect(fast(reader, file)).toEqual(plain(file))
        const cut = file.subarray(0, (edits[0]?.[0] ?? 0) % file.length)
        expect(fast(reader, cut)).toEqual(plain(cut))
      }),
      { numRuns: 400 },
    )
  })

  it('the_same_bytes_have_the_same_number, and others have another', () => {
    const many = sliceReader()
    const recordOf = (i: number) => ({
      eventName: `Event${i % 7}`,
      eventSource: 's3.amazonaws.com',
      userIdentity: { type: 'AssumedRole', principalId: 'x'.repeat(i % 50), arn: `${i % 9000}` },
      sourceIPAddress: `10.0.${i % 300}.1`,
      requestParameters: { key: `object-${i % 11_000}` },
    })
    const seen = GROUPS.map(() => new Map<string, number>())
    for (let round = 0; round < 3; round++) {
      const records = Array.from({ length: 12_000 }, (_, i) => recordOf(i * (round + 1)))
      // The second round goes record by record, as files with escaped names do.
      const text = JSON.stringify({ Records: records })
      const file = bytesOf(round === 1 ? text.replace('"eventName"', '"event\\u004eame"') : text)
      many.read(file, (words, base) => {
        const slice = (field: number) =>
          Buffer.from(
            file.subarray(words[base + 2 * field] ?? 0, Math.max(0, words[base + 2 * field + 1] ?? 0)),
          ).toString()
        const of = {
          head: slice(FIELD.eventName),
          identity: slice(FIELD.userIdentity),
          network: slice(FIELD.sourceIPAddress),
          transport: '',
          parameters: `${slice(FIELD.eventName)} ${slice(FIELD.requestParameters)}`,
        }
        GROUPS.forEach((group, i) => {
          const number = words[base + NUMBERS + GROUP[group]] ?? -1
          const known = seen[i]?.get(of[group]) ?? seen[i]?.size ?? 0
          seen[i]?.set(of[group], known)
          if (number !== known) throw new Error(`\`${of[group]}\` has the number ${number}, not ${known}`)
        })
      })
    }
    const [heads = 0, identities = 0, networks, transports, parameters = 0] = seen.map((one) => one.size)
    expect([heads, networks, transports]).toEqual([7, 300, 1])
    expect(Math.min(identities, parameters)).toBeGreaterThanOrEqual(9000)
  })

  it('numbers begin anew after slices are forgotten, and heads that need no parameters give them none', () => {
    const one = sliceReader()
    const file = (n: number) =>
      bytesOf(JSON.stringify({ Records: [{ eventName: 'A', requestParameters: { n } }] }))
    const numbersOf = (bytes: Uint8Array) => {
      let numbers: readonly number[] = []
      one.read(bytes, (words, base) => {
        numbers = [...words.subarray(base + NUMBERS, base + RECORD_WORDS)].slice(0, GROUPS.length)
      })
      return numbers
    }
    expect([numbersOf(file(1)), numbersOf(file(2))].map((all) => all[4])).toEqual([0, 1])
    one.setIdle(0)
    expect(numbersOf(file(3))[4]).toBe(0)
    one.clear('head')
    one.clear('parameters')
    expect([numbersOf(file(3)), numbersOf(file(2))].map((all) => all[4])).toEqual([0, 1])
  })
})
