/** A whole number from 1 to the highest, as a person types it; null for anything else. */
export function limitOf(text: string, highest: number): number | null {
  const limit = /^\d{1,9}$/.test(text.trim()) ? Number(text) : 0
  return limit >= 1 && limit <= highest ? limit : null
}
