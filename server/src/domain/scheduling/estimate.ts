import { byDeadline, byTurn, choose, type Expectation, type FairClock, type Waiting } from './fair.ts'

/** A unit that is held now. */
export interface InService {
  readonly id: string
  readonly sinceMs: number
  readonly expected: Expectation
}

export interface QueueSnapshot {
  readonly nowMs: number
  /** Units of the quota. */
  readonly limit: number
  readonly clock: FairClock
  readonly inService: readonly InService[]
  readonly waiting: readonly Waiting[]
}

/** Milliseconds since 1970. `p90Ms`: done by then in nine of ten cases, if durations stay as they were. */
export interface Estimate {
  readonly startMs: number
  readonly doneMs: number
  readonly p90Ms: number
}

const Z90 = 1.2816 // 90th percentile of the standard normal distribution
/** Work that already took longer than expected will take a little longer still. */
const OVERDUE_SHARE = 0.1

interface Unit {
  freeMs: number
  variance: number
}

/**
 * When each piece of work starts and is done, by letting the real policy run over the real queue with durations as
 * they were observed. O(n log n) for n waiting. What arrives later is not foreseen.
 */
export function estimate(queue: QueueSnapshot): ReadonlyMap<string, Estimate> {
  const result = new Map<string, Estimate>()
  const units: Unit[] = []
  for (const held of queue.inService) {
    const freeMs = queue.nowMs + remaining(held, queue.nowMs)
    const variance = held.expected.slotSdMs ** 2
    units.push({ freeMs, variance })
    result.set(held.id, finish(held.sinceMs, freeMs, variance, held.expected))
  }
  while (units.length < queue.limit) units.push({ freeMs: queue.nowMs, variance: 0 })
  units.sort((a, b) => a.freeMs - b.freeMs)
  // More held than the limit allows (it was lowered): the surplus units are not filled again.
  serve(queue, units.slice(Math.max(0, units.length - Math.max(queue.limit, 1))), result)
  return result
}

function serve(queue: QueueSnapshot, units: Unit[], result: Map<string, Estimate>): void {
  const next = takeInOrder(queue)
  for (;;) {
    const unit = units.reduce((a, b) => (b.freeMs < a.freeMs ? b : a))
    const item = next(unit.freeMs)
    if (item === null) return
    const startMs = unit.freeMs
    unit.freeMs += item.expected.slotMs
    unit.variance += item.expected.slotSdMs ** 2
    result.set(item.id, finish(startMs, unit.freeMs, unit.variance, item.expected))
  }
}

const finish = (startMs: number, freeMs: number, variance: number, expected: Expectation): Estimate => {
  const doneMs = freeMs + expected.tailMs
  return { startMs, doneMs, p90Ms: doneMs + Z90 * Math.sqrt(variance + expected.tailSdMs ** 2) }
}

function remaining(held: InService, nowMs: number): number {
  const { slotMs } = held.expected
  return Math.max(slotMs - (nowMs - held.sinceMs), slotMs * OVERDUE_SHARE)
}

/** The policy over two sorted lists, so that each choice costs O(1) amortised. */
function takeInOrder(queue: QueueSnapshot): (nowMs: number) => Waiting | null {
  const turns = [...queue.waiting].sort(byTurn)
  const deadlines = queue.waiting.filter((item) => item.deadlineMs !== null).sort(byDeadline)
  const taken = new Set<string>()
  let clock = queue.clock
  let turn = 0
  let deadline = 0
  const skip = (items: readonly Waiting[], from: number) => {
    let at = from
    for (let item = items[at]; item !== undefined && taken.has(item.id); item = items[at]) at++
    return at
  }
  return (nowMs) => {
    turn = skip(turns, turn)
    deadline = skip(deadlines, deadline)
    const choice = choose({ turn: turns[turn] ?? null, deadline: deadlines[deadline] ?? null }, clock, nowMs)
    if (choice === null) return null
    taken.add(choice.item.id)
    clock = choice.clock
    return choice.item
  }
}
