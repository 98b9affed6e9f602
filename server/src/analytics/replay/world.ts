import type { IamFacts } from '../../policy/trail/facts.ts'
import type { AtomRow } from './atoms.ts'
import type { Estate } from './estate.ts'

/** What facts are asked with: policies where they bear, their atoms, and AWS's actions. */
export interface World {
  readonly estate: Estate
  readonly row: AtomRow
  readonly iam: IamFacts
}
