import type { Bilingual } from '../../kernel/text.ts'

/** What the code of a failed step means and what to do; AWS's own words are shown below it. */
interface FailureRule {
  readonly code: RegExp
  readonly text: Bilingual
}

const rule = (code: RegExp, ja: string, en: string): FailureRule => ({ code, text: { ja, en } })

/** The first that fits. Our own codes, codes of `aws/failures.ts`, and what AWS calls its errors. */
const RULES: readonly FailureRule[] = [
  rule(
    /^timed_out$/,
    'AWS の処理が時間内に終わりませんでした。AWS での処理状況を確認してから、再試行するか取りやめてください。',
    'AWS did not finish in time. Look at the operation in AWS, then try again or give up.',
  ),
  rule(
    /^(names_taken|name_taken)$/,
    'アカウント名またはメールアドレスは、ほかの申請で使われています。別の値に訂正してください。',
    'Another application holds the account name or the e-mail address. Correct them.',
  ),
  rule(
    /^(EMAIL_ALREADY_EXISTS)$/,
    'メールアドレスは、ほかの AWS アカウントで使われています。別のアドレスに訂正してください。',
    'Another AWS account uses the e-mail address. Correct it.',
  ),
  rule(
    /^INVALID_(EMAIL|ADDRESS|VALUE)$|^(ValidationException|InvalidInputException|InvalidParameter.*|InvalidRequest.*)$/,
    'AWS が値を受け付けませんでした。下の AWS の説明にある値を訂正してください。',
    'AWS refused a value. Correct the value that AWS names below.',
  ),
  rule(
    /^(ou_registration_failed|OU_NOT_USABLE|ou_not_visible_yet|no_registered_ou)$/,
    '配置先の OU が Control Tower に登録されていないか、登録に失敗しました。Control Tower で登録し直してから、再試行してください。',
    'The OU is not registered with Control Tower, or its registration failed. Register it there, then try again.',
  ),
  rule(
    /^assignment_failed$/,
    'IAM Identity Center の権限の割り当てを変更できませんでした。原因を取り除いてから、再試行してください。',
    'IAM Identity Center could not change the assignment. Remove the cause, then try again.',
  ),
  rule(
    /^ENROLMENT_FAILED$/,
    'Control Tower への登録または登録解除に失敗しました。原因を取り除いてから再試行してください。',
    'Control Tower could not enrol or un-enrol the account. Remove the cause, then try again.',
  ),
  rule(
    /^EXECUTION_ROLE_NOT_ASSUMABLE$/,
    'Control Tower がアカウントのロール AWSControlTowerExecution を引き受けられません。ロールを作成してから、再試行してください。',
    'Control Tower cannot assume the role AWSControlTowerExecution in the account. Create it there, then try again.',
  ),
  rule(
    /^CONFIG_EXISTS$/,
    'アカウントに独自の AWS Config レコーダーがあります。削除してから、再試行してください。',
    'The account has an AWS Config recorder of its own. Remove it there, then try again.',
  ),
  rule(
    /^(PRODUCT_TAINTED|STACK_EXISTS)$/,
    '前の試みの製品が途中まで作られて残っています。再試行すると片付けてやり直します。',
    'A half-made product of an earlier attempt is left. Trying again clears it and starts anew.',
  ),
  rule(
    /PAYMENT_INSTRUMENT$|BUSINESS_VALIDATION$|^INVALID_IDENTITY_/,
    'AWS 組織の支払い方法または事業者の確認が済んでいません。管理アカウントで済ませてから、再試行してください。',
    'The payment method or the business validation of the AWS organisation is missing. Settle it in the management account, then try again.',
  ),
  rule(
    /LIMIT_EXCEEDED$|QUOTA_EXCEEDED$|^ServiceQuotaExceeded|^LimitExceeded|^CaseCreationLimit/,
    'AWS の上限に達しています。上限の引き上げを AWS に申請するか、空きを待ってから、再試行してください。',
    'A limit of AWS is reached. Have AWS raise it or wait for room, then try again.',
  ),
  rule(
    /^(BUSY|ConcurrentModificationException|ConflictException|CONCURRENT_.*|Resource(InUse|Locked)Exception|(Operation|PolicyChanges)InProgressException|product_.*|.*_cleared|.*_meanwhile)$/,
    'AWS はほかの処理で混み合っていました。しばらく待ってから、再試行してください。',
    'AWS was busy with other work for too long. Wait a while, then try again.',
  ),
  rule(
    /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown/,
    'AWS への呼び出しが長い間制限されました。ほかの仕組みの呼び出しを減らしてから、再試行してください。',
    'AWS throttled the calls for too long. Reduce what else calls AWS, then try again.',
  ),
  rule(
    /^(AccessDenied.*|UnauthorizedOperation|.*Token.*|.*Signature.*|SubscriptionRequiredException|OptInRequired|NotAuthorized|no_launch_path|CredentialsProviderError|UnrecognizedClientException)$/,
    'Rankan のロールに必要な権限がありません。IAM のポリシー、SCP、ポートフォリオのアクセス許可を確認してから、再試行してください。',
    "Rankan's role lacks a right. Look at its IAM policy, the SCPs and the access to the portfolio, then try again.",
  ),
  rule(
    /NotFound|^NoSuch|DoesNotExist|_missing$|_gone$|^not_found$/,
    '必要なものが AWS にありません。手作業で削除されていないかを確認してから、再試行してください。',
    'Something that is needed is not in AWS. See whether somebody deleted it, then try again.',
  ),
  rule(
    /^(Internal.*|INTERNAL_FAILURE|Service(Unavailable)?Exception|ServiceUnavailable|.*Timeout.*|E[A-Z_]{4,}|connection_lost|ResourceUnavailableException)$/,
    'AWS または接続の障害が続きました。回復してから、再試行してください。',
    'AWS or the connection to it failed for too long. Try again when it has recovered.',
  ),
  rule(
    /^(bug|unexpected|unknown_kind|bad_policy)$/,
    'Rankan の不具合です。下の内容を添えて報告してください。再試行や取りやめはできます。',
    'This is a fault of Rankan. Report it with the text below; you may still try again or give up.',
  ),
]

const UNKNOWN: Bilingual = {
  ja: 'AWS がこの手順を断りました。下の AWS の説明を確認し、原因を取り除いてから再試行してください。',
  en: 'AWS refused this step. See its words below, remove the cause, then try again.',
}

/** True where a rule names the code; others get a text that sends to AWS's own words. */
export const isKnownFailure = (code: string): boolean => RULES.some((one) => one.code.test(code))

export const failureText = (code: string): Bilingual =>
  RULES.find((one) => one.code.test(code))?.text ?? UNKNOWN
