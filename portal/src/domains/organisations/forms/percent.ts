/** Per cent as people write them (`33.3`, `100`) as basis points; null when it is no such number. */
export function basisPointsOf(text: string): number | null {
  const match = /^(\d{1,3})(?:\.(\d{1,2}))?$/.exec(text.trim())
  if (match === null) return null
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'))
}

/** Basis points as the text of a field: 2550 → `25.5`. */
export const percentText = (basisPoints: number): string => String(basisPoints / 100)

/** Basis points as per cent, without floating point: 2500 → 25.00 %. */
export const percent = (basisPoints: number): string =>
  `${Math.trunc(basisPoints / 100)}.${String(basisPoints % 100).padStart(2, '0')} %`
