import { bug, type ErrorKind, RankanError } from '../kernel/errors.ts'

/**
 * What the errors of AWS mean for Rankan: the only place that decides it. The first rule that fits wins.
 * Sources (asOf 2026-11-21): the error shapes of the AWS API models (botocore 1.43), and reports of users about errors
 * that mislead (facts/aws.md section 2; AFT #331, #74, idealo/terraform-provider-controltower #227).
 */
interface ErrorRule {
  /** Exact code of AWS, or a pattern. */
  readonly code?: RegExp
  readonly message?: RegExp
  readonly reason?: RegExp
  readonly kind: ErrorKind
  /** For `throttled` without a hint of AWS. */
  readonly retryAfterMs?: number
  /** What to do, where AWS's own words mislead. */
  readonly advice?: string
}

const HOUR = 3_600_000

const RULES: readonly ErrorRule[] = [
  {
    message: /No launch paths found/i,
    kind: 'denied',
    advice:
      'The role of Rankan is not a principal of the portfolio `AWS Control Tower Account Factory Portfolio`, or the landing zone has drifted. Associate the role with the portfolio, or repair the landing zone.',
  },
  {
    message: /A stack named .* already exists/i,
    kind: 'conflict',
    advice:
      'An earlier provisioned product of the same name is still there or still being terminated. Rankan looks again; if it stays, repair the step.',
  },
  {
    message: /AWSControlTowerExecution/i,
    kind: 'conflict',
    advice:
      'Control Tower cannot assume `AWSControlTowerExecution` in the account yet. It appears with enrolment; if it stays, create the role in that account.',
  },
  {
    message:
      /(another|previous|other) (operation|request|account operation)[^.]* (in progress|being processed|running)|request is already in progress|operation in progress/i,
    kind: 'conflict',
  },
  { reason: /^CLOSE_ACCOUNT_QUOTA_EXCEEDED$/, kind: 'throttled', retryAfterMs: 24 * HOUR },
  { reason: /^CLOSE_ACCOUNT_REQUESTS_LIMIT_EXCEEDED$/, kind: 'throttled', retryAfterMs: 300_000 },
  { reason: /^ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED$/, kind: 'throttled', retryAfterMs: 60_000 },
  { reason: /^(ACCOUNT_CREATION_NOT_COMPLETE|CREATE_ORGANIZATION_IN_BILLING_MODE_.*)$/, kind: 'conflict' },
  { reason: /RATE_LIMIT_EXCEEDED$/, kind: 'throttled', retryAfterMs: HOUR },
  {
    code: /^(Throttling|ThrottlingException|ThrottledException|TooManyRequestsException|TooManyRequests|RequestLimitExceeded|RequestThrottled|SlowDown|PriorRequestNotComplete|EC2ThrottledException|BandwidthLimitExceeded)$/,
    kind: 'throttled',
  },
  { code: /^ServiceQuotaExceededException$/, kind: 'throttled', retryAfterMs: 60_000 },
  { code: /^CaseCreationLimitExceeded$/, kind: 'throttled', retryAfterMs: HOUR },
  {
    code: /^(ConcurrentModificationException|ConflictException|FinalizingOrganizationException|PolicyChangesInProgressException|OperationInProgressException|ResourceInUseException|ResourceLockedException|QueueDeletedRecently|AWS\.SimpleQueueService\.QueueDeletedRecently|ManagedRuleException)$/,
    kind: 'conflict',
  },
  { code: /^Duplicate|Already(Exists|Closed|Registered|Attached)|^QueueNameExists$/, kind: 'conflict' },
  {
    code: /^(AccessDenied.*|UnauthorizedOperation|UnrecognizedClientException|InvalidClientTokenId|InvalidSignatureException|SignatureDoesNotMatch|IncompleteSignature|MissingAuthenticationToken.*|ExpiredToken.*|TokenRefreshRequired|SubscriptionRequiredException|NotAuthorized|OptInRequired|CredentialsProviderError)$/,
    kind: 'denied',
  },
  {
    code: /^(.*NotFound(Exception)?|NoSuch.*|.*DoesNotExist|CaseIdNotFound|PolicyNotAttachedException)$|NonExistentQueue$/,
    kind: 'not_found',
  },
  {
    code: /^(Internal(Server|Service|Failure).*|InternalError.*|Service(Unavailable)?Exception|ServiceUnavailable|TimeoutError|RequestTimeout|RequestTimeoutException|ResourceUnavailableException|ECONN.*|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/,
    kind: 'unavailable',
  },
]

/** What an SDK error carries; every field may be missing. */
interface AwsErrorFields {
  readonly name?: string
  readonly message?: string
  readonly code?: string
  readonly Error?: { readonly Code?: string }
  readonly Reason?: string
  readonly reason?: string
  readonly retryAfterSeconds?: number
  readonly $fault?: 'client' | 'server'
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string }
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> }
}

