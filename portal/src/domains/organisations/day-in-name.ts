/** `20211101-localgovjp.csv` and `2021-11-01.csv` name their day. */
export function dayInName(name: string): string | null {
  const match = /(20\d\d)[-_]?([01]\d)[-_]?([0-3]\d)/.exec(name)
  if (match === null) return null
  const day = `${match[1]}-${match[2]}-${match[3]}`
  const at = new Date(`${day}T00:00:00Z`)
  return Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== day ? null : day
}
