import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { timeReader } from './event-time.ts'

const read = timeReader()
const secondsOf = (text: string) => {
  const bytes = Buffer.from(JSON.stringify(text))
  return read(bytes, 0, bytes.length)
}
const isoOf = (text: string) => {
  const seconds = secondsOf(text)
  return seconds === 0 ? null : new Date(seconds * 1000).toISOString()
}
const moment = fc.date({ min: new Date(86_400_000), max: new Date(4_200_000_000_000), noInvalidDate: true })

describe('the time of an event', () => {
  afterEach(() => vi.unstubAllEnvs())

  it('is_the_time_that_was_written, as CloudTrail and exports write it', () => {
    fc.assert(
      fc.property(moment, (date) => {
        const at = Math.floor(date.getTime() / 1000)
        const iso = date.toISOString()
        const day = iso.slice(0, 10)
        const time = iso.slice(11, 19)
        for (const text of [`${day}T${time}Z`, iso, `${day} ${time}.000 UTC`, `${day}T${time}+00:00`])
          expect([text, secondsOf(text)]).toEqual([text, at])
      }),
    )
  })

  it('is UTC without a zone, wherever this machine is', () => {
    for (const zone of ['Asia/Tokyo', 'America/Los_Angeles']) {
      vi.stubEnv('TZ', zone)
      for (const text of ['2026-10-01T00:00:00', '2026-10-01 00:00:00', '2026-10-01T00:00:00.000'])
        expect([zone, text, isoOf(text)]).toEqual([zone, text, '2026-10-01T00:00:00.000Z'])
    }
    expect(isoOf('2026-10-01T09:00:00+09:00')).toBe('2026-10-01T00:00:00.000Z')
    expect(isoOf('2026-09-30T16:30:00-0730')).toBe('2026-10-01T00:00:00.000Z')
  })

  it('is none where no calendar or clock has it', () => {
    const none = [
      '2026-13-45T00:00:00Z',
      '2026-02-30T00:00:00Z',
      '2026-10-01T24:00:00Z',
      '2026-10-01T00:60:00Z',
      '2026-10-01T0x:00:00Z',
      '20a6-10-01T00:00:00Z',
      '2026/10/01T00:00:00Z',
      '2026-02-30 00:00:00',
      'Oct 1, 2026',
      '1795309200',
      '1970-01-01T00:00:00Z',
      '',
    ]
    for (const text of none) expect([text, isoOf(text)]).toEqual([text, null])
  })

  it('has no day of another one that was read before', () => {
    expect(isoOf('2026-11-01T00:00:00Z')).toBe('2026-11-01T00:00:00.000Z')
    expect(isoOf('2026-10-33T00:00:00Z')).toBeNull()
    expect(isoOf('2028-02-29T23:59:59Z')).toBe('2028-02-29T23:59:59.000Z')
  })

  it('takes a leap second', () => {
    expect(isoOf('2016-12-31T23:59:60Z')).toBe('2017-01-01T00:00:00.000Z')
  })

  it('is none where there is a number, or nothing', () => {
    const bytes = Buffer.from('1795309200')
    expect([read(bytes, 0, bytes.length), read(bytes, -1, -1)]).toEqual([0, 0])
  })
})
