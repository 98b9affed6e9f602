import { RankanError } from '../kernel/errors.ts'

const WHERE_AT_MOST = 100

/**
 * Refuses text that no database column takes: U+0000, and halves of surrogate pairs. JSON and percent-encoding can say
 * both, and without this each would be an error of ours, told in the words of PostgreSQL.
 * @param where `params`, `query` or `body`: the beginning of the path that is told
 */
export function refuseUnstorable(value: unknown, where: string): void {
  const path = unstorable(value, [where])
  if (path === null) return
  const message = 'The text has a character that cannot be kept: U+0000, or half of a surrogate pair.'
  throw new RankanError('invalid', 'text_not_storable', message, {
    issues: [{ path, message, code: 'text_not_storable' }],
  })
}

/** With the flag, whole pairs are one character and do not match. */
const LONE_HALF = /\p{Surrogate}/u

type Path = readonly (string | number)[]

/** The path of the first text that cannot be kept. JSON is parsed already, so it is a tree; deep ones are walked without recursion. */
function unstorable(root: unknown, at: Path): Path | null {
  const open: (readonly [unknown, Path])[] = [[root, at]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [value, path] = next
    if (typeof value === 'string' && !storable(value)) return path
    if (typeof value !== 'object' || value === null) continue
    for (const [key, one] of Object.entries(value)) {
      if (!storable(key)) return path
      open.push([one, below(path, Array.isArray(value) ? Number(key) : key)])
    }
  }
  return null
}

/** A body of brackets only must not cost the square of its length. */
const below = (path: Path, key: string | number): Path =>
  path.length < WHERE_AT_MOST ? [...path, key] : path

const storable = (text: string): boolean => !text.includes('\u0000') && !LONE_HALF.test(text)
