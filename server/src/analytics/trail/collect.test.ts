import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { callersOf, identityOf, iso, uuid } from '../../../../bench/src/trail/people.ts'
import { inventoryOf, SHAPES } from '../../../../bench/src/trail/shapes.ts'
import type { Json } from '../../kernel/json.ts'
import { canonicalJson } from '../../kernel/json.ts'
import { seededRandom } from '../../kernel/random.ts'
import { members, text } from '../../policy/trail/event.ts'
import { trailReader } from '../../policy/trail/requests.ts'
import { type Checked, unpacked } from './call-memory.ts'
import { KINDS } from './call-texts.ts'
import { CALL, CHECK, COLLECT, collector, type Drained, type Unchecked, VIEWS } from './collect.ts'
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
    'aws:s3',
    '2026-10-01T00:00:00Z',
    '2026-10-01 09:30:00',
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
/** Records of a trail, and what is none for want of one member. */
const event = fc
  .tuple(
    record,
    fc.record(
      {
        eventSource: fc.constantFrom('ec2.amazonaws.com', 's3.amazonaws.com', 'aws:s3'),
        eventName: fc.constantFrom('RunInstances', 'GetObject', ''),
        eventTime: fc.constantFrom('2026-10-01T00:00:00Z', '2026-10-01 09:30:00', '2026-13-01T00:00:00Z', 7),
      },
      { requiredKeys: [] },
    ),
    fc.constantFrom(undefined, 'AwsApiCall', 'AwsCloudTrailInsight'),
  )
  .map(([any, named, eventType]) => ({ ...any, ...named, ...(eventType && { eventType }) }))

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
function callOf({ calls: { flat, starts }, texts, packed }: Drained, id: number): Json {
  const list = flat.subarray(starts[id], starts[id + 1])
  const textOf = (name: Unchecked, at: number) => texts[name][list[at] ?? 0] ?? ''
  const checked = (name: Checked, at: number) => unpacked(packed[name])[list[at] ?? 0] ?? ''
  const [event, region, account] = [textOf('event', 0), textOf('region', 1), textOf('account', 2)]
  if (list[3] !== 0)
    return { event, region, account, outcome: { kind: 'skipped', reason: textOf('skip', 3) } }
  const checks: Json[] = []
  for (let at = CALL.length; at < list.length; at += CHECK.length) {
    const { arn, ...owner } = JSON.parse(checked('resource', at + 2))
    checks.push({
      kind: KINDS[list[at] ?? 0] ?? null,
      action: checked('action', at + 1),
      ...owner,
      resource: arn,
      keys: JSON.parse(checked('context', at + 3)),
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

const memberOf = (value: Json) => (name: string) => text(members(value)[name] ?? null)

/** Milliseconds, or NaN: a date and a time of the day with a T or a space between them. */
const timeOf = (value: Json) => {
  const found = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)Z?$/.exec(memberOf(value)('eventTime'))
  return found === null ? Number.NaN : Date.parse(`${found[1]}T${found[2]}Z`)
}

/** Whether this is a record of a trail, as the guide says it. */
function isRecord(value: Json): boolean {
  const at = memberOf(value)
  const isNamed = at('eventName') !== '' && at('eventSource') !== '' && !at('eventSource').startsWith('aws:')
  return (isNamed || at('eventType') === 'AwsCloudTrailInsight') && timeOf(value) > 0
}

/** The same lines by the plain way: parse everything, read each record by itself. */
function plainLines(records: readonly Json[]): string[] {
  const counts = new Map<string, number>()
  for (const value of records.filter(isRecord)) {
    const outcome = reader.read(value)
    const at = memberOf(value)
    const day = Math.floor(timeOf(value) / 86_400_000) * 4
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
      fc.property(fc.array(fc.oneof(record, event), { maxLength: 5 }), (records) => {
        const events = records.filter(isRecord).length
        const read = into.add(bytesOf({ Records: records }))
        expect([read, linesOf(into.drain())]).toEqual([
          { events, foreign: records.length - events },
          plainLines(records),
        ])
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

  it('is_full_by_checks: calls of many resources end a share long before their rows do', () => {
    const into = collector(tables, iam, { ...COLLECT, maxRows: 1000 })
    const tagging = (day: number) => ({
      eventSource: 'ec2.amazonaws.com',
      eventName: 'CreateTags',
      eventTime: iso(Date.UTC(2026, 9, day)),
      awsRegion: 'ap-northeast-1',
      recipientAccountId: '111122223333',
      userIdentity: { type: 'Root', accountId: '111122223333', arn: 'arn:aws:iam::111122223333:root' },
      requestParameters: {
        resourcesSet: {
          items: Array.from({ length: 500 }, (_, i) => ({
            resourceId: `vol-${String(i).padStart(17, '0')}`,
          })),
        },
        tagSet: { items: [{ key: 'Seen', value: 'x' }] },
      },
    })
    // Of one call, too: 500 facts for each day.
    const fullAfter = Array.from({ length: 28 }, (_, i) => {
      into.add(bytesOf({ Records: [tagging(i + 1)] }))
      return into.isFull()
    }).indexOf(true)
    expect(fullAfter + 1).toBe(16)
    into.drain()
    expect(into.isFull()).toBe(false)
  })

  it('is_full_by_texts, also where there are few of them', () => {
    const into = collector(tables, iam, { ...COLLECT, maxBytes: 4_000_000 })
    const asked = (i: number) => ({
      eventSource: 'dynamodb.amazonaws.com',
      eventName: 'DescribeTable',
      eventTime: iso(Date.UTC(2026, 9, 1)),
      awsRegion: 'ap-northeast-1',
      recipientAccountId: '111122223333',
      userIdentity: { type: 'Root', accountId: '111122223333', arn: 'arn:aws:iam::111122223333:root' },
      requestParameters: { tableName: `${i}${'t'.repeat(900_000)}` },
    })
    let files = 0
    while (files < 20 && !into.isFull()) into.add(bytesOf({ Records: [asked(files++)] }))
    expect(files).toBeLessThan(7)
    into.drain()
    expect(into.isFull()).toBe(false)
  })
})
