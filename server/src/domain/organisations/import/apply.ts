import type { Day } from '../../../kernel/days.ts'
import { conflict, invalid, invariant } from '../../../kernel/errors.ts'
import { sameName } from '../fold.ts'
import { changeFrom, correct, endOn, type OrganisationFacts, precede, type Timeline } from '../timeline.ts'
import { type ImportPlan, type PlanItem, unconfirmed } from './plan.ts'

/** A body's end and who took over, for the page of either. */
export interface Succession {
  readonly predecessorId: string
  readonly successorId: string
  readonly day: Day
  readonly change: 'merged_into'
  readonly source: string | null
}

export interface PlanWrites {
  /** Ids of organisations that the plan makes. */
  readonly created: readonly string[]
  /** The whole new timeline of every organisation that is touched. */
  readonly timelines: ReadonlyMap<string, Timeline>
  readonly successions: readonly Succession[]
  /** Who has which code after the plan: parents are found by it. */
  readonly idOfCode: ReadonlyMap<string, string>
}

/**
 * What applying exactly this plan writes. `timelines` holds the present timelines of the organisations that the plan
 * names; `newId` makes an id. Throws `invalid` when something waits for confirmation or a successor is missing.
 */
export function planWrites(
  plan: ImportPlan,
  timelines: ReadonlyMap<string, Timeline>,
  idOfCode: ReadonlyMap<string, string>,
  newId: () => string,
): PlanWrites {
  refuseUnconfirmed(plan)
  const items = plan.items.filter((item) => item.state === 'included')
  const ids = new Map(idOfCode)
  const next = new Map<string, Timeline>()
  const created: string[] = []
  for (const item of items.filter((i) => i.change === 'new')) {
    const id = newId()
    created.push(id)
    invariant(item.after !== null && item.effective !== null, `item ${item.key} makes nothing`)
    ids.set(item.after.code, id)
    next.set(id, opened(item.after, item.effective, item.history))
  }
  for (const item of items.filter((i) => i.change !== 'new')) {
    const id = item.organisationId ?? ids.get(item.before?.code ?? '')
    if (id === undefined)
      throw conflict(
        'register_moved',
        `The organisation of item \`${item.key}\` is not in the register any more. Make a new plan.`,
      )
    next.set(id, changed(item, next.get(id) ?? timelines.get(id) ?? []))
    if (item.after !== null) ids.set(item.after.code, id)
  }
  return { created, timelines: next, successions: successions(items, ids), idOfCode: ids }
}

function refuseUnconfirmed(plan: ImportPlan): void {
  const open = unconfirmed(plan)
  if (open.length === 0) return
  throw invalid(
    'plan_not_confirmed',
    `${open.length} item(s) of the plan wait for a decision: accept or skip ${open
      .slice(0, 5)
      .map((i) => `\`${i.key}\``)
      .join(', ')}${open.length > 5 ? ' …' : ''}.`,
    open.map((item) => ({
      path: [item.key],
      code: 'not_confirmed',
      message: `Accept or skip \`${item.key}\`.`,
    })),
  )
}

function opened(facts: OrganisationFacts, day: Day, history: PlanItem['history']): Timeline {
  const timeline: Timeline = [{ from: day, to: null, facts }]
  return history === null ? timeline : precede(timeline, history.until, history.facts)
}

function changed(item: PlanItem, timeline: Timeline): Timeline {
  const { before, after, effective } = item
  if (item.change === 'merged_into' || item.change === 'gone') {
    invariant(effective !== null, `item ${item.key} has no day`)
    return endOn(timeline, effective)
  }
  invariant(before !== null && after !== null, `item ${item.key} has no before and after`)
  if (effective !== null) return changeFrom(timeline, effective, after)
  return correct(timeline, (facts) => facts.code === before.code && sameName(facts.nameJa, before.nameJa), {
    nameJa: after.nameJa,
    nameEn: after.nameEn,
    kana: after.kana,
  })
}

function successions(items: readonly PlanItem[], ids: ReadonlyMap<string, string>): readonly Succession[] {
  return items.flatMap((item) => {
    if (item.change !== 'merged_into' || item.successorCode === null || item.effective === null) return []
    const predecessorId = item.organisationId ?? ids.get(item.before?.code ?? '')
    const successorId = ids.get(item.successorCode)
    if (successorId === undefined || predecessorId === undefined)
      throw invalid(
        'successor_missing',
        `The successor \`${item.successorCode}\` of \`${item.before?.nameJa ?? item.key}\` is neither in the register nor in the plan. Name another successor, or skip the item.`,
      )
    return [
      {
        predecessorId,
        successorId,
        day: item.effective,
        change: 'merged_into' as const,
        source: item.source,
      },
    ]
  })
}
