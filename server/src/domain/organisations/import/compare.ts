import { sameKana, sameName } from '../fold.ts'
import type { OrganisationFacts } from '../timeline.ts'
import type { Change } from './plan.ts'

/** Slips in writing: they are put right in the past too, because the body itself never changed. */
const CORRECTIONS: readonly Change[] = ['respelled', 'kana_changed']
export const isCorrection = (change: Change): boolean => CORRECTIONS.includes(change)

/** What a list that says `row` changes in what the register holds. A list that has no reading leaves the known one. */
export function compare(
  before: OrganisationFacts,
  row: OrganisationFacts,
): { readonly change: Change; readonly after: OrganisationFacts } | null {
  const renamed = !sameName(before.nameJa, row.nameJa)
  const after: OrganisationFacts = {
    ...row,
    nameEn: row.nameEn ?? (renamed ? null : before.nameEn),
    kana:
      row.kana === null || (before.kana !== null && sameKana(before.kana, row.kana)) ? before.kana : row.kana,
  }
  const change = weightiest(before, after, renamed)
  return change === null ? null : { change, after }
}

function weightiest(before: OrganisationFacts, after: OrganisationFacts, renamed: boolean): Change | null {
  if (before.kind !== after.kind) return 'kind_changed'
  if (renamed) return 'renamed'
  if (before.code !== after.code) return 'code_changed'
  if (before.parentCode !== after.parentCode) return 'moved'
  if (before.nameJa !== after.nameJa) return 'respelled'
  if (before.kana !== after.kana || before.nameEn !== after.nameEn) return 'kana_changed'
  return null
}
