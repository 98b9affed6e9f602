import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inventoryOf, SHAPES } from '../../../../bench/src/trail/shapes.ts'
import { seededRandom } from '../../kernel/random.ts'
import cases from '../../policy/trail/events.cases.json' with { type: 'json' }
import { trailReader } from '../../policy/trail/requests.ts'
import { callMapper, kindOf } from './call-patterns.ts'
import { callTexts } from './call-texts.ts'
import { type Head, readHead, type Slices } from './dimensions.ts'
import { cutter, MAX_HOLES } from './holes.ts'
import { FIELD, FIELDS } from './scan.ts'
import { loadTables } from './tables.ts'

const { tables, iam } = loadTables()
const reader = trailReader(tables, iam).calls
const ACCOUNT = '111122223333'

interface Call {
  readonly eventSource?: string
  readonly eventName?: string
  readonly awsRegion?: string
  readonly requestParameters?: unknown
  readonly resources?: unknown
}

/** A record's members one after the other, as a scanner would have found them. */
function slicesOf(call: object): Slices {
  const spans = new Int32Array(FIELDS.length * 2).fill(-1)
  const pieces: Buffer[] = []
  let at = 0
  for (const [name, value] of Object.entries(call)) {
    if (!(name in FIELD) || value === undefined) continue
    const piece = Buffer.from(JSON.stringify(value))
    spans.set([at, at + piece.length], 2 * FIELD[name as keyof typeof FIELD])
    pieces.push(piece)
    at += piece.length
  }
  const buffer = Buffer.concat(pieces)
  return { bytes: buffer, buffer, spans }
}

const BASE = { eventType: 'AwsApiCall', recipientAccountId: ACCOUNT, awsRegion: 'ap-northeast-1' }
const slicesAndHead = (call: Call): readonly [Slices, Head] => {
  const slices = slicesOf({ ...BASE, ...call })
  return [slices, readHead(slices, tables, reader)]
}

const hexDigits = [...'0123456789abcdef']
const hexWord = fc.string({ unit: fc.constantFrom(...hexDigits), minLength: 5, maxLength: 20 })
const uuid = fc
  .string({ unit: fc.constantFrom(...hexDigits), minLength: 32, maxLength: 32 })
  .map((hex) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'))
/** Words that fall into holes, and words that nearly do. */
const odd = fc.constantFrom(
  '444455556666',
  'i-0abcdef1234567890',
  'alias/abcdef12',
  'arn:aws:s3:::abcdef12/x',
  'a%2Fabcdef12',
  'HIDDEN_DUE_TO_SECURITY_REASONS',
  '',
  '\uff80abcdef',
  'x\\abcdef12',
  '{"Version":"2012-10-17","Id":"\\"}',
  'abcdef12"',
  'f0e1d2c3b4a5900f',
)
/** Rounds of six words; a place has words of one kind, so that many calls are cut alike. */
const rounds = fc
  .array(fc.constantFrom(hexWord, hexWord, uuid, odd), { minLength: 6, maxLength: 6 })
  .chain((kinds) => fc.array(fc.tuple(...kinds), { minLength: 4, maxLength: 8 }))

/** Texts of a value with other words in the place of some of theirs, the same word always for the same. */
function reworded(value: unknown, words: ReadonlyMap<string, string>): unknown {
  const replaced = (text: string) =>
    [...words].reduce((done, [old, word]) => done.replaceAll(old, word), text)
  if (typeof value === 'string') return replaced(value)
  if (Array.isArray(value)) return value.map((one) => reworded(one, words))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, reworded(one, words)]))
}

/** Names and ids in texts that something else may stand for. */
const wordsIn = (value: unknown): readonly string[] =>
  [...new Set(JSON.stringify(value ?? null).match(/(?<=")[\w./-]{1,40}(?=")|[0-9a-f-]{5,}/g) ?? [])].slice(
    0,
    6,
  )

const shapes = (() => {
  const random = seededRandom(7)
  const have = inventoryOf(random, ACCOUNT, 'ap-northeast-1')
  return SHAPES.flatMap(([, make]) => [make(random, have), make(random, have)]).map(
    ({ source, name, request, resources }): Call => ({
      eventSource: source,
      eventName: name,
      requestParameters: request,
      resources,
    }),
  )
})()
const calls: readonly Call[] = [
  ...(cases as unknown as { readonly event: Call }[]).map(({ event }) => event),
  ...shapes,
]

