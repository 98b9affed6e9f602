import type { Truth } from '../truth.ts'
import { type Codes, compileGlob, STAR } from './glob.ts'

const [COLON, SLASH] = [58, 47]

/** Whether the pattern matches all, some or none of the ARNs that begin so and go on with some text without a colon. */
export function beginningMatch(codes: Codes, beginning: string): Truth {
  if (codes.at(-1) === STAR && compileGlob(codes)(beginning)) return 'yes'
  return openingsOf(codes).some((opening) => compileGlob(opening)(beginning)) ? 'unknown' : 'no'
}

/**
 * The beginnings of a pattern that a beginning of an ARN may match, so that what is left of the pattern can match a text
 * without colons. As ARNs are cut behind a `/` or `:`, only a wildcard or one of these can stand at the end.
 */
export function openingsOf(codes: Codes): readonly Codes[] {
  const openings: Codes[] = []
  for (let length = codes.lastIndexOf(COLON) + 1; length <= codes.length; length++) {
    const last = codes[length - 1]
    if (last === undefined || last === COLON || last === SLASH || last < 0)
      openings.push(codes.slice(0, length))
    // It takes whatever follows, so that longer ones match nothing more.
    if (last === STAR) break
  }
  return openings
}
