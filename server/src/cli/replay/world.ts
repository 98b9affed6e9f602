import { atomRow } from '../../analytics/replay/atoms.ts'
import { estateOf } from '../../analytics/replay/estate.ts'
import { type PolicyFile, parsedOf } from '../../analytics/replay/folder.ts'
import type { Period } from '../../analytics/replay/scan.ts'
import { readTree, type Tree } from '../../analytics/replay/tree.ts'
import type { World } from '../../analytics/replay/world.ts'
import { loadTables } from '../../analytics/trail/tables.ts'
import { invalid } from '../../kernel/errors.ts'
import { readJson } from '../policy/files.ts'

/** Policies where the tree attaches them. */
export function worldOf(files: readonly PolicyFile[], tree: Tree | null): World {
  const estate = estateOf(parsedOf(files), tree)
  return { estate, row: atomRow(estate.policies), iam: loadTables().iam }
}

/** The tree file of `--tree`. */
export function treeIn(file: string): Tree {
  return readTree(readJson(file), file)
}

/** First and last day of the command line. */
export function periodOf({ since, until }: { readonly since?: string; readonly until?: string }): Period {
  const period = { since: dayOf('since', since), until: dayOf('until', until) }
  if (period.since !== null && period.until !== null && period.since > period.until)
    throw invalid(
      'bad_period',
      `\`--since ${since}\` is after \`--until ${until}\`: there is no day between them. Both days are included.`,
    )
  return period
}

/** A day of the command line; `null` when it was not given. */
function dayOf(option: string, text: string | undefined): string | null {
  if (text === undefined) return null
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : new Date(Number.NaN)
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== text)
    throw invalid('bad_day', `\`--${option} ${text}\` is no day; write it as 2026-10-01.`)
  return text
}
