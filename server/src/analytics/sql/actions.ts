import { compilePolicy } from '../../policy/compile/policy.ts'
import type { Policy } from '../../policy/policies.ts'
import { allActionNames } from '../trail/tables.ts'
import { literal } from './dialect.ts'
import { FALSE, TRUE } from './truth.ts'

/** Every action that facts may have: `s3:GetObject`, in AWS's spelling. Ingest takes them from this catalogue alone. */
export function allActions(): readonly string[] {
  read ??= allActionNames()
  return read
}

let read: readonly string[] | undefined

/** The actions that some statement of the policies takes. */
export function actionsOf(policies: readonly Policy[], all: readonly string[]): readonly string[] {
  const statements = policies.flatMap((policy) => compilePolicy(policy).statements)
  return all.filter((action) => {
    const lower = action.toLowerCase()
    return statements.some(({ matchesAction }) => matchesAction(lower))
  })
}

/**
 * Whether the action is one of those of `relevant` that fit. Of actions outside of `relevant` it says anything: nobody
 * asks. The shorter list is written.
 */
export function actionSet(relevant: readonly string[], fits: (action: string) => boolean): string {
  const yes = relevant.filter(fits)
  const no = relevant.filter((action) => !fits(action))
  if (yes.length === 0) return FALSE
  if (no.length === 0) return TRUE
  return yes.length <= no.length ? `action in (${listed(yes)})` : `action not in (${listed(no)})`
}

const listed = (actions: readonly string[]) => actions.map(literal).join(', ')
