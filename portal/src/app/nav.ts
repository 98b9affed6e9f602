import type { Action } from '@rankan/server/domain/access/table.ts'
import type { Bilingual } from '@rankan/server/kernel/text.ts'

/** One entry of the main menu. A domain's `index.tsx` exports a list of them as `nav`. */
export interface NavEntry {
  /** A path of the router, e.g. `/accounts`. */
  readonly to: string
  readonly title: Bilingual
  /** Shown to the roles that may do this (the table in `server/src/domain/access`). */
  readonly action: Action
  /** Position: work 10–19, register 20–29, estate 30–39, evidence 40–49, sandbox 90–99. */
  readonly order: number
  readonly onlyInSandbox?: boolean
}
