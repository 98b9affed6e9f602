import { complement, idOf, type PatternSet } from '../sets/pattern-set.ts'
import type { Box } from './fragment.ts'

/**
 * Boxes that differ in their actions alone, as one: the union of the same product. A search over sixty statements that deny
 * one action each would otherwise branch sixty times.
 */
export function joinedBoxes(boxes: readonly Box[]): readonly Box[] {
  const groups = new Map<string, Box>()
  const alone: Box[] = []
  for (const box of boxes) {
    if (box.action.negated) alone.push(box)
    else {
      const other = groups.get(keyOf(box))
      groups.set(keyOf(box), other === undefined ? box : join(other, box))
    }
  }
  return [...groups.values(), ...alone]
}

const keyOf = ({ resource, principals, asks, opaque }: Box): string =>
  JSON.stringify([idOf(resource), [...principals], asks.map(({ id }) => id).sort(), [...opaque].sort()])

function join(a: Box, b: Box): Box {
  const action: PatternSet = { ...a.action, patterns: [...a.action.patterns, ...b.action.patterns] }
  return { ...a, action, notAction: complement(action), joined: [...a.joined, b] }
}
