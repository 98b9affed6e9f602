import type { AttentionItem } from '../organisations/view.ts'
import type { EscalationTimes } from './times.ts'

/** What is known of a thing that needed attention at the last sweep. */
export interface Escalation {
  readonly key: string
  readonly ownerToldAt: Date | null
  readonly centreToldAt: Date | null
}

/** What a sweep does about one thing. */
export type Step =
  | { readonly do: 'open'; readonly item: AttentionItem }
  | { readonly do: 'tell_owner'; readonly item: AttentionItem }
  | { readonly do: 'tell_centre'; readonly item: AttentionItem }
  | { readonly do: 'resolve'; readonly key: string }

const DAY_MS = 86_400_000

/** Whether the centre is due for an item whose owner was told then (null: there was nobody to tell). */
function centreIsDue(
  item: AttentionItem,
  ownerToldAt: Date | null,
  now: Date,
  times: EscalationTimes,
): boolean {
  const days = times.centreAfterDays[item.kind]
  if (days === null || ownerToldAt === null) return true
  return now.getTime() - ownerToldAt.getTime() >= days * DAY_MS
}

/**
 * The owner first, then, when nothing has happened for so many days, the centre; the centre at once where there is
 * no owner. A thing that is put right is over. Deciding twice on the same facts decides nothing new.
 */
export function decideEscalations(
  items: readonly AttentionItem[],
  open: readonly Escalation[],
  /** Organisations that have an owner today, by id. */
  owned: ReadonlySet<string>,
  now: Date,
  times: EscalationTimes,
): readonly Step[] {
  const known = new Map(open.map((one) => [one.key, one]))
  const found = new Map(items.map((item) => [item.key, item]))
  const steps = [...found.values()].flatMap((item) => stepsOf(item, known.get(item.key), owned, now, times))
  const over = open.filter((one) => !found.has(one.key)).map((one): Step => ({ do: 'resolve', key: one.key }))
  return [...steps, ...over]
}

function stepsOf(
  item: AttentionItem,
  before: Escalation | undefined,
  owned: ReadonlySet<string>,
  now: Date,
  times: EscalationTimes,
): readonly Step[] {
  const steps: Step[] = before === undefined ? [{ do: 'open', item }] : []
  const ownerCanAct =
    times.centreAfterDays[item.kind] !== null && item.organisation !== null && owned.has(item.organisation.id)
  const toldBefore = before?.ownerToldAt ?? null
  const tellsOwner = ownerCanAct && toldBefore === null
  if (tellsOwner) steps.push({ do: 'tell_owner', item })
  const ownerToldAt = tellsOwner ? now : toldBefore
  const centreKnows = before !== undefined && before.centreToldAt !== null
  if (!centreKnows && centreIsDue(item, ownerToldAt, now, times)) steps.push({ do: 'tell_centre', item })
  return steps
}
