/**
 * Who gets the next free unit of a scarce quota. Start-time fair queueing (Goyal, Vin, Cheng 1996) between tenants,
 * first come first served inside a tenant, and earliest deadline first for work that would otherwise be late, which
 * may take at most every second unit. Pure: storage keeps the tags, the estimate of completion simulates the same rule.
 */
export interface Waiting {
  readonly id: string
  readonly tenantId: string
  /** Virtual time at which the tenant's share reaches this item. */
  readonly startTag: number
  /** Order of arrival; breaks ties. */
  readonly seq: number
  /** Milliseconds since 1970, or null. */
  readonly deadlineMs: number | null
  /** How long the unit will be held and how long the work goes on after it, in real milliseconds. */
  readonly expected: Expectation
}

export interface Expectation {
  readonly slotMs: number
  readonly slotSdMs: number
  readonly tailMs: number
  readonly tailSdMs: number
}

/** State of one quota between grants. */
export interface FairClock {
  /** The largest start tag served in turn: the present of the queue. Never runs backwards. */
  readonly virtualTime: number
  /** The last unit went to urgent work: the next one goes by turn. */
  readonly lastWasUrgent: boolean
}

export const newClock: FairClock = { virtualTime: 0, lastWasUrgent: false }

/** Tags of a tenant's next item. `weight` 2 gets twice the units of `weight` 1 while both wait. */
export function tagsOf(
  clock: FairClock,
  lastFinishTag: number | null,
  weight: number,
): { startTag: number; finishTag: number } {
  const startTag = Math.max(clock.virtualTime, lastFinishTag ?? 0)
  return { startTag, finishTag: startTag + 1 / weight }
}

/**
 * Work is urgent when its slack (time to the deadline less its own duration) is below its own duration: a later
 * start would leave no room for one repetition.
 */
export const isUrgent = (item: Waiting, nowMs: number): boolean =>
  item.deadlineMs !== null && item.deadlineMs - nowMs < 2 * (item.expected.slotMs + item.expected.tailMs)

export const byTurn = (a: Waiting, b: Waiting): number => a.startTag - b.startTag || a.seq - b.seq

export const byDeadline = (a: Waiting, b: Waiting): number =>
  (a.deadlineMs ?? Number.POSITIVE_INFINITY) - (b.deadlineMs ?? Number.POSITIVE_INFINITY) || byTurn(a, b)

/** The two that can be next: first by turn, and first by deadline. Storage finds both by an index. */
export interface Heads {
  readonly turn: Waiting | null
  readonly deadline: Waiting | null
}

export interface Choice {
  readonly item: Waiting
  /** Why it was chosen, shown to the centre. */
  readonly reason: 'turn' | 'deadline'
  readonly clock: FairClock
}

/** Chooses between the heads. Null only when nothing waits (the policy is work-conserving). */
export function choose(heads: Heads, clock: FairClock, nowMs: number): Choice | null {
  const urgent = heads.deadline
  if (urgent !== null && !clock.lastWasUrgent && urgent.id !== heads.turn?.id && isUrgent(urgent, nowMs))
    return { item: urgent, reason: 'deadline', clock: { ...clock, lastWasUrgent: true } }
  const next = heads.turn
  if (next === null) return null
  const virtualTime = Math.max(clock.virtualTime, next.startTag)
  return { item: next, reason: 'turn', clock: { virtualTime, lastWasUrgent: false } }
}

/** The naive way to the heads, over a whole list. */
export function headsOf(waiting: readonly Waiting[]): Heads {
  const first = (order: (a: Waiting, b: Waiting) => number, items: readonly Waiting[]) =>
    items.reduce<Waiting | null>((best, item) => (best === null || order(item, best) < 0 ? item : best), null)
  return {
    turn: first(byTurn, waiting),
    deadline: first(
      byDeadline,
      waiting.filter((item) => item.deadlineMs !== null),
    ),
  }
}
