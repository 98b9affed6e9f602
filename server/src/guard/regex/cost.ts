import type { Node } from './ast.ts'

/**
 * How many ways a backtracking engine may have to try an expression on a text, at most: `ways · length ^ stars`.
 * Null when no such bound is known: a repeated group may be entered in exponentially many ways.
 */
export interface Cost {
  readonly ways: number
  readonly stars: number
}

const ONE: Cost = { ways: 1, stars: 0 }

export function costOf(node: Node): Cost | null {
  switch (node.kind) {
    case 'set':
    case 'anchor':
      return ONE
    case 'sequence':
      return node.items.map(costOf).reduce(times, ONE)
    case 'choice':
      return node.items.map(costOf).reduce(plus, { ways: 0, stars: 0 })
    case 'group':
      return costOf(node.item)
    case 'repeat':
      return repeatCost(node)
    default:
      return null
  }
}

const times = (a: Cost | null, b: Cost | null): Cost | null =>
  a === null || b === null ? null : { ways: a.ways * b.ways, stars: a.stars + b.stars }

const plus = (a: Cost | null, b: Cost | null): Cost | null =>
  a === null || b === null ? null : { ways: a.ways + b.ways, stars: Math.max(a.stars, b.stars) }

function repeatCost(node: Extract<Node, { kind: 'repeat' }>): Cost | null {
  const inner = costOf(node.item)
  if (inner === null || node.mode === 'possessive') return null
  const single = node.item.kind === 'set'
  if (node.max === Infinity) return single ? { ways: node.min + 1, stars: 1 } : null
  if (single) return { ways: node.max - node.min + 1, stars: 0 }
  return inner.stars === 0 && node.max * Math.log2(Math.max(2, inner.ways)) < 20
    ? { ways: (node.max - node.min + 1) * inner.ways ** node.max, stars: 0 }
    : node.max <= 1
      ? { ways: inner.ways + 1, stars: inner.stars }
      : null
}
