import type { DriftAction } from '@rankan/server/domain/drift/kinds.ts'
import type { DriftRow } from '@rankan/server/domain/drift/view.ts'

/** A drift and what the person wants done about it. */
export interface DriftChoice {
  readonly drift: DriftRow
  readonly action: DriftAction
}
