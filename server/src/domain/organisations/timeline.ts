import type { Day } from '../../kernel/days.ts'
import type { OrganisationKind } from './kinds.ts'

/** What is true of an organisation during a span of days. */
export interface OrganisationFacts {
  readonly code: string
  readonly kind: OrganisationKind
  readonly nameJa: string
  readonly nameEn: string | null
  readonly kana: string | null
  /** Code of the organisation it belongs to on the first of those days: the prefecture, a ward's city, a division's parent. */
  readonly parentCode: string | null
}

/** `from` is null where nobody told when it began; `to` is the first day that is no longer in it, null while it goes on. */
export interface Version {
  readonly from: Day | null
  readonly to: Day | null
  readonly facts: OrganisationFacts
}

/** Versions of one organisation: in order, without overlap and without gap. */
export type Timeline = readonly Version[]

export const covers = (version: Version, day: Day): boolean =>
  (version.from === null || version.from <= day) && (version.to === null || day < version.to)

export const versionOn = (timeline: Timeline, day: Day): Version | null =>
  timeline.find((version) => covers(version, day)) ?? null

/** The last version if the organisation still exists. */
export const openVersion = (timeline: Timeline): Version | null => {
  const last = timeline.at(-1)
  return last !== undefined && last.to === null ? last : null
}

/**
 * From `day` on the patch is true. A day before everything known means that the first version was recorded too late:
 * it keeps its old facts before that day and has the new ones from it.
 */
export function changeFrom(timeline: Timeline, day: Day, patch: Partial<OrganisationFacts>): Timeline {
  const first = timeline[0]
  if (first?.from != null && day < first.from) {
    const before: Version = { from: null, to: day, facts: first.facts }
    const rest = timeline.map((v, i) => patched(i === 0 ? { ...v, from: day } : v, patch))
    return join([before, ...rest])
  }
  return join(timeline.flatMap((version) => split(version, day, patch)))
}

function split(version: Version, day: Day, patch: Partial<OrganisationFacts>): readonly Version[] {
  if (version.to !== null && version.to <= day) return [version]
  if (version.from !== null && day <= version.from) return [patched(version, patch)]
  return [{ ...version, to: day }, patched({ ...version, from: day }, patch)]
}

const patched = (version: Version, patch: Partial<OrganisationFacts>): Version => ({
  ...version,
  facts: { ...version.facts, ...patch },
})

/** The organisation is gone from `day` on. A day at or before its beginning leaves nothing but that beginning's eve. */
export function endOn(timeline: Timeline, day: Day): Timeline {
  const kept = timeline
    .filter((version) => version.from === null || version.from < day)
    .map((version) => (version.to === null || version.to > day ? { ...version, to: day } : version))
  if (kept.length > 0) return kept
  const first = timeline[0]
  return first === undefined ? [] : [{ from: null, to: day, facts: first.facts }]
}

/** A slip in writing is put right in every version that shows it; the change is in the ledger, not in the history. */
export function correct(
  timeline: Timeline,
  applies: (facts: OrganisationFacts) => boolean,
  patch: Partial<OrganisationFacts>,
): Timeline {
  return join(timeline.map((version) => (applies(version.facts) ? patched(version, patch) : version)))
}

/** Puts what was before the first known day in front: `富谷町` until 2016-10-10 for a list that begins later. */
export function precede(timeline: Timeline, until: Day, facts: OrganisationFacts): Timeline {
  const [first, ...rest] = timeline
  if (first === undefined) return []
  return [{ from: null, to: until, facts }, { ...first, from: until }, ...rest]
}

/** Neighbours with the same facts are one version. */
function join(timeline: Timeline): Timeline {
  const joined: Version[] = []
  for (const version of timeline) {
    const last = joined.at(-1)
    if (last !== undefined && last.to === version.from && sameFacts(last.facts, version.facts))
      joined[joined.length - 1] = { ...last, to: version.to }
    else joined.push(version)
  }
  return joined
}

export const sameFacts = (a: OrganisationFacts, b: OrganisationFacts): boolean =>
  a.code === b.code &&
  a.kind === b.kind &&
  a.nameJa === b.nameJa &&
  a.nameEn === b.nameEn &&
  a.kana === b.kana &&
  a.parentCode === b.parentCode
