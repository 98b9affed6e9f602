import type { GuardrailKind, TargetKind } from '../domain/policies/kinds.ts'

/**
 * What Rankan needs of one AWS organisation, in AWS's own terms. `aws/` implements these interfaces with the SDK;
 * `workflows/` sees nothing else of AWS. Every method may throw `RankanError`:
 * `throttled` (with `retryAfterMs` if AWS says so), `conflict` (AWS is busy with the same thing: wait and look again),
 * `denied`, `not_found`, `invalid` (AWS refuses the values: a person must correct them), `unavailable`.
 * A method that writes is idempotent: called again after it was done, it changes nothing and returns the same. Some look
 * first whether it was; `again: false` says that it cannot have been, and spares the call.
 */
export interface Estate {
  /** Our id of the AWS organisation (`aws_…`). */
  readonly id: string
  readonly creation: AccountCreation
  readonly organization: OrganizationPort
  readonly identity: IdentityPort
  readonly contacts: ContactsPort
  readonly support: SupportPort
  readonly budgets: BudgetsPort
  readonly events: LifecycleEventsPort
  readonly quotas: QuotaPort
}

/** `account_factory`: Service Catalog `ProvisionProduct`. `auto_enrolment`: `CreateAccount` + `MoveAccount` into a registered OU. */
export type CreationEngine = 'account_factory' | 'auto_enrolment'

export interface OuRef {
  /** `ou-xxxx-yyyyyyyy` */
  readonly id: string
  readonly name: string
}

export interface AccountOrder {
  /** Makes retries one operation: ProvisionToken of Service Catalog; derived from the application. [A-Za-z0-9_-]{1,128} */
  readonly token: string
  /** Printable ASCII, at most 50 characters. */
  readonly name: string
  /** At most 64 characters, unique in all of AWS. */
  readonly email: string
  readonly ou: OuRef
  /** First Identity Center user of an Account Factory account. */
  readonly ssoUser: { readonly email: string; readonly firstName: string; readonly lastName: string }
  readonly tags: Readonly<Record<string, string>>
}

/** What tells our own account of an earlier attempt from a stranger's when AWS says that the e-mail is taken. */
export interface OrderMark {
  readonly name: string
  readonly email: string
}

/** JSON-serialisable: it is stored with the workflow's step. */
export type OperationHandle =
  | {
      readonly kind: 'service_catalog_record'
      readonly recordId: string
      readonly provisionedProductId: string
      readonly order?: OrderMark
      /** The account of a product that is being terminated: its record does not name it. */
      readonly accountId?: string
    }
  | { readonly kind: 'create_account'; readonly requestId: string; readonly order?: OrderMark }
  | { readonly kind: 'enrolment'; readonly accountId: string; readonly ouId: string }
  | { readonly kind: 'done'; readonly accountId: string }

export type OperationView =
  | { readonly state: 'running'; readonly accountId?: string }
  | { readonly state: 'succeeded'; readonly accountId: string }
  | {
      readonly state: 'failed'
      /** AWS's code, e.g. `EMAIL_ALREADY_EXISTS`, or the code in RecordErrors. */
      readonly code: string
      readonly message: string
      /** `retry`: the same order may be sent again; `correct`: a person must change a field; `repair`: the product is tainted or half made. */
      readonly remedy: 'retry' | 'correct' | 'repair'
      readonly accountId?: string
    }

