/** `"2026-11-22T` */
const DATE_LENGTH = 12
const [QUOTE, HYPHEN, COLON, ZERO, T, Z] = [34, 45, 58, 48, 84, 90]

/** Two digits at `p`, or 100: more than any part of a time. */
function two(bytes: Uint8Array, p: number): number {
  const tens = (bytes[p] as number) - ZERO
  const ones = (bytes[p + 1] as number) - ZERO
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : 100
}

/**
 * Seconds since 1970 of `"2026-11-22T01:02:03Z"` in bytes `[start, end)` with its quotes; 0 when it is no time. Days that
 * are in no calendar are no time, nor is 1970's first. A second 60 is the next minute's first one.
 */
export function timeReader() {
  const lastDate = new Uint8Array(DATE_LENGTH)
  let lastSeconds = 0
  const isLastDate = (bytes: Uint8Array, start: number): boolean => {
    for (let i = DATE_LENGTH - 1; i >= 0; i--) if (bytes[start + i] !== lastDate[i]) return false
    return true
  }
  return (bytes: Uint8Array, start: number, end: number): number => {
    if (end - start !== 22 || bytes[start + 20] !== Z) return slow(bytes, start, end)
    if (!isLastDate(bytes, start)) {
      const at = secondsOfDate(bytes, start)
      if (at === 0) return slow(bytes, start, end)
      lastDate.set(bytes.subarray(start, start + DATE_LENGTH))
      lastSeconds = at
    }
    const hours = two(bytes, start + 12)
    const minutes = two(bytes, start + 15)
    const seconds = two(bytes, start + 18)
    const isTime = hours < 24 && minutes < 60 && seconds < 61
    if (!isTime || bytes[start + 14] !== COLON || bytes[start + 17] !== COLON) return slow(bytes, start, end)
    return lastSeconds + hours * 3600 + minutes * 60 + seconds
  }
}

/** Seconds of the midnight of `"2026-11-22T`, or 0. */
function secondsOfDate(bytes: Uint8Array, start: number): number {
  const marks = bytes[start] === QUOTE && bytes[start + 5] === HYPHEN && bytes[start + 8] === HYPHEN
  if (!marks || bytes[start + 11] !== T) return 0
  const [century, year] = [two(bytes, start + 1), two(bytes, start + 3)]
  return century < 100 && year < 100
    ? midnight(century * 100 + year, two(bytes, start + 6), two(bytes, start + 9))
    : 0
}

/** Seconds since 1970, or 0 for a day that is in no calendar or does not fit 32 bits. */
function midnight(year: number, month: number, date: number): number {
  const at = new Date(Date.UTC(year, month - 1, date))
  const isDay = at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === date
  const seconds = at.getTime() / 1000
  return isDay && seconds > 0 && seconds < 4_294_000_000 ? seconds : 0
}

/** As exports write times: a space for the T, fractions, `UTC`, or an offset. Without any of these it is UTC: CloudTrail's own. */
const TIME = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?: ?(?:Z|UTC|([+-])(\d\d):?(\d\d)))?$/

function slow(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] !== QUOTE) return 0
  const text = JSON.parse(Buffer.from(bytes.subarray(start, end)).toString('utf8')) as string
  const found = TIME.exec(text)
  if (found === null) return 0
  const [year = 0, month = 0, date = 0, hours = 0, minutes = 0, seconds = 0] = found.slice(1, 7).map(Number)
  const day = midnight(year, month, date)
  if (day === 0 || hours > 23 || minutes > 59 || seconds > 60) return 0
  const at = day + hours * 3600 + minutes * 60 + seconds - offsetOf(found[7], found[8], found[9])
  return at > 0 ? at : 0
}

const offsetOf = (sign = '+', hours = '0', minutes = '0'): number =>
  (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60)
