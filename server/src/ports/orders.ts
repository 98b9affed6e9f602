import type { ApplicationKind, Environment } from '../domain/applications/kinds.ts'
import type { Bilingual } from '../kernel/text.ts'
import type { AlternateContact } from './estate.ts'

/**
 * One piece of work for one account: what a workflow needs to know of an approved application. An application
 * for several environments becomes several orders, each with a workflow of its own, so that one that fails
 * holds up no other. `workId` = `<applicationId>.<environment or kind>`; it is also the workflow's id.
 */
export interface Order {
  readonly workId: string
  readonly applicationId: string
  readonly kind: ApplicationKind
  /** `aws_…` */
  readonly awsOrganizationId: string
  /** The tenant, `org_…` */
  readonly organisationId: string
  /** 6-digit local-government code, or the stable code of another body. */
  readonly organisationCode: string
  readonly organisationName: Bilingual
  readonly systemCode: string
  readonly systemName: Bilingual
  readonly environment: Environment | null
  /** By rule, see `domain/applications/naming.ts`; null for work on an account that exists. */
  readonly account: { readonly name: string; readonly email: string } | null
  /** For work on an account that exists. */
  readonly accountId: string | null
  readonly owner: OrderPerson
  readonly admins: readonly OrderPerson[]
  /** People of the operator company: they get the NonAdmin (switch-role only) permission set. */
  readonly operators: readonly OrderPerson[]
  readonly contacts: readonly AlternateContact[]
  readonly budget: { readonly monthlyLimitUsd: string; readonly notify: readonly string[] } | null
  /** Kind `move`: the environment whose OU is wanted. */
  readonly moveTo: Environment | null
  /** ISO 8601; the queue respects it. */
  readonly deadline: string | null
  /** Why: kinds `suspend`, `resume` and `close` record it. */
  readonly reason?: string | null
}

export interface OrderPerson {
  readonly userName: string
  readonly email: string
  readonly firstName: string
  readonly lastName: string
}

/** What a workflow tells the rest of the product. Every call is idempotent and writes the ledger in its transaction. */
export interface OrderStore {
  /** With the corrections that people made since the approval. */
  load(workId: string): Promise<Order>
  /**
   * Reserves name and e-mail for ever. `invalid` if another order holds them: waiting would not help, a person
   * must choose others.
   */
  reserveNames(workId: string): Promise<{ name: string; email: string }>
  /** Gives back what `load` would: who starts it needs it next. */
  started(workId: string): Promise<Order>
  /** Is the order finished or abandoned? Then other work may have followed on it, and none of its steps may run again. */
  over(workId: string): Promise<boolean>
  /** How often the account was asked for and cleared away again; part of the token that makes AWS see one operation. */
  creationAttempt(workId: string): Promise<number>
  /** The attempt with that number was cleared: the next one has the next number. */
  creationCleared(workId: string, attempt: number): Promise<void>
  /** The account exists at AWS and belongs to this order. */
  accountKnown(
    workId: string,
    account: { accountId: string; name: string; email: string; ouId: string },
  ): Promise<void>
  /** Small facts that the account page shows: support case, group ids, assignment, budget name … */
  note(workId: string, facts: Readonly<Record<string, string>>): Promise<void>
  /** The order is done, and these facts of it are noted; the application is ready when all its orders are. */
  finished(workId: string, facts?: Readonly<Record<string, string>>): Promise<void>
  needsRepair(
    workId: string,
    failure: { step: string; code: string; message: string; correctable: readonly string[] },
  ): Promise<void>
  /** Given up with a clean estate. Names are free again only if AWS never made an account with them. */
  abandoned(workId: string): Promise<void>
}