/**
 * @returns a `RankanError` whose `code` is AWS's own code (or its `Reason` where it has one), or the error itself when
 * it is none of AWS's: a `RankanError` already, or an abort that the caller asked for.
 */
export function translateAwsError(error: unknown, call: { client: string; command: string }): unknown {
  if (error instanceof RankanError || !(error instanceof Error) || error.name === 'AbortError') return error
  const fields: AwsErrorFields = error
  const code = codeOf(fields)
  const rule = RULES.find((r) => fits(r, code, fields))
  const kind = rule?.kind ?? kindByStatus(fields)
  if (kind === 'bug') return bug(`${call.command} failed in our own code: ${error.message}`, error)
  const retryAfterMs = kind === 'throttled' ? (hintOf(fields) ?? rule?.retryAfterMs) : undefined
  return new RankanError(kind, reasonOf(fields) ?? code, describe(error.message, rule, fields, call), {
    cause: error,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}

/** Is one of `codes` the code of AWS behind a `RankanError`? The error's own name counts also where it has a `Reason`. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  if (!(error instanceof RankanError)) return false
  return codes.includes(error.code) || (error.cause instanceof Error && codes.includes(error.cause.name))
}

/** Runs `effect`; when AWS refuses it with one of `codes`, runs `instead`. */
export async function unless<T>(
  codes: readonly string[],
  effect: () => Promise<T>,
  instead: () => Promise<T> | T,
): Promise<T> {
  try {
    return await effect()
  } catch (error) {
    if (!hasCode(error, ...codes)) throw error
    return instead()
  }
}

const fits = (rule: ErrorRule, code: string, fields: AwsErrorFields) =>
  (rule.code === undefined || rule.code.test(code)) &&
  (rule.message === undefined || rule.message.test(fields.message ?? '')) &&
  (rule.reason === undefined || rule.reason.test(reasonOf(fields) ?? ''))

const reasonOf = (fields: AwsErrorFields) => fields.Reason ?? undefined

/** Socket errors carry `code`; AWS errors carry `name`, which for the query protocol may be namespaced. */
function codeOf(fields: AwsErrorFields): string {
  if (fields.$metadata === undefined && fields.code !== undefined) return fields.code
  return fields.Error?.Code ?? fields.name ?? 'Unknown'
}

function hintOf(fields: AwsErrorFields): number | undefined {
  const seconds = Number(fields.retryAfterSeconds ?? fields.$response?.headers?.['retry-after'])
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined
}

function kindByStatus(fields: AwsErrorFields): ErrorKind {
  const status = fields.$metadata?.httpStatusCode
  if (status === undefined && fields.$fault === undefined) return 'bug'
  if (status === 429) return 'throttled'
  if (fields.$fault === 'server' || (status ?? 0) >= 500) return 'unavailable'
  return 'invalid'
}

function describe(
  message: string,
  rule: ErrorRule | undefined,
  fields: AwsErrorFields,
  call: { client: string; command: string },
): string {
  const service = call.client.replace(/Client$/, '')
  const request = fields.$metadata?.requestId ? ` (request ${fields.$metadata.requestId})` : ''
  return `${service} ${call.command}: ${message}${request}${rule?.advice ? ` ${rule.advice}` : ''}`
}
