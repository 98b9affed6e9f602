import type { PolicyKind } from '../policies.ts'
import { MAX_CHARACTERS, WHITE_SPACE_COUNTS } from '../rules/rules.ts'

/** Characters of a document against the quota of its kind. */
export interface Size {
  readonly characters: number
  readonly limit: number
}

/** IAM does not count white space in managed and trust policies; Organizations counts what is sent. */
export function sizeOf(text: string, kind: PolicyKind): Size {
  const counted = WHITE_SPACE_COUNTS[kind] ? text.trim() : withoutSpace(text)
  return { characters: counted.length, limit: MAX_CHARACTERS[kind] }
}

/** White space outside of texts. */
const withoutSpace = (text: string): string => text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1')
