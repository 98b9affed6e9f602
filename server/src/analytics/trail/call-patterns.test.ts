import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inventoryOf, SHAPES } from '../../../../bench/src/trail/shapes.ts'
import { seededRandom } from '../../kernel/random.ts'
import type { CallReader } from '../../policy/trail/call.ts'
import cases from '../../policy/trail/events.cases.json' with { type: 'json' }
import { trailReader } from '../../policy/trail/requests.ts'
import { CHECKED, NOT_CUT, UNTAUGHT, unpacked } from './call-memory.ts'
import { callMapper } from './call-patterns.ts'
import { type CallTexts, callTexts } from './call-texts.ts'
import { readHead, type Slices } from './dimensions.ts'
import { NUMBERS, type SliceReader, sliceReader } from './slices.ts'
import { loadTables } from './tables.ts'

const { tables, iam } = loadTables()
const reader = trailReader(tables, iam).calls
const ACCOUNT = '111122223333'
/** The last one is what stands for the account while a pattern is made. */
const ACCOUNTS = [ACCOUNT, '777788889999', '444455556666', '907182635449']
const MAX_HOLES = 64

interface Call {
  readonly eventSource?: string
  readonly eventName?: string
  readonly awsRegion?: string
  readonly recipientAccountId?: string
  readonly eventType?: string
  readonly requestParameters?: unknown
  readonly resources?: unknown
}

const BASE = { eventType: 'AwsApiCall', recipientAccountId: ACCOUNT, awsRegion: 'ap-northeast-1' }

/** Shows the call to `look` as a reader of files has it at hand. */
function atHand<T>(reading: SliceReader, call: object, look: (slices: Slices) => T): T {
  const bytes = Buffer.from(JSON.stringify({ Records: [{ ...BASE, ...call }] }))
  const seen: T[] = []
  reading.read(bytes, (words, base) => {
    seen.push(look({ bytes, buffer: bytes, spans: words.slice(base, base + NUMBERS) }))
  })
  expect(seen).toHaveLength(1)
  return seen[0] as T
}

