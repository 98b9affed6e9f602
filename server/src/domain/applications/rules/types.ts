import type { Day } from '../../../kernel/days.ts'
import type { PartialVendForm } from '../draft.ts'
import type { NamingRule } from '../naming.ts'
import type { RuleSettings } from './rulebook.ts'

export type Outcome = 'pass' | 'warn' | 'fail' | 'unknown'

export interface Finding {
  readonly outcome: Outcome
  /** Key of the rule's `messages`. */
  readonly reason: string
  /** The field to look at. */
  readonly path: readonly (string | number)[]
  readonly params?: Readonly<Record<string, string | number>>
}

/** What the register knows that the form does not. Absent in the browser: rules that need it answer `unknown`. */
export interface RegisterFacts {
  readonly organisation: { readonly name: string } | null
  /** Tenant codes that the register does not know today. */
  readonly unknownTenants: readonly string[]
  /** Names and e-mails ever reserved for this organisation and system, lower case. */
  readonly takenNames: ReadonlySet<string>
  /** Providers of the system's and the organisation's other accounts and applications. */
  readonly systemProviders: readonly string[]
  readonly organisationProviders: readonly string[]
  /** The registered contract with the number of the form. */
  readonly contract: { readonly end: Day | null } | null
  /** Addresses that bounced, lower case. */
  readonly deadAddresses: ReadonlySet<string>
}

export interface RuleContext {
  readonly today: Day
  readonly settings: RuleSettings
  readonly naming: NamingRule
  readonly mailDomain: string
  readonly register: RegisterFacts | null
}

export type Evaluator = (form: PartialVendForm, context: RuleContext) => Finding

type Path = Finding['path']
type Params = Finding['params']
const finding =
  (outcome: Outcome) =>
  (reason: string, path: Path, params?: Params): Finding =>
    params ? { outcome, reason, path, params } : { outcome, reason, path }

export const pass = finding('pass')
export const warn = finding('warn')
export const fail = finding('fail')
export const unknown = finding('unknown')
export const missing = (path: Path) => unknown('missing', path)
