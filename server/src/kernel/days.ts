/** A calendar day `YYYY-MM-DD` without time or zone; the register is effective-dated by day in Japan. */
export type Day = string

const JST_OFFSET_MS = 9 * 3_600_000

/** The day in Japan (UTC+9, no daylight saving) at that instant. */
export const dayInJapan = (at: Date): Day => new Date(at.getTime() + JST_OFFSET_MS).toISOString().slice(0, 10)

export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const at = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text
}

export const addDays = (day: Day, n: number): Day =>
  new Date(Date.parse(`${day}T00:00:00Z`) + n * 86_400_000).toISOString().slice(0, 10)
