import type { CallReader } from '../../policy/trail/call.ts'
import type { SkipReason } from '../../policy/trail/facts.ts'
import { type CallMemory, NOT_CUT, UNTAUGHT } from './call-memory.ts'
import { type CallTexts, callTexts } from './call-texts.ts'
import type { Head, Slices } from './dimensions.ts'
import { filled, type Pattern, patternOf, type Words } from './pattern-texts.ts'

/** What a call asks, in numbers. */
export interface CallNumbers {
  readonly skip: SkipReason | null
  /** Kind, action, resource and context of each of `count` checks; until the next call is read. */
  readonly checks: Int32Array
  readonly count: number
}

/** The first call of a pattern, until a second one is met. */
interface First {
  readonly kind: 'met'
  readonly texts: CallTexts
  readonly words: Words
}

/** What of a pattern is known here. */
type Known =
  | First
  | { readonly kind: 'taught' }
  | { readonly kind: 'skipped'; readonly reason: SkipReason }
  /** The words in its holes decide more than themselves. */
  | { readonly kind: 'unfit' }

/** Beyond either of them all patterns begin anew: bytes of patterns in the module, and how many wait here for a second call. */
const [MAX_BYTES, MAX_MET] = [16 * 1024 * 1024, 8192]

/**
 * Maps calls that were never seen. Most of them are like one that was, but for ids and the account: what the mapping says of one with
 * other words in their places is filled with theirs. The mapping is asked for the first call of a pattern, once more for the second
 * with markers for its words, and for each call that can have no pattern.
 */
export function callMapper(reader: CallReader, memory: CallMemory) {
  const kinds = new Map<string, number>()
  let nextKind = 0
  let patterns: (Known | undefined)[] = []
  let met = 0
  let checks = new Int32Array(64)

  const numbersOf = ({ skip, checks: texts }: CallTexts): CallNumbers => {
    if (checks.length < 4 * texts.length) checks = new Int32Array(8 * texts.length)
    texts.forEach(({ kind, action, resource, context }, i) => {
      checks[4 * i] = kind
      checks[4 * i + 1] = memory.numberOf('action', action)
      checks[4 * i + 2] = memory.numberOf('resource', resource)
      checks[4 * i + 3] = memory.numberOf('context', context)
    })
    return { skip, checks, count: texts.length }
  }

  /** Kinds that are in use keep their numbers, which nothing else ever gets. */
  const forget = (): void => {
    if (memory.bytesOfPatterns() < MAX_BYTES && met < MAX_MET) return
    memory.forgetPatterns()
    kinds.clear()
    patterns = []
    met = 0
  }

  /** What is known of a pattern after its second call. What does not give the same for the first one is not used. */
  const learnt = (number: number, first: First, made: Pattern | null): Known => {
    if (made === null) return { kind: 'unfit' }
    if (made.kind === 'skipped') return made.reason === first.texts.skip ? made : { kind: 'unfit' }
    if (JSON.stringify(filled(made.checks, first.words)) !== JSON.stringify(first.texts))
      return { kind: 'unfit' }
    memory.teach(number, made.checks)
    return { kind: 'taught' }
  }

  return {
    /** Number of the events of one name and region, whose patterns are looked up together; `null` when they can have none. */
    kindOf({ source, name, region, recipient, skip, needsParameters }: Head): number | null {
      if (skip !== null || !needsParameters || !/^\d{12}$/.test(recipient) || LIKE_A_HOLE.test(region))
        return null
      const text = `${source} ${name} ${region}`
      const known = kinds.get(text)
      if (known !== undefined) return known
      kinds.set(text, nextKind)
      return nextKind++
    },
    /** What the record at hand asks. `kind`: of its head; its account is the one in the record. */
    read(from: Slices, head: Head, account: string, kind: number | null): CallNumbers {
      const asked = () => callTexts(from, head, account, reader)
      const found = kind === null ? NOT_CUT : memory.read(kind)
      if (found >= 0) return { skip: null, checks: memory.checks(), count: found }
      if (kind === null || found === NOT_CUT) return numbersOf(asked())
      const number = UNTAUGHT - found
      const known = patterns[number]
      if (known === undefined) {
        const texts = asked()
        patterns[number] = { kind: 'met', texts, words: { ofHoles: memory.cut().words, account } }
        met++
        forget()
        return numbersOf(texts)
      }
      if (known.kind === 'skipped') return { skip: known.reason, checks, count: 0 }
      if (known.kind === 'unfit') return numbersOf(asked())
      if (known.kind === 'met') {
        patterns[number] = learnt(number, known, patternOf(from, head, memory.cut(), reader))
        met--
      }
      return this.read(from, head, account, kind)
    },
  }
}

const LIKE_A_HOLE = /[0-9a-f]{5}/
