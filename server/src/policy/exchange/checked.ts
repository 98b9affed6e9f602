import type { Size } from '../lint/size.ts'
import type { ManagementType } from '../management/types.ts'
import type { PolicyProblem } from '../parse/problem.ts'
import type { Policy, PolicyKind } from '../policies.ts'

export interface CheckedDocument {
  /** Path of the document in the file; `$` when the file is the document. */
  readonly at: string
  readonly kind: PolicyKind | ManagementType
  /** Whether AWS would take the document. */
  readonly valid: boolean
  /** Statements, or plans, tag keys and the like of a management policy. */
  readonly statements: number
  /** `null` when it has faults other than its length, which `pack` may mend, and for management policies. */
  readonly policy: Policy | null
  readonly problems: readonly PolicyProblem[]
  readonly size: Size
}
