import type { ApplicationForm } from './form.ts'
import type { Stage, Waiting } from './life.ts'
import type { Verdict } from './rules/evaluate.ts'
import type { ApprovalPolicy } from './rules/rulebook.ts'

/** Does every rule hold? An exception, an unknown and a warning that the policy does not tolerate need a person. */
export const everyRuleHolds = (verdicts: readonly Verdict[], tolerated: readonly string[]): boolean =>
  verdicts.every((v) => v.outcome === 'pass' || (v.outcome === 'warn' && tolerated.includes(v.rule)))

/** May the policy approve this application at this stage by itself? */
export function passesByItself(
  stage: Stage,
  form: ApplicationForm,
  verdicts: readonly Verdict[],
  policy: ApprovalPolicy,
): boolean {
  if (!everyRuleHolds(verdicts, policy.toleratedWarnings)) return false
  return policy.stages[stage].automatic.some((rule) => {
    if (rule.kind !== form.kind) return false
    if (form.kind !== 'vend') return true
    return (
      form.environments.length <= (rule.maxEnvironments ?? 0) &&
      form.billing.monthlyLimitUsd * form.environments.length <= (rule.maxMonthlyLimitUsd ?? 0)
    )
  })
}

/** Reminders fall due at these times after the application came into its stage; the sent ones are left out. */
export function dueReminders(
  waiting: Pick<Waiting, 'since'>,
  sent: readonly number[],
  policy: ApprovalPolicy,
  now: Date,
): readonly number[] {
  const hours = (now.getTime() - Date.parse(waiting.since)) / 3_600_000
  return policy.reminders.afterHours.filter((after) => hours >= after && !sent.includes(after))
}