export interface AccountCreation {
  readonly engine: CreationEngine
  /**
   * Starts the account, or finds the operation or the account that an earlier call with the same order started
   * (same provisioned-product name / same e-mail and name), so that a crash between call and record never doubles it.
   *
   * With `account_factory` the operation ends when the account is enrolled in its OU. With `auto_enrolment` it ends when
   * the account exists (still at the root): the caller then `organization.move`s it into `order.ou`, holding
   * `moves_per_ou`, and looks at `{ kind: 'enrolment', accountId, ouId }` until that has succeeded.
   */
  begin(order: AccountOrder, again?: boolean): Promise<OperationHandle>
  /** What AWS says of that operation now. Level-driven: never waits. */
  look(handle: OperationHandle): Promise<OperationView>
  /** Clears a failed or tainted provisioned product, so that the order can be sent again. Does not close the account. */
  clear(order: AccountOrder): Promise<void>
  /** Before closing: terminates the Account Factory product (un-enrols); on auto-enrolment moves the account to the root. Returns when AWS accepted it. */
  release(accountId: string): Promise<OperationHandle>
  /**
   * Undoes `release`, also one that failed half-way: the account goes back into `order.ou` and is enrolled there. Done
   * already if it was never released. Conflicts while AWS still works on the release.
   */
  readmit(accountId: string, order: AccountOrder): Promise<OperationHandle>
}

export interface EstateAccount {
  readonly accountId: string
  readonly name: string
  readonly email: string
  readonly state: 'PENDING_ACTIVATION' | 'ACTIVE' | 'SUSPENDED' | 'PENDING_CLOSURE' | 'CLOSED'
  readonly joinedAt: string
  readonly joinedMethod: 'CREATED' | 'INVITED'
}

export interface EstateOu {
  readonly id: string
  readonly name: string
  readonly parentId: string
}

/** A policy of the organisation with its text, or one of AWS's own (`FullAWSAccess`). */
export interface EstatePolicy {
  /** `p-…` */
  readonly id: string
  readonly kind: GuardrailKind
  readonly name: string
  readonly description: string
  readonly awsManaged: boolean
  /** The JSON text as AWS keeps it. */
  readonly document: string
}

export interface PolicyTarget {
  /** `r-…`, `ou-…` or twelve digits */
  readonly id: string
  readonly kind: TargetKind
}

export interface OrganizationPort {
  describe(): Promise<{ organizationId: string; managementAccountId: string; rootId: string }>
  account(accountId: string): Promise<EstateAccount | null>
  /** Pages of ListAccountsForParent / ListAccounts; an async iterator so that memory stays flat. */
  accounts(): AsyncIterable<EstateAccount>
  accountsOf(parentId: string): AsyncIterable<EstateAccount>
  /** The whole OU tree below the root, parents first. */
  ous(): AsyncIterable<EstateOu>
  /** Only those directly below the root or an OU. */
  childOus(parentId: string): AsyncIterable<EstateOu>
  /** AWS keeps the names of one parent's OUs apart. What was found is remembered for a minute. */
  childOu(parentId: string, name: string): Promise<OuRef | null>
  parentOf(accountId: string): Promise<string>
  /** Moves; done already when the account is there. Conflicts while another move into that OU runs. */
  move(accountId: string, destinationOuId: string): Promise<void>
  /** Finds the OU with that name below the parent or creates (and with a landing zone registers) it. */
  ensureOu(parentId: string, name: string): Promise<OuRef>
  /** Is that OU registered and ready to take accounts? (`ready` always where there is no landing zone). That it is ready is remembered for a minute. */
  ouState(ouId: string): Promise<'ready' | 'working' | 'failed'>
  tag(accountId: string, tags: Readonly<Record<string, string>>): Promise<void>
  attachPolicy(policyId: string, targetId: string): Promise<void>
  detachPolicy(policyId: string, targetId: string): Promise<void>
  /** The kinds of policy that are switched on at the root, as of now; policies of others bind nobody. Kinds that we do not know are left out. */
  policyKinds(): Promise<readonly GuardrailKind[]>
  /** Every policy of the kind, attached or not, AWS's own included. One call for each besides the pages of the list. */
  policies(kind: GuardrailKind): AsyncIterable<EstatePolicy>
  policyTargets(policyId: string): AsyncIterable<PolicyTarget>
  /** Finds by name or creates the service control policy. Returns its id. */
  ensurePolicy(policy: { name: string; description: string; content: string }): Promise<string>
  close(accountId: string): Promise<void>
}

