import { describeItem } from '../../domain/organisations/import/describe.ts'
import { countChanges, isEmpty, unconfirmed } from '../../domain/organisations/import/plan.ts'
import type { ImportView } from '../../domain/organisations/view.ts'
import type { StoredImport } from '../../storage/organisations/imports.ts'

/** A stored import as the API shows it: the plan as data and in words. */
export function presentImport(stored: StoredImport): ImportView {
  const { plan, profile, revision: _revision, decisions: _decisions, ...rest } = stored
  return {
    ...rest,
    profile: profile.name,
    rows: plan.rows,
    unchanged: plan.unchanged,
    counts: countChanges(plan),
    unconfirmed: unconfirmed(plan).length,
    proposed: plan.items.filter((item) => item.state === 'proposed').length,
    empty: isEmpty(plan),
    items: plan.items.map((item) => ({
      ...item,
      words: { ja: describeItem(item, 'ja'), en: describeItem(item, 'en') },
    })),
    outdated: [...plan.outdated],
  }
}
