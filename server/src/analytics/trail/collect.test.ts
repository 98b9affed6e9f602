import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { callersOf, identityOf, iso, uuid } from '../../../../bench/src/trail/people.ts'
import { inventoryOf, SHAPES } from '../../../../bench/src/trail/shapes.ts'
import type { Json } from '../../kernel/json.ts'
import { canonicalJson } from '../../kernel/json.ts'
import { seededRandom } from '../../kernel/random.ts'
import { members, text } from '../../policy/trail/event.ts'
import { trailReader } from '../../policy/trail/requests.ts'
import { KINDS } from './call-texts.ts'
import { CALL, CHECK, COLLECT, collector, type Drained, type Numbered, VIEWS } from './collect.ts'
import { FIELD, FIELDS, ScanError, scan, scanner } from './scan.ts'
import { loadTables } from './tables.ts'

const { tables, iam } = loadTables()
const reader = trailReader(tables, iam)
const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value))

/** Words of records, so that generated input looks like them and hits the scanner's fields. */
const word = fc.oneof(
  fc.constantFrom(
    ...FIELDS,
    'responseElements',
    'requestID',
    'ec2.amazonaws.com',
    'RunInstances',
    'AssumedRole',
    'tags',
    'key',
    '__proto__',
  ),
  fc.string({ unit: 'binary' }),
)
const anyJson = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    word,
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('object'),
  ),
  object: fc.dictionary(word, tie('value'), { maxKeys: 6 }),
}))
const record = anyJson.object as fc.Arbitrary<Record<string, Json>>

/** What the scanner finds, read by JSON.parse from the spans. */
function scanned(file: Uint8Array): Record<string, Json>[] {
  const found: Record<string, Json>[] = []
  const cursor = scanner((spans) => {
    const entries = FIELDS.flatMap((name) => {
      const [start = -1, end = -1] = spans.subarray(2 * FIELD[name], 2 * FIELD[name] + 2)
      return start < 0 ? [] : [[name, JSON.parse(Buffer.from(file.subarray(start, end)).toString('utf8'))]]
    })
    found.push(Object.fromEntries(entries))
  })
  scan(cursor, file)
  return found
}

const ownFields = (value: Json) =>
  Object.fromEntries(
    FIELDS.filter((name) => Object.hasOwn(members(value), name)).map((name) => [name, members(value)[name]]),
  )

/** A call with its checks read back out of their numbers. */
function callOf({ calls: { flat, starts }, texts }: Drained, id: number): Json {
  const list = flat.subarray(starts[id], starts[id + 1])
  const textOf = (name: Numbered, at: number) => texts[name][list[at] ?? 0] ?? ''
  const [event, region, account] = [textOf('event', 0), textOf('region', 1), textOf('account', 2)]
  if (list[3] !== 0)
    return { event, region, account, outcome: { kind: 'skipped', reason: textOf('skip', 3) } }
  const checks: Json[] = []
  for (let at = CALL.length; at < list.length; at += CHECK.length) {
    const { arn, ...owner } = JSON.parse(textOf('resource', at + 2))
    checks.push({
      kind: KINDS[list[at] ?? 0] ?? null,
      action: textOf('action', at + 1),
      ...owner,
      resource: arn,
      keys: JSON.parse(textOf('context', at + 3)),
    })
  }
  return { event, region, account, outcome: { kind: 'checks', checks } }
}

/** Facts as plain lines, whatever their order. */
function linesOf(drained: Drained): string[] {
  const lines: string[] = []
  drained.counts.forEach((count, row) => {
    if (count === 0) return
    const [call = 0, caller = 0, network = 0, error = 0, day = 0] = drained.rows.subarray(
      row * 5,
      row * 5 + 5,
    )
    lines.push(
      canonicalJson([
        callOf(drained, call),
        JSON.parse(drained.texts.principal[caller] ?? ''),
        JSON.parse(drained.texts.network[network] ?? ''),
        JSON.parse(drained.texts.error[error] ?? ''),
        day,
        count,
      ]),
    )
  })
  return lines.sort()
}

