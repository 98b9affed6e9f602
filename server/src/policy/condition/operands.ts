import { parseIp } from './ip.ts'

/** Values as the typed operators read them; `null` = not a value of that type. */

export function parseNumber(text: string): number | null {
  const trimmed = text.trim()
  return /^[+-]?(\d+(?:\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(trimmed) ? Number(trimmed) : null
}

// W3C's note on ISO 8601: year, month, day, then time with zone.
const ISO =
  /^(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[Tt ](\d{2}):(\d{2})(?::(\d{2})(\.\d+)?)?(Z|z|[+-]\d{2}:?\d{2})?)?)?)?$/

/**
 * Milliseconds since 1970 of an ISO 8601 date (without a zone: UTC) or of epoch seconds. Four digits alone are
 * a year, as in W3C's note that AWS refers to; epoch times of our days have ten digits (thirteen are milliseconds).
 */
export function parseDate(text: string): number | null {
  const trimmed = text.trim()
  if (/^\d{5,}(\.\d+)?$/.test(trimmed))
    return trimmed.length >= 13 && !trimmed.includes('.') ? Number(trimmed) : Number(trimmed) * 1000
  const match = ISO.exec(trimmed)
  if (match === null) return null
  const [
    ,
    year,
    month = '01',
    day = '01',
    hour = '00',
    minute = '00',
    second = '00',
    fraction = '',
    zone = 'Z',
  ] = match
  if (!isDay(Number(year), Number(month), Number(day))) return null
  const parsed = Date.parse(
    `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction.slice(0, 4)}${zoneOf(zone)}`,
  )
  return Number.isNaN(parsed) ? null : parsed
}

/** `Date.parse` takes the 30th of February for the 2nd of March. */
const isDay = (year: number, month: number, day: number): boolean =>
  day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate()

const zoneOf = (zone: string) =>
  /^[zZ]$/.test(zone) ? 'Z' : zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`

export function parseBool(text: string): boolean | null {
  const lower = text.trim().toLowerCase()
  return lower === 'true' ? true : lower === 'false' ? false : null
}

/** Base 64 in its one spelling, so that equal bytes are equal texts. */
export function parseBinary(text: string): string | null {
  const bare = text.replace(/(?<!=)=+$/, '')
  return /^[A-Za-z0-9+/]*$/.test(bare) && bare.length % 4 !== 1 ? bare : null
}

export const isIpRange = (text: string): boolean => parseIp(text) !== null
