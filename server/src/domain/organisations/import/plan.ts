import type { Day } from '../../../kernel/days.ts'
import type { OrganisationKind } from '../kinds.ts'
import type { OrganisationFacts } from '../timeline.ts'

/** What happens to one organisation. Several attributes may change at once; the weightiest names the item. */
export const CHANGES = [
  'new',
  'kind_changed',
  'renamed',
  'code_changed',
  'moved',
  'merged_into',
  'gone',
  'respelled',
  'kana_changed',
] as const
export type Change = (typeof CHANGES)[number]

/** Who says so: the list itself, a dated official change, likeness (a person must confirm), or a person in the plan. */
export const BASES = ['file', 'official', 'likeness', 'person'] as const
export type Basis = (typeof BASES)[number]

/**
 * `included` is applied. `needs_confirmation` stops the apply until a person accepts or skips it. `proposed` is a known
 * official change that the list does not show yet: applied only when accepted. `skipped` is not applied.
 */
export const ITEM_STATES = ['included', 'needs_confirmation', 'proposed', 'skipped'] as const
export type ItemState = (typeof ITEM_STATES)[number]

export interface PlanItem {
  /** Stable for the same file and register, so that decisions find their item again. */
  readonly key: string
  /** Items that stand or fall together, e.g. one reorganisation of wards. */
  readonly group: string | null
  readonly change: Change
  readonly state: ItemState
  readonly basis: Basis
  readonly source: string | null
  /** Line of the file, null for what the file does not name. */
  readonly line: number | null
  /** null for an organisation that the plan makes. */
  readonly organisationId: string | null
  readonly before: OrganisationFacts | null
  readonly after: OrganisationFacts | null
  /** First day on which it is true; null for a slip in writing, which is put right as if it had never been. */
  readonly effective: Day | null
  /** What the organisation was before the first day that the list knows. */
  readonly history: { readonly until: Day; readonly facts: OrganisationFacts } | null
  /** Code of the organisation that takes over. */
  readonly successorCode: string | null
}

/** A row that tells less than the register knows already; it changes nothing. */
export interface OutdatedRow {
  readonly line: number
  readonly code: string
  readonly nameJa: string
  readonly nowCode: string | null
  readonly nowNameJa: string | null
}

export interface ImportPlan {
  readonly asOf: Day
  readonly profile: string
  readonly rows: number
  readonly unchanged: number
  readonly items: readonly PlanItem[]
  readonly outdated: readonly OutdatedRow[]
}

export interface Decision {
  readonly verdict?: 'accept' | 'skip'
  readonly effective?: Day
  /** For an organisation that is gone: who took over. */
  readonly successorCode?: string
}
/** By the key or the group of an item. */
export type Decisions = Readonly<Record<string, Decision>>

/** What the register says on the day of the list. */
export interface RegisterSnapshot {
  readonly current: readonly { readonly id: string; readonly facts: OrganisationFacts }[]
  /** Codes and names that were true once: of organisations that ended, and of those that are called otherwise now. */
  readonly former: readonly FormerName[]
  /** Codes that the register knows only from a later day on. */
  readonly later: readonly { readonly code: string; readonly from: Day }[]
}

export interface FormerName {
  readonly code: string
  readonly nameJa: string
  /** The organisation that stands for it on the day of the list: itself under its new name, or its successor. */
  readonly now: { readonly id: string; readonly code: string; readonly nameJa: string } | null
}

/** Does applying this plan do anything? */
export const isEmpty = (plan: ImportPlan): boolean => !plan.items.some((item) => item.state === 'included')

export const unconfirmed = (plan: ImportPlan): readonly PlanItem[] =>
  plan.items.filter((item) => item.state === 'needs_confirmation')

export function countChanges(plan: ImportPlan): Readonly<Record<Change, number>> {
  const counts = Object.fromEntries(CHANGES.map((change) => [change, 0])) as Record<Change, number>
  for (const item of plan.items)
    if (item.state !== 'skipped' && item.state !== 'proposed') counts[item.change]++
  return counts
}

export interface PlanInput {
  readonly asOf: Day
  readonly profile: {
    readonly name: string
    readonly covers: readonly OrganisationKind[]
    readonly complete: boolean
  }
  readonly rows: readonly import('./rows.ts').ListRow[]
  readonly register: RegisterSnapshot
  readonly official: readonly import('../data/official-changes.ts').OfficialChange[]
  readonly decisions: Decisions
}