/** Alternate contacts of the account API. */
export interface AlternateContact {
  readonly type: 'SECURITY' | 'OPERATIONS' | 'BILLING'
  readonly name: string
  readonly title: string
  readonly email: string
  readonly phone: string
}

export interface ContactsPort {
  put(accountId: string, contact: AlternateContact): Promise<void>
  read(accountId: string): Promise<readonly AlternateContact[]>
  rename(accountId: string, name: string): Promise<void>
}

export interface AssignmentRequest {
  readonly accountId: string
  readonly permissionSet: 'Admin' | 'NonAdmin'
  readonly groupId: string
}

export interface IdentityPort {
  /** The two permission sets of Government Cloud (C3); creates what is missing. ARNs. */
  ensurePermissionSets(): Promise<{ Admin: string; NonAdmin: string }>
  /** Finds by display name or creates. Returns its GroupId. */
  ensureGroup(name: string, description: string): Promise<string>
  ensureUser(user: { userName: string; email: string; firstName: string; lastName: string }): Promise<string>
  ensureMember(groupId: string, userId: string): Promise<void>
  removeMember(groupId: string, userId: string): Promise<void>
  /** User ids of the group's members. */
  members(groupId: string): Promise<readonly string[]>
  /** Finds by display name; null when there is none. */
  findGroup(name: string): Promise<string | null>
  /** Deletes the group with its memberships; done already when it is gone. */
  removeGroup(groupId: string): Promise<void>
  /** Starts the assignment; `done` when it exists already. */
  beginAssignment(
    request: AssignmentRequest,
    again?: boolean,
  ): Promise<{ done: true } | { done: false; requestId: string }>
  lookAssignment(
    requestId: string,
  ): Promise<{ state: 'running' | 'succeeded' } | { state: 'failed'; message: string }>
  beginUnassignment(request: AssignmentRequest): Promise<{ done: true } | { done: false; requestId: string }>
  lookUnassignment(
    requestId: string,
  ): Promise<{ state: 'running' | 'succeeded' } | { state: 'failed'; message: string }>
}

export interface SupportPort {
  /** Opens the case that asks for Enterprise Support on these accounts, or finds the one opened before by its subject. */
  requestEnterprise(accountId: string, reference: string, again?: boolean): Promise<{ caseId: string }>
  caseStatus(caseId: string): Promise<'open' | 'resolved'>
}

export interface BudgetOrder {
  /** Unique in the management account: `rankan-<accountId>`. */
  readonly name: string
  readonly accountId: string
  readonly monthlyLimitUsd: string
  readonly notify: readonly string[]
}

export interface BudgetsPort {
  ensure(budget: BudgetOrder): Promise<void>
  remove(name: string): Promise<void>
}

/** A Control Tower lifecycle event or an Organizations event, as EventBridge delivered it to our SQS queue. */
export interface LifecycleEvent {
  /** EventBridge's event id: the same event may be delivered more than once. */
  readonly eventId: string
  readonly name: string
  readonly accountId: string | null
  /** Control Tower names the account that it made or changed. */
  readonly accountName: string | null
  /** Of `CreateAccount`: `car-…` */
  readonly requestId: string | null
  readonly ouId: string | null
  readonly state: 'SUCCEEDED' | 'FAILED' | null
  readonly message: string | null
  readonly time: string
}

export interface LifecycleEventsPort {
  /** Creates the EventBridge rule and the SQS queue if they are missing. */
  ensureDelivery(): Promise<void>
  /** Long-polls; calls `take` for each event, for several at once, and deletes it from the queue only after `take` resolved. */
  receive(take: (event: LifecycleEvent) => Promise<void>, signal: AbortSignal): Promise<void>
}

export interface QuotaPort {
  /** The applied value if Service Quotas tells it, otherwise null; dated defaults then stand. */
  applied(serviceCode: string, quotaCode: string): Promise<number | null>
}
