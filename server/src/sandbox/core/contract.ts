/**
 * What a service of the sandbox estate is made of. The core (HTTP, SigV4, wire protocols, validation, authorisation,
 * faults, virtual time, persistence) is written once; a service is its generated model and one pure-ish handler for
 * each operation: input in, output out, changes through `World`, everything synchronous, so that a call is atomic.
 */

/** An AWS error as the client sees it: `code` is the shape's name, `fields` go into the body beside the message. */
export class AwsError extends Error {
  readonly code: string
  readonly status: number
  readonly fields: Readonly<Record<string, unknown>>
  constructor(code: string, message: string, fields: Readonly<Record<string, unknown>> = {}, status = 400) {
    super(message)
    this.name = code
    this.code = code
    this.fields = fields
    this.status = status
  }
}

/** Who calls, after SigV4 was checked. */
export interface Caller {
  readonly accountId: string
  /** `arn:aws:iam::…:root`, `arn:aws:iam::…:user/…` or `arn:aws:sts::…:assumed-role/<role>/<session>` */
  readonly arn: string
  /** The role behind the session, if any. */
  readonly roleArn: string | null
  readonly userId: string
}

/**
 * One call. Timestamps come in as milliseconds since 1970; in an output they may be milliseconds or ISO 8601 text.
 * Blobs are base64 text both ways. Members that are `undefined` or `null` in an output are left out.
 */
export interface Call<I = Record<string, unknown>> {
  readonly service: string
  readonly operation: string
  readonly input: I
  readonly caller: Caller
  readonly region: string
  readonly world: World
  readonly requestId: string
  /** Real milliseconds since the call arrived; more than 0 only after a `NotYet`. */
  readonly waitedMs: number
  /** Where the client called from. */
  readonly source: { readonly address: string; readonly userAgent: string }
  /** Where the client reached us, from its Host header, e.g. `http://127.0.0.1:4566`: SQS's queue URLs begin with it. */
  readonly origin: string
}

export type Handler = (call: Call<never>) => unknown

/**
 * Thrown by a handler that has nothing to answer yet (long polling of SQS): the call is rolled back and run again after
 * the next change of the world, or when `ms` of REAL time since its arrival have passed; then `call.waitedMs >= ms` and
 * the handler must answer.
 */
export class NotYet extends Error {
  readonly ms: number
  constructor(ms: number) {
    super('not yet')
    this.ms = ms
  }
}

/** A broken constraint of the model: `at` is the path as AWS prints it, e.g. `tags.1.member.key`. */
export interface Violation {
  readonly at: string
  readonly kind: 'required' | 'minLength' | 'maxLength' | 'minValue' | 'maxValue' | 'pattern' | 'enum'
  readonly constraint: string
  readonly value: unknown
}

/** AWS does not publish every figure: `source` says where one is from (or `assumed`), `asOf` when it was read. */
export interface DatedDuration {
  readonly ms: number
  /** Each draw is uniform within ± this share. */
  readonly jitter?: number
  readonly source: string
  readonly asOf: string
}

export interface DatedLimit {
  readonly value: number
  readonly source: string
  readonly asOf: string
}

export interface Settings {
  readonly durations?: Readonly<Record<string, DatedDuration>>
  readonly limits?: Readonly<Record<string, DatedLimit>>
}

export interface ServiceDefinition {
  /** SigV4 signing name, e.g. `organizations`, `sso`, `servicecatalog`. */
  readonly signingName: string
  /** File in `models/`, without `.json`. */
  readonly model: string
  /** Prefix of IAM actions, e.g. `organizations`. */
  readonly iamPrefix: string
  readonly operations: Readonly<Record<string, Handler>>
  /** Called when a timer that this service set falls due, in virtual time. Keyed by the timer's kind. */
  readonly timers?: Readonly<Record<string, (world: World, payload: never) => void>>
  /** Sees each event put on the default bus of the account (EventBridge does). */
  readonly onEvent?: (world: World, event: EstateEvent) => void
  /** IAM actions of operations that are not named `prefix:Operation`, e.g. `{ CreateBudget: ['budgets:ModifyBudget'] }`. All are needed. */
  readonly actions?: Readonly<Record<string, readonly string[]>>
  /** Error code of a throttled call; default `ThrottlingException`. */
  readonly throttleCode?: string
  /** Error code of a denied call; default `AccessDeniedException`. */
  readonly deniedCode?: string
  /** Where a denial of this service is not written as others': `sqs:createqueue`; `"arn:aws:s3:::b"`. */
  readonly deniedWords?: { readonly lowerCaseAction?: true; readonly quotedResource?: true }
  /** Error code when the model's constraints are broken; default `ValidationException`. */
  readonly invalidCode?: string
  /** The error for broken constraints where a service words it otherwise than `N validation errors detected: …`. */
  readonly invalid?: (violations: readonly Violation[]) => AwsError
  /** Dated durations and limits that this service asks for by `world.duration` and `world.limit`. */
  readonly settings?: Settings
  /** Called for every account of an organisation that the seed or the control API made fast (`fastLoad`), to fill own tables. */
  readonly onFastAccount?: (
    world: World,
    account: { accountId: string; managementAccountId: string; ouId: string },
  ) => void
  /** Sees what Organizations does with accounts and OUs, in the same call; `…ing` kinds come before the change: throw an `AwsError` to refuse it. */
  readonly onOrganizationChange?: (world: World, change: OrganizationChange) => void
  /** IAM resource ARNs of the request; `['*']` when not given. */
  readonly resources?: (call: Call<never>) => readonly string[]
  /**
   * The policy that the resource itself has; null: none. A service that has this lets other accounts in where the policy
   * and their own policies allow, and its resources belong to the account in their ARN.
   */
  readonly resourcePolicy?: (world: World, arn: string) => ResourcePolicy | null
  /** The service's own condition keys of the request, e.g. `sts:ExternalId`. */
  readonly keys?: (call: Call<never>) => Readonly<Record<string, string | readonly string[] | undefined>>
  /** Tags of a resource, for `aws:ResourceTag/…`; only services whose actions know that key have it. */
  readonly tagsOf?: (world: World, arn: string) => Readonly<Record<string, string>> | null
}