describe('patterns of calls', () => {
  it('say_of_each_call_what_the_mapping_says', () => {
    const mapper = callMapper(reader)
    fc.assert(
      fc.property(fc.constantFrom(...calls), rounds, (call, made) => {
        const old = wordsIn([call.requestParameters, call.resources])
        for (const [i, words] of made.entries()) {
          const replace = new Map(old.map((one, i) => [one, words[i] as string]))
          const [slices, head] = slicesAndHead({
            ...call,
            // Skipped by its type, whatever it asks.
            ...(i % 3 === 2 ? { eventType: 'AwsServiceEvent' } : {}),
            requestParameters: reworded(call.requestParameters, replace),
            resources: reworded(call.resources, replace),
          })
          const told = mapper(slices, head, ACCOUNT, kindOf(head))
          expect(told).toEqual(callTexts(slices, head, ACCOUNT, reader))
        }
      }),
      { numRuns: 150 },
    )
  })

  it('ask_the_mapping_twice_for_calls_that_differ_in_an_id_alone', () => {
    let asked = 0
    const mapper = callMapper({
      ...reader,
      read: (record, plan) => {
        asked++
        return reader.read(record, plan)
      },
    })
    const made = Array.from({ length: 50 }, (_, i) => {
      const key = `in/${(0xabcdef + i).toString(16)}.json`
      const [slices, head] = slicesAndHead({
        eventSource: 's3.amazonaws.com',
        eventName: 'PutObject',
        requestParameters: { bucketName: 'b', key },
        resources: [{ type: 'AWS::S3::Object', ARN: `arn:aws:s3:::b/${key}` }],
      })
      return mapper(slices, head, ACCOUNT, kindOf(head))
    })
    expect(asked).toBe(2)
    expect(new Set(made.map(({ checks }) => checks[0]?.resource)).size).toBe(50)
  })

  it('tell_a_whole_arn_of_a_secret_from_a_partial_one', () => {
    const mapper = callMapper(reader)
    const resourceOf = (end: string) => {
      const arn = `arn:aws:secretsmanager:ap-northeast-1:${ACCOUNT}:secret:db-${end}`
      const [slices, head] = slicesAndHead({
        eventSource: 'secretsmanager.amazonaws.com',
        eventName: 'GetSecretValue',
        requestParameters: { secretId: arn },
      })
      const told = mapper(slices, head, ACCOUNT, kindOf(head))
      expect(told).toEqual(callTexts(slices, head, ACCOUNT, reader))
      return told.checks[0]?.resource
    }
    const partial = ['abcde', '1234567', 'abcd1'].map(resourceOf)
    expect(resourceOf('abcdef')).not.toEqual(partial[0]?.replace('abcde', 'abcdef'))
  })

  it('find_no_words_of_holes_in_the_tables', () => {
    const isHole = /(?<![A-Za-z0-9_\u0080-\uffff])(?!\d{12}(?!\w))[0-9a-f]{5,}(?![A-Za-z0-9_\u0080-\uffff])/
    const { resources, keys, implied, actions } = tables
    for (const table of [
      resources,
      keys.services,
      implied,
      actions.renames,
      actions.split,
      actions.versionedObject,
    ])
      expect(JSON.stringify(table, (name, value) => (name === 'source' ? undefined : value))).not.toMatch(
        isHole,
      )
    for (const { eventSource = '', eventName = '' } of calls) {
      const { naming } = reader.planOf(eventSource, eventName)
      if (naming.kind !== 'actions') continue
      for (const { action, types } of naming.actions)
        for (const { name } of types)
          expect(iam.arns(action.split(':')[0] ?? '', name).join(' ')).not.toMatch(isHole)
    }
  })
})

describe('holes', () => {
  const holesOf = (requestParameters: unknown): readonly string[] | null => {
    const slices = slicesOf({ requestParameters })
    const cut = cutter()(slices)
    if (cut === null) return null
    return Array.from({ length: cut.holes }, (_, i) =>
      slices.buffer.toString('latin1', cut.spans[2 * i], cut.spans[2 * i + 1]),
    )
  }
  const id = '1b4e28ba-2fa1-11d2-883f-0016d3cca427'

  it('are_ids_that_stand_alone_in_texts', () => {
    expect(holesOf({ a: `x/abcdef12-${id}`, b: 'abcdef12', c: ['i-0123456789'] })).toEqual([
      'abcdef12',
      id,
      '0123456789',
    ])
    expect(holesOf({ a: 'xabcdef12 abcdef12_ abcd 111122223333 ABCDEF12 éabcdef12 secret-abcdef' })).toEqual(
      [],
    )
    expect(holesOf({ a: 'secret-abcde abcdef' })).toEqual(['abcde', 'abcdef'])
    expect(holesOf({ a: 12345678, b: `${id}0` })).toEqual(['1b4e28ba', '0016d3cca4270'])
    expect(holesOf({ a: '1b4e28ba-2fa1-11d2-883f-001' })).toEqual(['1b4e28ba'])
  })

  it('are_not_looked_for_where_words_are_names_or_written_in_another_way', () => {
    expect(holesOf({ abcdef12: 'x' })).toBeNull()
    expect(holesOf({ a: 'abcdef12', abcdef12: 'x' })).toBeNull()
    expect(holesOf({ a: 'abcdef12\n' })).toBeNull()
    expect(holesOf({ a: 'x\nabcdef12' })).toBeNull()
    expect(holesOf({ a: '\u0001' })).toBeNull()
    expect(holesOf({ a: '%abcdef12' })).toBeNull()
    expect(holesOf({ a: 'x'.repeat(9000) })).toBeNull()
    expect(holesOf({ a: Array.from({ length: MAX_HOLES + 1 }, (_, i) => `abcdef${i}`) })).toBeNull()
  })

  it('stand_beside_texts_with_escapes', () => {
    expect(
      holesOf({ a: 'abcdef12', b: '{"Version":"2012-10-17"}\n\\', c: '"fedcba21"', d: '123abc' }),
    ).toBeNull()
    expect(holesOf({ a: 'abcdef12', b: '{"Version":"2012-10-17"}\n\\', d: '123abc' })).toEqual([
      'abcdef12',
      '123abc',
    ])
  })

  it('are_equal_where_their_words_are', () => {
    const cut = cutter()
    const hash = (value: unknown) => cut(slicesOf({ requestParameters: value }))?.hash
    expect(hash({ a: 'abcdef12', b: 'abcdef12' })).toBe(hash({ a: 'fedcba', b: 'fedcba' }))
    expect(hash({ a: 'abcdef12', b: 'abcdef12' })).not.toBe(hash({ a: 'abcdef12', b: 'fedcba21' }))
    expect(hash({ a: id })).not.toBe(hash({ a: 'abcdef12' }))
  })
})