/** Maps call after call, and gives what each asks as texts, and what the mapping alone says of it. */
function asker(asked: CallReader = reader) {
  const reading = sliceReader()
  const mapper = callMapper(asked, reading.calls)
  return (call: Call): { readonly told: CallTexts; readonly plain: CallTexts } =>
    atHand(reading, call, (slices) => {
      const head = readHead(slices, tables, reader)
      reading.calls.clearTexts()
      const { skip, checks, count } = mapper.read(slices, head, head.recipient, mapper.kindOf(head))
      const texts = CHECKED.map((name) => unpacked(reading.calls.texts(name)))
      const told = Array.from({ length: count }, (_, i) => {
        const [kind = 0, ...numbers] = checks.subarray(4 * i, 4 * i + 4)
        const [action = '', resource = '', context = ''] = numbers.map(
          (number, dim) => texts[dim]?.[number] ?? '',
        )
        return { kind, action, resource, context }
      })
      return { told: { skip, checks: told }, plain: callTexts(slices, head, head.recipient, reader) }
    })
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
    const ask = asker()
    fc.assert(
      fc.property(fc.constantFrom(...calls), rounds, (call, made) => {
        const old = wordsIn([call.requestParameters, call.resources])
        for (const [i, words] of made.entries()) {
          const account = ACCOUNTS[i % ACCOUNTS.length] as string
          const replace = new Map([
            ...old.map((one, i) => [one, words[i] as string] as const),
            [ACCOUNT, account],
          ])
          const { told, plain } = ask({
            ...call,
            recipientAccountId: account,
            // Skipped by its type, whatever it asks.
            ...(i % 3 === 2 ? { eventType: 'AwsServiceEvent' } : {}),
            requestParameters: reworded(call.requestParameters, replace),
            resources: reworded(call.resources, replace),
          })
          expect(told).toEqual(plain)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('ask_the_mapping_twice_for_calls_that_differ_in_an_id_and_the_account_alone', () => {
    let asked = 0
    const ask = asker({
      ...reader,
      read: (record, plan) => {
        asked++
        return reader.read(record, plan)
      },
    })
    const made = Array.from({ length: 50 }, (_, i) => {
      const key = `in/${(0xabcdef + i).toString(16)}.json`
      const account = ACCOUNTS[i % 2] as string
      const resources = [{ type: 'AWS::S3::Object', ARN: `arn:aws:s3:::b/${key}`, accountId: account }]
      const { told, plain } = ask({
        eventSource: 's3.amazonaws.com',
        eventName: 'PutObject',
        recipientAccountId: account,
        requestParameters: { bucketName: 'b', key },
        resources,
      })
      expect(told).toEqual(plain)
      return told
    })
    expect(asked).toBe(2)
    expect(new Set(made.map(({ checks }) => checks[0]?.resource)).size).toBe(50)
    expect(made.map(({ checks }) => checks[0]?.resource?.includes(ACCOUNTS[1] as string))).toEqual(
      made.map((_, i) => i % 2 === 1),
    )
  })

  it('tell_a_whole_arn_of_a_secret_from_a_partial_one', () => {
    const ask = asker()
    const resourceOf = (end: string) => {
      const arn = `arn:aws:secretsmanager:ap-northeast-1:${ACCOUNT}:secret:db-${end}`
      const { told, plain } = ask({
        eventSource: 'secretsmanager.amazonaws.com',
        eventName: 'GetSecretValue',
        requestParameters: { secretId: arn },
      })
      expect(told).toEqual(plain)
      return told.checks[0]?.resource
    }
    const partial = ['abcde', '1234567', 'abcd1'].map(resourceOf)
    expect(resourceOf('abcdef')).not.toEqual(partial[0]?.replace('abcde', 'abcdef'))
  })

  it('find_no_words_of_holes_in_the_tables', () => {
    const isHole = /(?<![A-Za-z0-9_\u0080-\uffff])[0-9a-f]{5,}(?![A-Za-z0-9_\u0080-\uffff])/
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
  const { calls: memory, ...reading } = sliceReader()
  const cutOf = (requestParameters: unknown, recipientAccountId = ACCOUNT) =>
    atHand({ ...reading, calls: memory }, { requestParameters, recipientAccountId }, () => {
      const found = memory.read(0)
      return found === NOT_CUT ? null : { ...memory.cut(), pattern: UNTAUGHT - found }
    })
  const holesOf = (requestParameters: unknown) => cutOf(requestParameters)?.words ?? null
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
    const pattern = (value: unknown, account?: string) => cutOf(value, account)?.pattern
    expect(pattern({ a: 'abcdef12', b: 'abcdef12' })).toBe(pattern({ a: 'fedcba', b: 'fedcba' }))
    expect(pattern({ a: 'abcdef12', b: 'abcdef12' })).not.toBe(pattern({ a: 'abcdef12', b: 'fedcba21' }))
    expect(pattern({ a: id })).not.toBe(pattern({ a: 'abcdef12' }))
    expect(pattern({ a: ACCOUNT }, ACCOUNT)).toBe(pattern({ a: '444455556666' }, '444455556666'))
    expect(pattern({ a: ACCOUNT }, ACCOUNT)).not.toBe(pattern({ a: ACCOUNT }, '444455556666'))
  })

  it('are_the_account_of_the_trail_too_where_its_digits_are_no_part_of_another_word', () => {
    const standing = (value: unknown) => cutOf(value)?.skeleton.toString('latin1') ?? null
    const arn = `arn:aws:iam::${ACCOUNT}:root`
    expect(standing({ a: arn, b: JSON.stringify({ AWS: arn }) })).toBe(
      '{"a":"arn:aws:iam::\x04:root","b":"{\\"AWS\\":\\"arn:aws:iam::\x04:root\\"}"}\x03',
    )
    const others = { a: `x${ACCOUNT}`, b: `${ACCOUNT}_`, c: '444455556666', d: 111122223333 }
    expect(standing(others)).toBe(`${JSON.stringify(others)}\x03`)
    expect(standing({ [ACCOUNT]: 'x' })).toBeNull()
  })
})
