/** More letters than this are no slip: another word is meant. */
const MOST_EDITS = 3

/** The candidate that a misspelt word most probably meant, or `null` when none is close. */
export function nearest(word: string, candidates: Iterable<string>): string | null {
  const lower = word.toLowerCase()
  const limit = Math.min(MOST_EDITS, Math.max(1, Math.floor(word.length / 3)))
  let best: string | null = null
  let bestDistance = limit + 1
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue
    const distance = editDistance(lower, candidate.toLowerCase(), bestDistance)
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance]
  }
  return best
}

/** Levenshtein, given up once it reaches `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    if (Math.min(...next) >= limit) return limit
    row = next
  }
  return row[b.length] ?? limit
}

/** `Did you mean …?`, or what else there is to say. */
export function didYouMean(
  word: string,
  candidates: Iterable<string>,
  otherwise: string | null = null,
): string | null {
  const found = nearest(word, candidates)
  return found === null ? otherwise : `Did you mean \`${found}\`?`
}
