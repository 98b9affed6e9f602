import { describe, expect, it } from 'vitest'
import { collector } from './collect.ts'
import { readTrailFile } from './read-file.ts'
import { loadTables } from './tables.ts'

const { tables, iam } = loadTables()

const record = {
  eventSource: 's3.amazonaws.com',
  eventName: 'GetBucketAcl',
  eventTime: '2026-10-01T00:00:00Z',
  eventType: 'AwsApiCall',
  userIdentity: { type: 'Root', accountId: '111122223333', arn: 'arn:aws:iam::111122223333:root' },
  requestParameters: { bucketName: 'b' },
}
const notification = {
  eventVersion: '2.1',
  eventSource: 'aws:s3',
  eventName: 'ObjectCreated:Put',
  eventTime: '2026-10-01T00:00:00.000Z',
  s3: {},
}
const insight = { eventType: 'AwsCloudTrailInsight', eventTime: '2026-10-01T00:00:00Z', insightDetails: {} }

/** What is told of a file, and the days of the facts that came of it. */
function told(text: string, name = 'a.json') {
  const bytes = Buffer.from(text)
  const into = collector(tables, iam)
  const { events, foreign, refused } = readTrailFile(into, { name, size: bytes.length, etag: '' }, bytes)
  const { rows, counts } = into.drain()
  const days = new Set<string>()
  counts.forEach((count, row) => {
    const day = (rows[5 * row + 4] as number) >> 2
    if (count > 0) days.add(new Date(day * 86_400_000).toISOString().slice(0, 10))
  })
  return { events, foreign, reason: refused?.reason ?? null, days: [...days] }
}

const refused = { events: 0, foreign: undefined, reason: 'foreign', days: [] }
const day = '2026-10-01'
const json = (value: unknown) => JSON.stringify(value)

describe('a file of JSON that is no trail', () => {
  it('foreign_json_is_no_event', () => {
    const texts = [
      json([{ id: '111122223333', name: 'x' }, { id: '2' }, 7]),
      json({ Records: [{ a: 1 }] }),
      json({ Records: [notification] }),
      json({ Records: [{ ...record, eventSource: undefined }] }),
      json({ Records: [{ ...record, eventTime: undefined }] }),
      json({ Records: [{ ...record, eventTime: 1795309200 }] }),
      json({ Records: [7, 'x'] }),
      json([[1], [2]]),
      `${json({ a: 1 })}\n${json(notification)}\n`,
      json(notification),
    ]
    for (const text of texts) expect([text, told(text)]).toEqual([text, refused])
    const csv = 'eventname,eventsource\nGetObject,s3.amazonaws.com\n'
    expect(told(csv, 'a.csv')).toEqual(refused)
    expect(told('eventname,eventsource\n,s3.amazonaws.com\n', 'a.csv')).toEqual(refused)
  })

  it('rows of an export that are no records are told', () => {
    const csv = `eventname,eventsource,eventtime\nGetObject,s3.amazonaws.com,2026-10-01 00:00:00\n,x,\n`
    expect(told(csv, 'a.csv')).toEqual({ events: 1, foreign: 1, reason: null, days: [day] })
  })

  it('what is foreign beside records is told and counts for nothing', () => {
    const some = { events: 2, foreign: 3, reason: null, days: [day] }
    const objects = [record, { a: 1 }, notification, record, { ...record, eventTime: '' }]
    expect(told(json({ Records: objects }))).toEqual(some)
    expect(told(json(objects))).toEqual(some)
    expect(told(objects.map(json).join('\n'))).toEqual(some)
  })

  it('an empty trail is a trail, and so are insights', () => {
    const none = { events: 0, foreign: undefined, reason: null, days: [] }
    for (const text of ['{"Records":[]}', '[ ]', '\ufeff{"Records": []}']) expect(told(text)).toEqual(none)
    expect(told(json({ Records: [insight] }))).toEqual({ ...none, events: 1, days: [day] })
  })
})
