import { codesOf, patternCodes } from '../../policy/compile/glob.ts'
import { compileTemplate } from '../../policy/compile/template.ts'
import { OPERATORS } from '../../policy/condition/operators.ts'
import type { ConditionElement, Policy } from '../../policy/policies.ts'
import type { TextsReader } from '../trail/texts.ts'
import { ASCII, automatonOf } from './arns.ts'
import type { AtomRow } from './atoms.ts'

/** Which patterns the only value of an entry matches, as a number; -1 where the entry must be read. */
export type EntryWalk = (reader: TextsReader, code: number, length: number) => number

const [OPEN, QUOTE, CLOSE, BACKSLASH] = [91, 34, 93, 92]

/**
 * Most values are one plain text, of which conditions on texts ask nothing but which of their patterns it matches: all of
 * them are one automaton, which reads the bytes as they lie, and most of them only as far as the first letters.
 * `null`: some condition asks something else.
 */
export function entryWalk(row: AtomRow, key: string): EntryWalk | null {
  if (row.together.length > 0) return null
  const patterns = new Map<string, readonly number[]>()
  for (const { policy, statement } of row.statements)
    for (const condition of statement.conditions) {
      if (condition.key.toLowerCase() !== key) continue
      const codes = patternsOf(condition, policy.version)
      if (codes === null) return null
      for (const one of codes) patterns.set(one.join(), one)
    }
  const { start, step, isFinal, matchesOf, isFull } = automatonOf([...patterns.values()])
  return (reader, code, length) => {
    reader.load(code)
    const bytes = reader.buffer()
    const end = length - 2
    if (
      end < 2 ||
      bytes[0] !== OPEN ||
      bytes[1] !== QUOTE ||
      bytes[end] !== QUOTE ||
      bytes[end + 1] !== CLOSE
    )
      return -1
    let state = start
    let open = !isFinal(state)
    for (let at = 2; at < end; at++) {
      const byte = bytes[at] as number
      if (byte === QUOTE || byte === BACKSLASH || byte >= ASCII) return -1
      if (!open) continue
      if (isFull()) return -1
      state = step(state, byte)
      open = !isFinal(state)
    }
    return matchesOf(state)
  }
}

function patternsOf(
  { operator, values }: ConditionElement,
  version: Policy['version'],
): readonly (readonly number[])[] | null {
  if (operator.name === 'Null') return []
  const { type } = OPERATORS[operator.name]
  const isText = type === 'pattern' || (type === 'string' && !operator.name.endsWith('IgnoreCase'))
  if (!isText || (version === '2012-10-17' && values.some((value) => compileTemplate(value) !== null)))
    return null
  return values.map(type === 'pattern' ? patternCodes : codesOf)
}
