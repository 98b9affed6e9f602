import { readFileSync } from 'node:fs'
import { atomRow } from '../../analytics/replay/atoms.ts'
import { estateOf } from '../../analytics/replay/estate.ts'
import { type PolicyFile, parsedOf } from '../../analytics/replay/folder.ts'
import { readTree, type Tree } from '../../analytics/replay/tree.ts'
import type { World } from '../../analytics/replay/world.ts'
import { loadTables } from '../../analytics/trail/tables.ts'
import { invalid, RankanError } from '../../kernel/errors.ts'

/** Policies where the tree attaches them. */
export function worldOf(files: readonly PolicyFile[], tree: Tree | null): World {
  const estate = estateOf(parsedOf(files), tree)
  return { estate, row: atomRow(estate.policies), iam: loadTables().iam }
}

/** The tree file of `--tree`. */
export function treeIn(file: string): Tree {
  try {
    return readTree(JSON.parse(readFileSync(file, 'utf8')), file)
  } catch (error) {
    if (error instanceof RankanError) throw error
    throw invalid(
      'tree_not_readable',
      `\`${file}\` cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}.`,
    )
  }
}

/** A day of the command line; `null` when it was not given. */
export function dayOf(option: string, text: string | undefined): string | null {
  if (text === undefined) return null
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : new Date(Number.NaN)
  if (Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== text)
    throw invalid('bad_day', `\`--${option} ${text}\` is no day; write it as 2026-10-01.`)
  return text
}
