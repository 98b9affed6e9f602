import { type CharSet, type Node, RegexError } from './ast.ts'
import { writeSet } from './write.ts'

/** Steps before a search gives up; fancy-regex's own default is also a million. */
const MAX_STEPS = 1_000_000

/** Start and end of each group, by `2 · index`; -1 where a group took no part. */
export type Spans = readonly number[]

interface Machine {
  readonly text: string
  spans: number[]
  steps: number
}

type Continue = (at: number) => boolean
type Matcher = (machine: Machine, at: number, next: Continue) => boolean

/** An engine for what linear engines cannot do (looking around, back-references); it gives up after a million steps. */
export function backtracker(node: Node, groups: number): (text: string, from: number) => Spans | null {
  const matcher = compile(node)
  return (text, from) => {
    const machine: Machine = { text, spans: [], steps: 0 }
    for (let start = from; start <= text.length; start++) {
      machine.spans = new Array<number>(2 * groups + 2).fill(-1)
      const found = matcher(machine, start, (end) => {
        machine.spans[0] = start
        machine.spans[1] = end
        return true
      })
      if (found) return machine.spans
    }
    return null
  }
}

function step(machine: Machine): void {
  machine.steps += 1
  if (machine.steps > MAX_STEPS)
    throw new RegexError(`the search gave up after ${MAX_STEPS} steps; simplify the expression.`)
}

function compile(node: Node): Matcher {
  switch (node.kind) {
    case 'set':
      return setMatcher(node.set)
    case 'sequence':
      return node.items.map(compile).reduceRight<Matcher>(
        (rest, first) => (m, at, next) => first(m, at, (end) => rest(m, end, next)),
        (_, at, next) => next(at),
      )
    case 'choice': {
      const items = node.items.map(compile)
      return (m, at, next) => items.some((item) => item(m, at, next))
    }
    case 'repeat':
      return repeatMatcher(node)
    case 'group':
      return groupMatcher(node.index, compile(node.item))
    case 'atomic':
      return atomicMatcher(compile(node.item))
    case 'look':
      return node.behind ? lookBehind(node) : lookAhead(node)
    case 'anchor':
      return anchorMatcher(node.at)
    case 'backreference':
      return backMatcher(node.index, node.ignoreCase)
  }
}

function setMatcher(set: CharSet): Matcher {
  const test = setTest(set)
  return (m, at, next) => {
    step(m)
    const point = m.text.codePointAt(at)
    return point !== undefined && test(point) && next(at + (point > 0xffff ? 2 : 1))
  }
}

function setTest(set: CharSet): (point: number) => boolean {
  if (set.kind === 'ranges')
    return (p) => set.ranges.some(([from, to]) => p >= from && p <= to) !== set.negated
  const regex = new RegExp(`^${writeSet(set, 'js')}$`, 'v')
  return (p) => regex.test(String.fromCodePoint(p))
}

function repeatMatcher(node: Extract<Node, { kind: 'repeat' }>): Matcher {
  const item = compile(node.item)
  const run = (m: Machine, at: number, count: number, next: Continue): boolean => {
    step(m)
    const more = () =>
      count < node.max && item(m, at, (end) => (end > at || count < node.min) && run(m, end, count + 1, next))
    if (count < node.min) return more()
    return node.mode === 'lazy' ? next(at) || more() : more() || next(at)
  }
  const greedy: Matcher = (m, at, next) => run(m, at, 0, next)
  return node.mode === 'possessive' ? atomicMatcher(greedy) : greedy
}

function groupMatcher(index: number, item: Matcher): Matcher {
  return (m, at, next) => {
    const before = [m.spans[2 * index], m.spans[2 * index + 1]]
    const found = item(m, at, (end) => {
      const inner = [m.spans[2 * index], m.spans[2 * index + 1]]
      m.spans[2 * index] = at
      m.spans[2 * index + 1] = end
      if (next(end)) return true
      m.spans[2 * index] = inner[0] ?? -1
      m.spans[2 * index + 1] = inner[1] ?? -1
      return false
    })
    if (!found) {
      m.spans[2 * index] = before[0] ?? -1
      m.spans[2 * index + 1] = before[1] ?? -1
    }
    return found
  }
}

function atomicMatcher(item: Matcher): Matcher {
  return (m, at, next) => {
    let end = -1
    return (
      item(m, at, (e) => {
        end = e
        return true
      }) && next(end)
    )
  }
}

function lookAhead(node: Extract<Node, { kind: 'look' }>): Matcher {
  const item = compile(node.item)
  return (m, at, next) => item(m, at, () => true) !== node.negative && next(at)
}

function lookBehind(node: Extract<Node, { kind: 'look' }>): Matcher {
  const item = compile(node.item)
  return (m, at, next) => {
    let found = false
    for (let start = at; start >= 0 && !found; start--) found = item(m, start, (end) => end === at)
    return found !== node.negative && next(at)
  }
}

const isWord = (text: string, at: number): boolean =>
  at >= 0 && /[\p{L}\p{M}\p{Nd}\p{Nl}\p{Pc}]/u.test(text[at] ?? '')

function holds(at: string, text: string, i: number): boolean {
  switch (at) {
    case 'text_start':
      return i === 0
    case 'text_end':
      return i === text.length
    case 'line_start':
      return i === 0 || text[i - 1] === '\n'
    case 'line_end':
      return i === text.length || text[i] === '\n'
    default:
      return (isWord(text, i - 1) !== isWord(text, i)) === (at === 'word')
  }
}

const anchorMatcher =
  (anchor: string): Matcher =>
  (m, at, next) => {
    step(m)
    return holds(anchor, m.text, at) && next(at)
  }

function backMatcher(index: number, ignoreCase: boolean): Matcher {
  return (m, at, next) => {
    step(m)
    const from = m.spans[2 * index] ?? -1
    if (from < 0) return false
    const wanted = m.text.slice(from, m.spans[2 * index + 1])
    const found = m.text.slice(at, at + wanted.length)
    const same = ignoreCase ? found.toLowerCase() === wanted.toLowerCase() : found === wanted
    return same && next(at + wanted.length)
  }
}
