/**
 * What a record tells of context keys: lower-case key → values (known) or `null` (known absent). A key that
 * is not listed is unknown. A trailing `*` speaks of all keys with that beginning (`aws:requesttag/*`).
 */
export type KeyFacts = { readonly [key: string]: readonly string[] | null }

/** One action of IAM with what the Service Authorization Reference says of it. Keys in lower case. */
export interface ActionFacts {
  /** `s3:GetObject`, in AWS's spelling. */
  readonly action: string
  readonly types: readonly ActionType[]
  readonly keys: ReadonlySet<string>
}

export interface ActionType {
  readonly name: string
  readonly required: boolean
  /** Of the action's row for the type. */
  readonly keys: ReadonlySet<string>
  /**
   * Of the type itself, whatever the action. A statement may ask them of every action on the type (RDS User Guide, 'Example
   * policies: Using condition keys': `rds:DatabaseEngine` in `rds:CreateDBInstance`), so that none of them is absent.
   */
  readonly keysOfType: ReadonlySet<string>
}

/** The catalogue of actions; built from dated data by whoever may read files. */
export interface IamFacts {
  /** `prefix` and `name` in any case. */
  action(prefix: string, name: string): ActionFacts | undefined
  /** ARN templates of a resource type (`arn:${Partition}:s3:::${BucketName}`), empty when it is not known. */
  arns(prefix: string, type: string): readonly string[]
}

export type SkipReason =
  | 'service_event'
  | 'console_sign_in'
  | 'console_action'
  | 'insight'
  | 'network_activity'
  /** The record names no event or an event type that we do not know. */
  | 'not_an_api_call'
  /** The call is known to need no IAM permission (sign-in portal, CORS preflight, token-authorised). */
  | 'not_authorized_by_iam'
  /** No rule gives an IAM action: a gap of the tables, counted by the coverage report. */
  | 'unmapped'

/**
 * What of a resource is less than certain. `iam_path`: the record has only the name of a user, role …, and the path is
 * taken to be `/`. `beginning`: only the beginning of the ARN is known, behind it stands an id that the record does not tell.
 */
export type Assumed = 'iam_path' | 'beginning'

/** One authorisation check that the call stands for. */
export interface TrailCheck {
  /** `ec2:RunInstances` */
  readonly action: string
  /** `implied`: AWS checks it with the call, but the record does not show it (`iam:PassRole`, tags on creation). */
  readonly kind: 'direct' | 'implied'
  /** ARN; `*` for actions without resource types; `null` when the record does not tell. */
  readonly resource: string | null
  /** Owner of the resource, twelve digits, or `null`. */
  readonly account: string | null
  readonly assumed: Assumed | null
  /** Keys that parameters tell, for this action on this resource. */
  readonly keys: KeyFacts
}
