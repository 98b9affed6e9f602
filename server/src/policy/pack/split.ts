import type { PatternElement } from '../policies.ts'
import type { Piece } from './piece.ts'
import { documentText, statementJson } from './write.ts'

export interface Written {
  readonly piece: Piece
  readonly json: string
}

export const written = (piece: Piece): Written => ({ piece, json: JSON.stringify(statementJson(piece)) })

/** A statement that fits into no document, in parts that do: a list of actions or of resources may be cut anywhere. */
export function fitting(piece: Piece, limit: number): readonly Written[] {
  const whole = written(piece)
  if (documentText([whole.json], piece.version).length <= limit) return [whole]
  const halves = halvesOf(piece)
  return halves === null ? [whole] : halves.flatMap((half) => fitting(half, limit))
}

function halvesOf(piece: Piece): readonly Piece[] | null {
  const actions = halved(piece.action)
  if (actions !== null) return actions.map((action) => ({ ...piece, action }))
  const resources = piece.resource === null ? null : halved(piece.resource)
  return resources === null ? null : resources.map((resource) => ({ ...piece, resource }))
}

function halved(element: PatternElement): readonly PatternElement[] | null {
  if (element.negated || element.patterns.length < 2) return null
  const middle = Math.ceil(element.patterns.length / 2)
  return [element.patterns.slice(0, middle), element.patterns.slice(middle)].map((patterns) => ({
    ...element,
    patterns,
  }))
}

/** Steps of the search for fewer documents than the simple rule finds. */
const STEPS = 50_000
/** It goes one call deeper for each statement, and a stack has an end. */
const MAX_ITEMS = 1_000

/** Statements over as few documents as a bounded search finds; the order depends on the statements alone. */
export function binned(items: readonly Written[], limit: number): readonly (readonly Written[])[] {
  const versions = [...new Set(items.map(({ piece }) => piece.version))].sort()
  return versions.flatMap((version) => {
    const own = items.filter(({ piece }) => piece.version === version)
    return fewest(
      own.sort((a, b) => b.json.length - a.json.length || (a.json < b.json ? -1 : 1)),
      limit,
    )
  })
}

const EMPTY = documentText([], '2012-10-17').length
/** A statement and the comma behind it; the last has none. */
const sizeOf = ({ json }: Written): number => json.length + 1
const capacity = (limit: number): number => limit - EMPTY + 1

function fewest(items: readonly Written[], limit: number): readonly (readonly Written[])[] {
  const room = capacity(limit)
  let best = firstFit(items, room)
  const least = Math.ceil(items.reduce((sum, item) => sum + sizeOf(item), 0) / room)
  const budget = { steps: STEPS }
  while (best.length > least && budget.steps > 0 && items.length <= MAX_ITEMS) {
    const better = into(
      items,
      0,
      Array.from({ length: best.length - 1 }, () => []),
      room,
      budget,
    )
    if (better === null) return best
    best = better
  }
  return best
}

interface Bin {
  readonly items: Written[]
  left: number
}

function firstFit(items: readonly Written[], room: number): readonly (readonly Written[])[] {
  const bins: Bin[] = []
  for (const item of items) {
    const bin = bins.find(({ left }) => left >= sizeOf(item))
    if (bin === undefined) bins.push({ items: [item], left: room - sizeOf(item) })
    else {
      bin.items.push(item)
      bin.left -= sizeOf(item)
    }
  }
  return bins.map((bin) => bin.items)
}

/** Places the items from `at` on into so many documents, or `null`. */
function into(
  items: readonly Written[],
  at: number,
  bins: readonly (readonly Written[])[],
  room: number,
  budget: { steps: number },
): readonly (readonly Written[])[] | null {
  const item = items[at]
  if (item === undefined) return bins
  const tried = new Set<number>()
  for (let i = 0; i < bins.length; i++) {
    const used = (bins[i] ?? []).reduce((sum, one) => sum + sizeOf(one), 0)
    if (used + sizeOf(item) > room || tried.has(used)) continue
    tried.add(used)
    if (budget.steps-- <= 0) return null
    const found = into(
      items,
      at + 1,
      bins.map((bin, j) => (j === i ? [...bin, item] : bin)),
      room,
      budget,
    )
    if (found !== null) return found
  }
  return null
}
