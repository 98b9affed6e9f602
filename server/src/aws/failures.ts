/**
 * What the outcome of an asynchronous operation of AWS asks for. AWS reports these as text in a record that failed,
 * and some texts mislead, so the remedy is a table with its sources (asOf 2026-11-21), like `errors.ts` for calls.
 */
export type Remedy = 'retry' | 'correct' | 'repair'

/** `CreateAccountStatus.FailureReason`. Source: AWS Organizations API model. */
const CREATE_ACCOUNT_REMEDY: Readonly<Record<string, Remedy>> = {
  CONCURRENT_ACCOUNT_MODIFICATION: 'retry',
  INTERNAL_FAILURE: 'retry',
  PENDING_BUSINESS_VALIDATION: 'retry',
}

/** Every reason that is not ours to wait for needs a person: another e-mail, a higher quota, a payment instrument. */
export const createAccountRemedy = (reason: string): Remedy => CREATE_ACCOUNT_REMEDY[reason] ?? 'correct'

interface RecordRule {
  readonly text: RegExp
  readonly code: string
  readonly remedy: Remedy
  readonly advice: string
}

/** Texts in `RecordErrors` of Account Factory. */
const RECORD_RULES: readonly RecordRule[] = [
  {
    // AFT #74; also the sixth account operation of a landing zone that runs five.
    text: /another (operation|request|account)|operations? (is |are )?(already )?in progress|try again|concurrent|too many|rate exceeded|throttl/i,
    code: 'BUSY',
    remedy: 'retry',
    advice: 'Control Tower was busy; the same order is sent again.',
  },
  {
    // idealo/terraform-provider-controltower #227
    text: /A stack named .* already exists/i,
    code: 'STACK_EXISTS',
    remedy: 'retry',
    advice:
      'A product of an earlier attempt is in the way; it is terminated and the same order is sent again.',
  },
  {
    text: /AWSControlTowerExecution|role .*(can.?not|can.?t|could not) be assumed/i,
    code: 'EXECUTION_ROLE_NOT_ASSUMABLE',
    remedy: 'repair',
    advice:
      'Control Tower could not assume `AWSControlTowerExecution` in the account. Create that role there, then go on.',
  },
  {
    text: /configuration recorder|delivery channel/i,
    code: 'CONFIG_EXISTS',
    remedy: 'repair',
    advice: 'The account has its own AWS Config recorder. Remove it in that account, then go on.',
  },
  {
    text: /e-?mail( address)? .*(already|in use|associated|taken)|already .*e-?mail/i,
    code: 'EMAIL_ALREADY_EXISTS',
    remedy: 'correct',
    advice: 'Another AWS account uses this e-mail address. Choose another.',
  },
  {
    text: /not (registered|a registered)|organizational ?unit|\bOU\b/i,
    code: 'OU_NOT_USABLE',
    remedy: 'correct',
    advice: 'The OU is missing or not registered with Control Tower. Register it or choose another.',
  },
  {
    text: /invalid|malformed|must (match|satisfy)|validation/i,
    code: 'INVALID_VALUE',
    remedy: 'correct',
    advice: 'Correct the value that AWS names.',
  },
]

export interface Failure {
  readonly code: string
  readonly message: string
  readonly remedy: Remedy
}

/** An unknown text asks for repair, which never loops and never blames the applicant; AWS's own failure is tried again. */
export function recordFailure(code: string, text: string): Failure {
  const rule = RECORD_RULES.find((r) => r.text.test(text))
  if (rule === undefined) return { code, message: text, remedy: /^Internal/.test(code) ? 'retry' : 'repair' }
  return { code: rule.code, message: `${text} ${rule.advice}`, remedy: rule.remedy }
}