/** The same lines by the plain way: parse everything, read each record by itself. */
function plainLines(records: readonly Json[]): string[] {
  const counts = new Map<string, number>()
  for (const value of records) {
    const outcome = reader.read(value)
    const at = (name: string) => text(members(value)[name] ?? null)
    const time = Date.parse(at('eventTime'))
    const day = time > 0 && time < 4_294_000_000_000 ? Math.floor(time / 86_400_000) * 4 : 0
    const call = { event: `${at('eventSource')}/${at('eventName')}`, region: at('awsRegion') }
    const line = (() => {
      if (outcome.kind === 'skipped')
        return [{ ...call, account: at('recipientAccountId'), outcome }, null, null, null, day]
      const first = outcome.requests[0]
      if (first === undefined) throw new Error('a call without checks')
      const account = at('recipientAccountId') || (first.caller.principal.account ?? '')
      const keys = Object.fromEntries(
        Object.entries(first.caller.keys).filter(([key]) => !COLLECT.omit.includes(key)),
      )
      const checks = outcome.requests.map((request) => request.check)
      return [
        { ...call, account, outcome: { kind: 'checks', checks } },
        { ...first.caller, keys },
        first.network,
        outcome.error,
        day + VIEWS.indexOf(outcome.view),
      ]
    })()
    const key = canonicalJson(line)
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return [...counts].map(([line, count]) => canonicalJson([...JSON.parse(line), count])).sort()
}

function generated(seed: number, events: number): Json[] {
  const random = seededRandom(seed)
  const account = '111122223333'
  const callers = callersOf(random, 12)
  const have = inventoryOf(random, account, 'ap-northeast-1')
  return Array.from({ length: events }, (_, index) => {
    const at = Date.UTC(2026, 9, 1) + index * 7_000
    const [, make] = SHAPES[Math.floor(random.next() * SHAPES.length)] as (typeof SHAPES)[number]
    const shape = make(random, have)
    const who = callers[Math.floor(random.next() * callers.length)] as (typeof callers)[number]
    const error =
      random.next() < 0.1
        ? {
            errorCode: 'AccessDenied',
            errorMessage: 'x with an explicit deny in a service control policy: "y"',
          }
        : {}
    return {
      userIdentity: identityOf(random, account, who, at),
      eventTime: iso(at),
      eventSource: shape.source,
      eventName: shape.name,
      awsRegion: 'ap-northeast-1',
      sourceIPAddress: who.addresses[0],
      userAgent: who.userAgent,
      ...error,
      requestParameters: shape.request,
      responseElements: shape.response,
      eventID: uuid(random),
      resources: shape.resources ?? null,
      eventType: random.next() < 0.05 ? 'AwsServiceEvent' : 'AwsApiCall',
      ...(random.next() < 0.9 ? { recipientAccountId: account } : {}),
    } as Json
  })
}

describe('the scanner', { timeout: 120_000 }, () => {
  it('scanner_equals_json_parse', () => {
    fc.assert(
      fc.property(
        fc.array(record, { maxLength: 6 }),
        fc.constantFrom(undefined, 1, '\t'),
        (records, space) => {
          const file = Buffer.from(
            JSON.stringify({ a: { Records: [1] }, Records: [...records, 7, 'x'] }, null, space),
          )
          // As the file has them: JSON knows no negative zero.
          const told = JSON.parse(JSON.stringify(records)) as readonly Json[]
          expect(scanned(file)).toEqual(told.map(ownFields))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('reads keys with escapes, huge numbers and the last of two equal keys as JSON.parse does', () => {
    const file = Buffer.from(
      '{"Records":[{"event\\u0053ource":"a","eventName":"\\"}{","eventName":"b\\\\","resources":[1e999,-0.0,12345678901234567890]}]}',
    )
    expect(scanned(file)).toEqual([
      { eventSource: 'a', eventName: 'b\\', resources: [Number.POSITIVE_INFINITY, -0, 12345678901234567000] },
    ])
  })

  it('reads JSON lines of records and envelopes of EventBridge', () => {
    const lines = [
      { eventName: 'A', detail: 'text' },
      { version: '0', 'detail-type': 'AWS API Call via CloudTrail', detail: { eventName: 'B' } },
      { Records: [{ eventName: 'C' }] },
    ]
    const file = Buffer.from(`\ufeff${lines.map((line) => JSON.stringify(line)).join('\r\n')}\n`)
    expect(scanned(file).map((found) => found.eventName)).toEqual(['A', 'B', 'C'])
  })

  it('ends on every cut of a file, with all records or with an error', () => {
    const file = bytesOf({ Records: generated(1, 2) })
    for (let end = 1; end < file.length; end += 7) expect(() => scanned(file.subarray(0, end))).toThrow(Error)
  })

  it('finds no records in what is none', () => {
    const cursor = scanner(() => undefined)
    expect(scan(cursor, bytesOf({ digestS3Object: 'x', logFiles: [] }))).toBe(false)
    expect(() => scan(cursor, Buffer.from('version account-id interface-id\n2 1 eni'))).toThrow(ScanError)
  })
})

describe('the collector', { timeout: 120_000 }, () => {
  it('facts_equal_the_plain_reading', () => {
    for (const seed of [1, 2, 3]) {
      const records = generated(seed, 400)
      const into = collector(tables, iam)
      for (let i = 0; i < records.length; i += 100) into.add(bytesOf({ Records: records.slice(i, i + 100) }))
      expect(linesOf(into.drain())).toEqual(plainLines(records))
    }
  })

  it('facts_equal_the_plain_reading of any JSON', () => {
    const into = collector(tables, iam)
    fc.assert(
      fc.property(fc.array(record, { maxLength: 5 }), (records) => {
        into.add(bytesOf({ Records: records }))
        expect(linesOf(into.drain())).toEqual(plainLines(records))
      }),
      { numRuns: 300 },
    )
  })

  it('order_of_files_does_not_matter', () => {
    const records = generated(5, 200)
    const [a, b] = [records.slice(0, 90), records.slice(90)].map((list) => bytesOf({ Records: list }))
    const runs = [
      [a, b],
      [b, a],
    ].map((files) => {
      const into = collector(tables, iam)
      for (const file of files) into.add(file as Uint8Array)
      const drained = into.drain()
      return drained.samples
        .map((id, row) => `${id} ${drained.firsts[row]} ${drained.lasts[row]} ${drained.counts[row]}`)
        .sort()
    })
    expect(runs[0]).toEqual(runs[1])
  })

  it('a_file_that_fails_counts_for_nothing', () => {
    const good = bytesOf({ Records: generated(7, 50) })
    const into = collector(tables, iam)
    into.add(good)
    expect(() => into.add(bytesOf({ Records: generated(8, 50) }).subarray(0, 20_000))).toThrow(ScanError)
    expect([...into.drain().counts].reduce((sum, n) => sum + n, 0)).toBe(50)
  })
})