export interface ResourcePolicy {
  readonly kind: 'resource' | 'trust'
  readonly document: string
}

/** A persisted map: every change is journalled before the reply leaves. Values are plain JSON. Iterates in insertion order. */
export interface Table<T> {
  get(key: string): T | undefined
  has(key: string): boolean
  put(key: string, value: T): void
  delete(key: string): boolean
  values(): Iterable<T>
  entries(): Iterable<[string, T]>
  /** The entries behind that key, without walking those before it; null when there is no such key. */
  after(key: string): Iterable<[string, T]> | null
  readonly size: number
}

/** Told by Organizations to every service that has `onOrganizationChange` (Control Tower has). */
export interface OrganizationChange {
  readonly kind:
    | 'account_created'
    | 'account_moving'
    | 'account_moved'
    | 'account_closing'
    | 'account_closed'
    | 'account_joined'
    | 'account_leaving'
    | 'account_left'
    | 'ou_deleting'
  readonly managementAccountId: string
  /** The account, or the OU of `ou_deleting`. */
  readonly subjectId: string
  /** Moves: where from and to (root or OU ids). Other account kinds: `fromParentId` = `toParentId` = its parent. */
  readonly fromParentId: string
  readonly toParentId: string
  readonly by: Caller
}

export interface EstateEvent {
  readonly id: string
  readonly accountId: string
  readonly region: string
  readonly source: string
  readonly detailType: string
  readonly detail: unknown
  /** ISO 8601, virtual time */
  readonly time: string
}

export interface World {
  /** The table of that name, e.g. `world.table<Account>('organizations.accounts')`. Created on first use. */
  table<T>(name: string): Table<T>
  /** Virtual now, milliseconds since 1970. */
  now(): number
  /** Virtual milliseconds that pass in `realMs` at the present scale (scale 1 while time stands): for timeouts that clients measure by their own clock. */
  virtualMs(realMs: number): number
  /** Persisted timer: `kind` of `service` runs after `delayMs` of virtual time, also after a restart. Returns its id. */
  later(delayMs: number, service: string, kind: string, payload: unknown): string
  cancel(timerId: string): void
  /** Puts an event on the default bus of that account; faults may drop or duplicate it. */
  emit(event: Omit<EstateEvent, 'id' | 'time'>): void
  /** Deterministic under the sandbox's seed. */
  random(): number
  /** `id(17, 'abc…')`: random text over an alphabet (default 0-9a-z). */
  id(length: number, alphabet?: string): string
  /** A duration from the estate's dated settings, in virtual ms, e.g. `duration('controltower.account')`: with jitter under the seed. */
  duration(key: string): number
  /** A number from the estate's dated settings, e.g. `limit('controltower.account_operations')`. */
  limit(key: string): number
  /** A fault that was asked for and fits this point (consumes one of its `times`); see `faults.ts`. */
  fault(point: FaultPoint): Fault | null
  /** Organizations tells what it does with accounts and OUs; who hears it may refuse an `…ing` kind by throwing. */
  tell(change: OrganizationChange): void
  /** Calls another service inside the same call, as AWS services do to each other: no authorisation, same journal entry. Default Region: us-east-1. */
  invoke<O>(service: string, operation: string, input: unknown, as: Caller, region?: string): O
}

/** Where a fault may strike: the start of a call, or the outcome of an asynchronous operation. */
export type FaultPoint =
  | { readonly at: 'call'; readonly service: string; readonly operation: string; readonly input?: unknown }
  | { readonly at: 'outcome'; readonly service: string; readonly operation: string; readonly subject: string }
  | { readonly at: 'event'; readonly name: string; readonly subject: string }
  | { readonly at: 'visibility'; readonly service: string; readonly operation: string }

export type Fault =
  | { readonly do: 'throttle' }
  | { readonly do: 'fail'; readonly code: string; readonly message: string }
  | { readonly do: 'stick' }
  | { readonly do: 'taint'; readonly message: string }
  | { readonly do: 'drop' }
  | { readonly do: 'duplicate' }
  | { readonly do: 'delay'; readonly ms: number }
