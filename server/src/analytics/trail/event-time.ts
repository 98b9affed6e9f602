/** Seconds since 1970 of `"2026-11-22T01:02:03Z"` in bytes `[start, end)` with its quotes; 0 when it is no time. */
export function timeReader() {
  let lastDay = -1
  let lastSeconds = 0
  const digits = (bytes: Uint8Array, p: number, n: number) => {
    let value = 0
    for (let i = 0; i < n; i++) value = value * 10 + (bytes[p + i] as number) - 48
    return value
  }
  return (bytes: Uint8Array, start: number, end: number): number => {
    if (end - start !== 22 || bytes[start + 20] !== 90) return slow(bytes, start, end)
    const year = digits(bytes, start + 1, 4)
    const month = digits(bytes, start + 6, 2)
    const date = digits(bytes, start + 9, 2)
    const seconds =
      digits(bytes, start + 12, 2) * 3600 + digits(bytes, start + 15, 2) * 60 + digits(bytes, start + 18, 2)
    if (!(seconds >= 0 && seconds < 86_401)) return slow(bytes, start, end)
    const day = year * 512 + month * 32 + date
    if (day !== lastDay) {
      const at = Date.UTC(year, month - 1, date) / 1000
      if (!(at >= 0 && at < 4_294_000_000)) return slow(bytes, start, end)
      lastDay = day
      lastSeconds = at
    }
    return lastSeconds + seconds
  }
}

function slow(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] !== 34) return 0
  const text = JSON.parse(Buffer.from(bytes.subarray(start, end)).toString('utf8')) as string
  const at = Date.parse(text.replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)$/, '$1T$2Z'))
  return at > 0 && at < 4_294_000_000_000 ? Math.floor(at / 1000) : 0
}
