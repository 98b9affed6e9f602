import { AwsError } from './contract.ts'

export type TimestampFormat = 'iso8601' | 'unixTimestamp' | 'rfc822'

/** Seconds (number or numeric text) or a date text, as milliseconds since 1970. */
export function timestampIn(value: unknown, at: string): number {
  const ms =
    typeof value === 'number'
      ? Math.round(value * 1000)
      : typeof value === 'string'
        ? /^-?\d+(\.\d+)?$/.test(value)
          ? Math.round(Number(value) * 1000)
          : Date.parse(value)
        : Number.NaN
  if (!Number.isFinite(ms))
    throw new AwsError('SerializationException', `The value of \`${at}\` is no timestamp.`)
  return ms
}

/** From milliseconds or ISO text (what handlers return). */
export function timestampOut(value: unknown, format: TimestampFormat): number | string {
  const ms = typeof value === 'number' ? value : Date.parse(String(value))
  if (!Number.isFinite(ms)) throw new TypeError(`\`${String(value)}\` is no timestamp.`)
  if (format === 'unixTimestamp') return ms / 1000
  if (format === 'rfc822') return new Date(ms).toUTCString()
  return new Date(ms).toISOString().replace('.000Z', 'Z')
}
