import type { OfficialChange } from '../data/official-changes.ts'
import { sameName } from '../fold.ts'
import type { OrganisationFacts } from '../timeline.ts'
import { compare } from './compare.ts'
import type { PlanInput, PlanItem } from './plan.ts'
import type { ListRow } from './rows.ts'

type Registered = PlanInput['register']['current'][number]
type Becomes = Extract<OfficialChange, { type: 'becomes' }>
type Reorganised = Extract<OfficialChange, { type: 'reorganised' }>

/**
 * Official changes up to the day of the list that the list does not show: it is out of date there (a list of 2026 that
 * still has Hamamatsu's wards of 2023). They are proposed, not taken: the list is what the person handed in.
 */
export function knownButNotInFile(
  input: PlanInput,
  byCode: ReadonlyMap<string, Registered>,
  rowByCode: ReadonlyMap<string, ListRow>,
): readonly PlanItem[] {
  return input.official
    .filter((change) => change.day <= input.asOf)
    .flatMap((change) =>
      change.type === 'becomes' ? becomes(change, byCode, rowByCode) : reorganised(change, byCode, rowByCode),
    )
}

function proposal(key: string, change: OfficialChange): PlanItem {
  return {
    key,
    group: `known:${change.day}`,
    change: 'new',
    state: 'proposed',
    basis: 'official',
    source: change.source,
    line: null,
    organisationId: null,
    before: null,
    after: null,
    effective: change.day,
    history: null,
    successorCode: null,
  }
}

/** The organisation as this import leaves it: what the file says, on top of what the register says. */
function standing(
  code: string,
  nameJa: string,
  byCode: ReadonlyMap<string, Registered>,
  rowByCode: ReadonlyMap<string, ListRow>,
): { readonly id: string | null; readonly facts: OrganisationFacts; readonly line: number } | null {
  const row = rowByCode.get(code)
  if (row === undefined || !sameName(row.facts.nameJa, nameJa)) return null
  const known = byCode.get(code)
  if (known !== undefined && !sameName(known.facts.nameJa, nameJa)) return null
  return { id: known?.id ?? null, facts: known?.facts ?? row.facts, line: row.line }
}

function becomes(
  change: Becomes,
  byCode: ReadonlyMap<string, Registered>,
  rowByCode: ReadonlyMap<string, ListRow>,
): readonly PlanItem[] {
  const at = standing(change.from.code, change.from.nameJa, byCode, rowByCode)
  // Same code and a name that contains the old one, as 篠山市: the file must show the old name, not the new.
  if (at === null || sameName(rowByCode.get(change.to.code)?.facts.nameJa ?? '', change.to.nameJa)) return []
  // A row of this file for an organisation that the register has ended already is dealt with as outdated.
  if (at.id === null && byCode.has(change.to.code)) return []
  const difference = compare(at.facts, { ...at.facts, ...change.to, nameEn: null })
  if (difference === null) return []
  return [
    {
      ...proposal(`known:${change.day}:${change.from.code}`, change),
      change: difference.change,
      line: at.line,
      organisationId: at.id,
      before: at.facts,
      after: difference.after,
    },
  ]
}

function reorganised(
  change: Reorganised,
  byCode: ReadonlyMap<string, Registered>,
  rowByCode: ReadonlyMap<string, ListRow>,
): readonly PlanItem[] {
  const ends = change.ended.flatMap((end) => {
    const at = standing(end.code, end.nameJa, byCode, rowByCode)
    return at === null ? [] : [{ end, at }]
  })
  const alreadyDone = change.formed.some((formed) => byCode.has(formed.code) || rowByCode.has(formed.code))
  if (ends.length === 0 || alreadyDone) return []
  const begun = change.formed.map((formed) => ({
    ...proposal(`known:${change.day}:${formed.code}`, change),
    after: { ...formed, nameEn: null },
  }))
  const ended = ends.map(({ end, at }) => ({
    ...proposal(`known:${change.day}:${end.code}`, change),
    change: 'merged_into' as const,
    line: at.line,
    organisationId: at.id,
    before: at.facts,
    successorCode: end.into,
  }))
  return [...begun, ...ended]
}
